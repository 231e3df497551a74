"""Authenticated requests spend tokens that lie here; slices of them are leased from the store in the background.

No request ever waits for Valkey. A bucket trickles a twentieth of its rate by itself, so that whoever works at a
person's pace costs no trip at all; whoever is busier has a slice leased ahead of need, and all buckets of a request
are filled up in the same trip. While the answer is on its way a bucket may run a slice into debt.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

from service.kit.authn import Principal
from service.kit.counting import Bucket
from service.kit.rates import Rate
from service.kit.tasks import end

_KEPT = 20_000  # buckets of one process; one that is forgotten begins anew with its trickle
_TRICKLE = 20  # the part of the rate and of the burst that a process grants by itself


class Leaser(Protocol):
    """What leases: the store, or the local one while that is away. Never raises Away."""

    async def lease(self, wanted: list[tuple[Bucket, int]]) -> list[tuple[int, float]]: ...


class _Purse:
    """The tokens of one bucket in this process."""

    __slots__ = ("asked", "at", "bucket", "cap", "per_second", "slice", "tokens", "wait_until")

    def __init__(self, bucket: Bucket, now: float) -> None:
        rate = bucket.rate
        self.bucket, self.at, self.asked, self.wait_until = bucket, now, False, 0.0
        self.cap = max(1.0, rate.burst / _TRICKLE)
        self.per_second = rate.per_second / _TRICKLE
        self.slice = max(1, rate.burst // 4)
        self.tokens = self.cap

    def trickle(self, now: float) -> None:
        if self.tokens < self.cap:
            self.tokens = min(self.cap, self.tokens + (now - self.at) * self.per_second)
        self.at = now

    @property
    def floor(self) -> float:
        """How far it may be spent: into debt while a slice is on its way."""
        return 1.0 - self.slice if self.asked else 1.0

    def wait(self, now: float) -> float:
        """Seconds until there is a token again."""
        trickled = (1.0 - self.tokens) / self.per_second
        return max(0.05, min(trickled, max(self.wait_until - now, 0.0) or trickled))


class Leases:
    """The purses of one process. `clock` gives seconds that only grow."""

    def __init__(self, rates: dict[str, Rate], leaser: Leaser, clock: Callable[[], float]) -> None:
        self._rates, self._leaser, self._clock = rates, leaser, clock
        self._purses: OrderedDict[str, _Purse] = OrderedDict()
        self._wanted: dict[str, tuple[_Purse, int]] = {}
        self._task: asyncio.Task[None] | None = None

    async def stop(self) -> None:
        """Ends the leasing."""
        await end(self._task)

    def spend(self, who: Principal) -> tuple[Bucket, float] | None:
        """Takes a token of the person, the client and the tenant; or which of them has none, and the wait."""
        now = self._clock()
        purses = self._of(who, now)
        for purse in purses:
            purse.trickle(now)
        short = [purse for purse in purses if purse.tokens < purse.floor]
        if not short:
            for purse in purses:
                purse.tokens -= 1.0
        low = [purse for purse in purses if purse.tokens < purse.cap / 2]
        if low and any(self._may_ask(purse, now) for purse in low):
            for purse in purses:
                if purse.tokens < purse.slice and self._may_ask(purse, now):
                    self._ask(purse)
        if not short:
            return None
        worst = max(short, key=lambda purse: purse.wait(now))
        return worst.bucket, worst.wait(now)

    def _of(self, who: Principal, now: float) -> list[_Purse]:
        names = [("tenant", who.tenant)]
        if who.client is not None:
            names.append(("client", f"{who.tenant}.{who.client}"))
        if who.user is not None:
            names.append(("person", f"{who.tenant}.{who.user}"))
        return [self._purse(name, ident, now) for name, ident in names if self._rates[name].burst]

    def _purse(self, name: str, ident: str, now: float) -> _Purse:
        key = f"{name}:{ident}"
        purse = self._purses.get(key)
        if purse is None:
            purse = self._purses[key] = _Purse(Bucket(name, key, self._rates[name]), now)
            if len(self._purses) > _KEPT:
                self._purses.popitem(last=False)
        else:
            self._purses.move_to_end(key)
        return purse

    def _may_ask(self, purse: _Purse, now: float) -> bool:
        return not purse.asked and now >= purse.wait_until

    def _ask(self, purse: _Purse) -> None:
        purse.asked = True
        self._wanted[purse.bucket.key] = (purse, max(1, int(purse.slice - min(0.0, purse.tokens))))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._lease(), name="leases")

    async def _lease(self) -> None:
        while self._wanted:
            wanted, self._wanted = list(self._wanted.values()), {}
            given = await self._leaser.lease([(purse.bucket, count) for purse, count in wanted])
            now = self._clock()
            for (purse, count), (granted, wait) in zip(wanted, given, strict=True):
                purse.trickle(now)
                purse.tokens += granted
                purse.asked = False
                purse.wait_until = now + wait if granted < count else 0.0
