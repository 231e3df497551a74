"""Rate limits: of strangers and credentials exactly, over all instances; of who is known from leased tokens.

Nobody is locked out because somebody else guesses: failures are counted per credential *and* address, those of an
address alone spare whoever succeeded from there within a day. Without Valkey each process counts for itself, and says
so (a gauge and a log line).
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from service.kit import clock
from service.kit.address import Hop
from service.kit.authn import Principal
from service.kit.counting import Bucket, Guard, Local, Refusal, Shared
from service.kit.errors import ServiceError
from service.kit.leases import Leases
from service.kit.rates import LimitRates, Rate
from service.kit.telemetry import Telemetry
from service.kit.valkey import Away, Valkey
from service.vocabulary import names

_LOCAL = ("tongjian_limits_local", "1 while Valkey is away and each process counts limits for itself")
_WHAT = names("limit")


class Attempt:
    """One try of a credential; whoever judges it says how it ended. Neither: nothing was judged."""

    passed: bool | None = None


class Limits:
    """All limits of one process."""

    def __init__(self, rates: LimitRates, valkey_url: str, timeout: float, telemetry: Telemetry) -> None:
        self.rates, self._telemetry = rates, telemetry
        self.valkey = Valkey(valkey_url, timeout, self._told)
        self._shared, self._local = Shared(self.valkey), Local(clock.monotonic)
        known = {name: getattr(rates, name) for name in ("person", "client", "tenant")}
        self._leases = Leases(known, self, clock.monotonic)
        telemetry.gauge(*_LOCAL, float(self.valkey.away))

    async def stop(self) -> None:
        """Ends what runs in the background."""
        await self._leases.stop()
        await self.valkey.stop()

    def _told(self, here: bool) -> None:
        self._telemetry.gauge(*_LOCAL, 0.0 if here else 1.0)
        if here:
            self._telemetry.log.warning("limits_shared_again")
        else:
            self._telemetry.log.error("limits_local", why="valkey does not answer")

    def admit(self, who: Principal) -> None:
        """Spends a token of whoever is known; 429 where there is none. Waits for nothing."""
        found = self._leases.spend(who)
        if found is not None:
            raise self._limited(found[0].name, found[0].rate, found[1])

    async def anonymous(self, hop: Hop) -> None:
        """Counts a request of nobody known; 429 beyond the limit of its address."""
        await self._enter([self._bucket("anonymous", hop.group)], [], "")

    @asynccontextmanager
    async def attempt(self, kind: str, who: str, hop: Hop) -> AsyncIterator[Attempt]:
        """Counts one try of a credential (`token` or `feed`) named `who`; 429 beyond the limits or while waiting."""
        pair = f"{kind}:{who[:200]}@{hop.group}"
        buckets = [self._bucket(kind, hop.group if kind == "feed" else pair)]
        if kind == "token":
            buckets.append(self._bucket("token_address", hop.group))
        guards = self._guards(kind, pair, hop)
        await self._enter(buckets, guards, pair)
        made = Attempt()
        try:
            yield made
        finally:
            await self._leave(guards, pair, made.passed)

    def _guards(self, kind: str, pair: str, hop: Hop) -> list[Guard]:
        free, cap = self.rates.failures, self.rates.longest_wait
        if not free:
            return []
        alone = Guard(f"failed:{kind}@{hop.group}", 5 * free, 1, cap, 10, 1024, resets=False, spares=True)
        return [Guard(f"failed:{pair}", free, 1, cap, 60, 128, resets=True, spares=False), alone]

    def _bucket(self, name: str, key: str) -> Bucket:
        return Bucket(name, f"{name}:{key}", getattr(self.rates, name))

    async def _enter(self, buckets: Sequence[Bucket], guards: Sequence[Guard], known: str) -> None:
        buckets = [each for each in buckets if each.rate.burst]
        if not buckets and not guards:
            return
        found: Refusal | None = await self._ask("enter", buckets, guards, known)
        if found is None:
            return
        if found.place < len(buckets):
            bucket = buckets[found.place]
            raise self._limited(bucket.name, bucket.rate, found.wait)
        guard = guards[found.place - len(buckets)]
        name = "address_failures" if guard.spares else "failures"
        raise self._limited(name, Rate(1 / guard.forgive, guard.free), found.wait)

    async def _leave(self, guards: Sequence[Guard], known: str, passed: bool | None) -> None:
        if guards:
            await self._ask("leave", guards, known, passed)

    async def lease(self, wanted: list[tuple[Bucket, int]]) -> list[tuple[int, float]]:
        """Tokens for the purses of this process, of whichever store answers."""
        found: list[tuple[int, float]] = await self._ask("lease", wanted)
        return found

    async def _ask(self, question: str, *arguments: Any) -> Any:
        """Valkey's answer, or this process's own while that is away."""
        try:
            return await getattr(self._shared, question)(*arguments)
        except Away:
            return await getattr(self._local, question)(*arguments)

    def _limited(self, name: str, rate: Rate, wait: float) -> ServiceError:
        """429 with the headers of draft-ietf-httpapi-ratelimit-headers-10."""
        self._telemetry.limited(name)
        seconds = max(1, math.ceil(wait))
        window = max(1, math.ceil(rate.burst / rate.per_second))
        return ServiceError(
            429,
            "rate_limited",
            f"{_WHAT[name]}，请在 {seconds} 秒后再试",
            headers={
                "Retry-After": str(seconds),
                "RateLimit-Policy": f'"{name}";q={rate.burst};w={window}',
                "RateLimit": f'"{name}";r=0;t={seconds}',
            },
        )
