"""Keeps a process's rule books as the database has them; rows are only ever added, so counting them tells enough."""

from __future__ import annotations

import asyncio

from service.kit.db import RELAY, Door, Tx
from service.kit.tasks import end, watched
from service.rulebook.book import RuleBooks
from service.rulebook.loader import base_divisions, base_rulebook
from service.rulebook.queries import AMENDMENTS, COUNT_CHANGES, INTERPRETATIONS, OVERLAYS
from service.rulebook.reading_rows import overlay_of, rulings_of

INTERVAL = 1.0  # seconds between looks


class RuleBookFollower:
    """Fills the books before the process serves, then looks every second."""

    def __init__(self, door: Door, books: RuleBooks) -> None:
        self._door = door
        self._books = books
        self._task: asyncio.Task[None] | None = None
        books.catch_up = self.load

    async def load(self) -> None:
        """Reads everything entered at run time: some rows a year."""
        overlays = await self._door.fetch(RELAY, OVERLAYS)
        readings = await self._door.fetch(RELAY, INTERPRETATIONS)
        amendments = await self._door.fetch(RELAY, AMENDMENTS)
        if len(overlays) + len(readings) + len(amendments) < self._books.total:
            return  # read before this process committed one more: what it knows already is not unlearned
        self._books.replace(map(overlay_of, overlays), rulings_of(self._books.base, readings, amendments))

    async def start(self) -> None:
        """The first load happens before the process serves; without the database it raises."""
        await self.load()
        self._task = watched(self._poll(), "rulebooks")

    async def stop(self) -> None:
        """Ends the looking; decisions on cases still see for themselves whether the books are behind."""
        await end(self._task)
        self._task = None

    async def look(self) -> None:
        """One look; reads only when something was added."""
        row = await self._door.row(RELAY, COUNT_CHANGES)
        if row is None or row["changes"] != self._books.total:
            await self.load()

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            try:
                async with asyncio.timeout(INTERVAL * 5):
                    await self.look()
            except Exception:  # noqa: S112 - the next look is a second away, and decisions look themselves
                continue


async def books_in(tx: Tx) -> RuleBooks:
    """The tenant's rule book and the province's as the database has them now; row level security picks the overlays."""
    base = base_rulebook()
    books = RuleBooks(base, base_divisions())
    rulings = rulings_of(base, await tx.fetch(INTERPRETATIONS), await tx.fetch(AMENDMENTS))
    books.replace(map(overlay_of, await tx.fetch(OVERLAYS)), rulings)
    return books
