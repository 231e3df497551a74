"""The rule book of policies/measures, recorded append-only: what stood once can be shown whatever the files say.

`tongjian migrate` records it with the owner's login; the service's own logins may only read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import msgspec

from service.kit.digest import sealed
from service.kit.leader import connected
from service.measures.parameters import RuleBook
from service.measures.rule_entries import Entry, Reading
from service.rulebook.checking import runtime_problems

Key = tuple[str, date, date]

_ROWS = "SELECT key, effective_from, recorded_on, digest FROM rulebook_entries"
_ADD = """
INSERT INTO rulebook_entries (key, effective_from, recorded_on, entry, digest, loaded_at)
VALUES ($1, $2, $3, $4::text::jsonb, $5, $6) ON CONFLICT DO NOTHING
"""


class RuleBookRewritten(Exception):
    """The files hold another text under a key and dates that are recorded already."""

    def __init__(self, found: list[str]) -> None:
        listed = "; ".join(found)
        super().__init__(
            f"recorded rules were changed, amend by adding an entry with its own dates: {listed}"
        )
        self.found = found


class Recorded(NamedTuple):
    """A row of `rulebook_entries`; readings are kept under `reading:<id>`."""

    key: str
    effective_from: date
    recorded_on: date
    entry: str
    digest: str

    @property
    def place(self) -> Key:
        """What an entry is known by."""
        return self.key, self.effective_from, self.recorded_on

    def __str__(self) -> str:
        return f"{self.key} (effective {self.effective_from}, recorded {self.recorded_on})"


def rows_of(book: RuleBook) -> list[Recorded]:
    """Every entry and reading of the book as a row; the digest is SM3 over its canonical form."""
    entries = [_row(entry.key, entry) for entry in book.entries]
    return entries + [_row(f"reading:{reading.id}", reading) for reading in book.readings]


def _row(key: str, entry: Entry | Reading) -> Recorded:
    recorded_on = entry.recorded_at.astimezone(UTC).date()
    text = msgspec.json.encode(msgspec.to_builtins(entry)).decode()
    return Recorded(key, entry.effective_from, recorded_on, text, sealed(entry.canonical()))


def rewritten(rows: list[Recorded], digests: Mapping[Key, str]) -> list[str]:
    """The entries whose recorded digest is another one than the files'."""
    return [str(row) for row in rows if digests.get(row.place, row.digest) != row.digest]


async def record(owner_url: str, book: RuleBook, now: datetime) -> int:
    """Records what is not recorded yet and returns its number; RuleBookRewritten before anything is written."""
    rows = rows_of(book)
    connection = await connected(owner_url)
    try:
        async with connection.transaction():
            # Two deployments may migrate at once: the second one compares with what the first one wrote.
            await connection.execute("LOCK TABLE rulebook_entries IN SHARE ROW EXCLUSIVE MODE")
            digests = await _digests(connection)
            if found := rewritten(rows, digests):
                raise RuleBookRewritten(found)
            added = [row for row in rows if row.place not in digests]
            await connection.executemany(_ADD, [(*row, now) for row in added])
            return len(added)
    finally:
        await connection.close()


async def problems(url: str, book: RuleBook) -> list[str]:
    """How the recorded book and the files differ, and what became of the run-time rows; empty when all is well."""
    connection = await connected(url)
    try:
        digests = await _digests(connection)
        entered = await runtime_problems(connection, book)
    finally:
        await connection.close()
    rows = rows_of(book)
    places = {row.place for row in rows}
    return [
        *(f"changed in the files: {text}" for text in rewritten(rows, digests)),
        *(f"not recorded, run `tongjian migrate`: {row}" for row in rows if row.place not in digests),
        *(
            f"recorded, but gone from the files: {key} (effective {start}, recorded {on})"
            for key, start, on in sorted(digests.keys() - places)
        ),
        *entered,
    ]


async def _digests(connection: Any) -> dict[Key, str]:
    return {
        (row["key"], row["effective_from"], row["recorded_on"]): row["digest"]
        for row in await connection.fetch(_ROWS)
    }
