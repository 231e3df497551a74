"""Revocations reach every process: each one reads the recent cuts every second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import DateTime, bindparam, select

from service.identity.models import revocations as table
from service.kit.authn import MAX_TTL, Revocations
from service.kit.db import RELAY, Door, Statement

INTERVAL = 1.0  # seconds between reads; five seconds without one and the verifier fails closed
_RECENT = Statement(
    select(table.c.subject, table.c.cut).where(table.c.recorded_at > bindparam("since", type_=DateTime(timezone=True)))
)


class RevocationPoller:
    """Keeps a process's Revocations fresh. A cut matters only while tokens older than it can live."""

    def __init__(self, door: Door, revocations: Revocations, clock: Callable[[], float]) -> None:
        self._door = door
        self._revocations = revocations
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def load(self) -> None:
        """One read; `loaded_at` is taken before the query is sent."""
        loaded_at = self._clock()
        since = datetime.fromtimestamp(loaded_at, UTC) - timedelta(seconds=MAX_TTL + 300)
        rows = await self._door.fetch(RELAY, _RECENT, since=since)
        self._revocations.replace({row["subject"]: row["cut"].timestamp() for row in rows}, loaded_at)

    async def start(self) -> None:
        """The first load happens before the process serves."""
        await self.load()
        self._task = asyncio.create_task(self._poll(), name="revocations")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            try:
                await asyncio.wait_for(self.load(), INTERVAL * 2)
            except Exception:  # noqa: S112 - the age of the last good read is what counts; readiness shows it
                continue
