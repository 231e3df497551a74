"""Keeps a process's rule books as the database has them; rows are only ever added, so counting them tells enough."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from service.kit.by_tenant import WHOLE, each_apart
from service.kit.db import RELAY, Door, Row, Tx
from service.kit.tasks import end, watched
from service.rulebook.book import RuleBooks
from service.rulebook.loader import base_divisions, base_rulebook
from service.rulebook.queries import AMENDMENTS, COUNT_CHANGES, INTERPRETATIONS, OVERLAYS, OVERLAYS_OF
from service.rulebook.reading_rows import overlay_of, rulings_of

INTERVAL = 1.0  # seconds between looks


class RuleBookFollower:
    """Fills the books before the process serves, then looks every second.

    Cities' own figures come by one statement. Where that fails, as it does when one of several machines is gone, each
    city's are read by themselves until all of them answer again (docs/decisions/0285); whose were never read, none of
    its cases is decided. `tenants` gives all of them.
    """

    def __init__(
        self, door: Door, books: RuleBooks, tenants: Callable[[Door], Awaitable[Sequence[str]]]
    ) -> None:
        self._door = door
        self._books = books
        self._tenants = tenants
        self._apart, self._begun = False, False
        self._task: asyncio.Task[None] | None = None
        books.catch_up = self.load

    async def load(self) -> None:
        """Reads everything entered at run time: some rows a year. Raises where no tenant's could be read."""
        readings = await self._door.fetch(RELAY, INTERPRETATIONS)
        amendments = await self._door.fetch(RELAY, AMENDMENTS)
        if not self._apart:
            try:
                async with asyncio.timeout(WHOLE):
                    overlays = await self._door.fetch(RELAY, OVERLAYS)
            except Exception:  # what it was is told by the tenants' own, if it is still so
                self._apart = True
            else:
                if len(overlays) + len(readings) + len(amendments) >= self._books.total:
                    rulings = rulings_of(self._books.base, readings, amendments)
                    self._books.replace(map(overlay_of, overlays), rulings)
                self._begun = True
                return  # else read before this process committed one more: what it knows is not unlearned
        await self._load_apart(readings, amendments)

    async def _load_apart(self, readings: list[Row], amendments: list[Row]) -> None:
        """The province's rules, which every machine has, and each city's own by themselves."""
        if len(readings) + len(amendments) >= self._books.provincial:
            self._books.rule(rulings_of(self._books.base, readings, amendments))
        every = await self._tenants(self._door)
        if not self._begun:
            self._books.unread.update(every)
            self._begun = True

        async def one(tenant: str) -> None:
            rows = await self._door.fetch(RELAY, OVERLAYS_OF, share_of=tenant, tenant_id=tenant)
            self._books.renew(tenant, map(overlay_of, rows))

        self._apart = not await each_apart(every, one)

    async def start(self) -> None:
        """The first load happens before the process serves; without the database it raises."""
        await self.load()
        self._task = watched(self._poll(), "rulebooks")

    async def stop(self) -> None:
        """Ends the looking; decisions on cases still see for themselves whether the books are behind."""
        await end(self._task)
        self._task = None

    async def look(self) -> None:
        """One look; reads only when something was added, or where not all tenants can be asked at once."""
        if not self._apart:
            try:
                async with asyncio.timeout(WHOLE):
                    row = await self._door.row(RELAY, COUNT_CHANGES)
            except Exception:  # by the reading it is told whether it is so of one tenant or of all
                row = None
            if row is not None and row["changes"] == self._books.total:
                return
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
    """The rule book of the transaction's tenant, over the province's, as the database has them now."""
    base = base_rulebook()
    books = RuleBooks(base, base_divisions())
    rulings = rulings_of(base, await tx.fetch(INTERPRETATIONS), await tx.fetch(AMENDMENTS))
    books.replace(map(overlay_of, await tx.fetch(OVERLAYS_OF, tenant_id=tx.scope.tenant)), rulings)
    return books
