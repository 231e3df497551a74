"""Keeps a process's rule books as the database has them; rows are only ever added, so counting them tells enough."""

from __future__ import annotations

import asyncio
from typing import Any

from service.kit.db import RELAY, Door, Row, Tx
from service.kit.tasks import end, watched
from service.measures.entries import Entry, Overlay, Reading, Value
from service.measures.parameters import RuleBook
from service.rulebook.book import RuleBooks, Ruling
from service.rulebook.loader import base_divisions, base_rulebook
from service.rulebook.queries import COUNT_CHANGES, INTERPRETATIONS, OVERLAYS

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
        rulings = await self._door.fetch(RELAY, INTERPRETATIONS)
        self._books.replace(map(overlay_of, overlays), rulings_of(self._books.base, rulings))

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
    rulings = rulings_of(base, await tx.fetch(INTERPRETATIONS))
    books.replace(map(overlay_of, await tx.fetch(OVERLAYS)), rulings)
    return books


def overlay_of(row: Row) -> Overlay:
    """A row as the law core reads it."""
    value = row["value"]
    return Overlay(
        tenant=row["tenant_id"],
        key=row["key"],
        value=None if value is None else as_value(value),
        effective_from=row["effective_from"],
        recorded_at=row["recorded_at"],
        note=row["reason"],
    )


def rulings_of(base: RuleBook, rows: list[Row]) -> list[Ruling]:
    """The interpretations in the order of recording, each with the entries it sets."""
    book, found = base, []
    for row in rows:
        ruling = ruling_of(book, row)
        book = book.with_entries(ruling.reading, *ruling.entries)
        found.append(ruling)
    return found


def ruling_of(book: RuleBook, row: Any) -> Ruling:
    """One interpretation; what it sets follows the entry that stood before it."""
    reading = Reading(
        row["reading"], row["text"], tuple(row["articles"]), row["effective_from"], row["recorded_at"]
    )
    return Ruling(reading, tuple(_entry(book, reading, each) for each in row["sets"]))


def _entry(book: RuleBook, reading: Reading, given: dict[str, Any]) -> Entry:
    before = book.entry_on(given["key"], reading.effective_from)
    return Entry(
        key=before.key,
        value=as_value(given["value"]),
        unit=before.unit,
        article=before.article,
        overlay=before.overlay,
        effective_from=reading.effective_from,
        recorded_at=reading.recorded_at,
        basis=before.basis,
        reading=reading.id,
        note=before.note,
        scale=before.scale,
    )


def as_value(plain: Any) -> Value:
    """A stored value as the law core holds it."""
    return tuple(map(str, plain)) if isinstance(plain, list) else plain
