"""A bench of workers: takes keys that are rung for, in turns between their owners, one round of work at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextlib import suppress
from typing import Any, Generic, TypeVar

from service.kit.tasks import end
from service.kit.telemetry import Telemetry

K = TypeVar("K")


class Bench(Generic[K]):
    """Does `work(key)` for keys that are rung for: once at a time per key, again if rung meanwhile.

    A slot is free after each round: a key that has more to do (`work` returns True, or it was rung meanwhile) goes to
    the end of its owner's queue. Owners take turns, and none holds more than `share` of the `limit` slots, so that
    what hangs or piles up for one holds nobody else.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[K], Awaitable[Any]],
        telemetry: Telemetry,
        limit: int = 16,
        *,
        share: int | None = None,
        owner: Callable[[K], Hashable] = lambda key: key,
    ) -> None:
        self._name, self._work, self._log = name, work, telemetry.log
        self._limit, self._share, self._owner = limit, share or limit, owner
        self._waiting: dict[Hashable, dict[K, None]] = {}  # both in the order of whose turn it is
        self._held: dict[Hashable, int] = {}
        self._running: dict[K, asyncio.Task[None]] = {}
        self._again: set[K] = set()
        self._closed = False
        self._idle = asyncio.Event()
        self._idle.set()

    def ring(self, key: K) -> None:
        """Never blocks."""
        if self._closed:
            return
        if key in self._running:
            self._again.add(key)
        else:
            self._waiting.setdefault(self._owner(key), {}).setdefault(key)
            self._fill()

    async def quiet(self, seconds: float) -> None:
        """Returns when nothing runs and nothing waits, or after so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._idle.wait()

    def _fill(self) -> None:
        """Starts what there are slots for: the owner whose turn it is, then that owner goes to the end."""
        while len(self._running) < self._limit and not self._closed:
            owner = next((each for each in self._waiting if self._held.get(each, 0) < self._share), None)
            if owner is None:
                break
            keys = self._waiting.pop(owner)
            key = next(iter(keys))
            del keys[key]
            if keys:
                self._waiting[owner] = keys
            self._held[owner] = self._held.get(owner, 0) + 1
            self._running[key] = asyncio.create_task(self._run(key, owner))
        (self._idle.clear if self._running or self._waiting else self._idle.set)()

    async def _run(self, key: K, owner: Hashable) -> None:
        more = False
        try:
            more = bool(await self._work(key)) or key in self._again
        except Exception as error:  # the sweep rings again
            self._log.warning("work_failed", work=self._name, key=str(key), error=type(error).__name__)
        finally:
            self._again.discard(key)
            del self._running[key]
            self._held[owner] -= 1
            if not self._held[owner]:
                del self._held[owner]
            if more and not self._closed:
                self._waiting.setdefault(owner, {}).setdefault(key)
            self._fill()

    async def close(self, patience: float = 5.0) -> None:
        """Lets what runs end, then cancels it."""
        self._closed = True
        self._waiting.clear()
        tasks = list(self._running.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience)
            await end(*late)
