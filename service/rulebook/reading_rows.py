"""Stored rows of run-time changes as the law core reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from service.kit.db import Row
from service.kit.digest import sealed
from service.measures.law import clause_of
from service.measures.parameters import RuleBook
from service.measures.rule_entries import Clause, ClauseMode, Entry, Overlay, Reading, Value
from service.rulebook.book import Ruling

# A reading says what the text meant all along: pending cases are decided by it at their next desk (arts 44; R23).
_PENDING_TOO = Clause(ClauseMode.NEXT_DESK)


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


def rulings_of(base: RuleBook, readings: list[Row], amendments: list[Row]) -> list[Ruling]:
    """Interpretations and amendments in the order in which they became known, each with the entries it sets."""
    made = [(row["recorded_at"], ruling_of, row) for row in readings]
    made += [(row["decided_at"], amended_of, row) for row in amendments]
    book, found = base, []
    for _, read, row in sorted(made, key=lambda each: each[0]):
        ruling = read(book, row)
        book = ruling.joined(book)
        found.append(ruling)
    return found


def ruling_of(book: RuleBook, row: Any) -> Ruling:
    """One interpretation; what it sets follows the entry that stood before it."""
    reading = Reading(
        row["reading"], row["text"], tuple(row["articles"]), row["effective_from"], row["recorded_at"]
    )
    sets = {each["key"]: as_value(each["value"]) for each in row["sets"]}
    made = entries_of(book, sets, reading.effective_from, reading.recorded_at)
    return Ruling(reading, tuple(replace(entry, reading=reading.id) for entry in made))


def entries_of(book: RuleBook, sets: Mapping[str, Value], start: date, known: datetime) -> tuple[Entry, ...]:
    """The entries that a reading sets."""
    return tuple(
        replace(
            book.entry_on(key, start),
            value=value,
            effective_from=start,
            recorded_at=known,
            clause=_PENDING_TOO,
            since=known,
            document=None,
        )
        for key, value in sets.items()
    )


def amended_of(book: RuleBook, row: Any) -> Ruling:
    """A confirmed amendment. What it sets follows the entry that stood before it, save that the text itself says it
    now: it leans on no reading any more.
    """
    given, start, known = row["transition"], row["effective_from"], row["decided_at"]
    clause = None if given is None else clause_of(given["mode"], given.get("state"))
    return Ruling(
        None,
        tuple(
            replace(
                book.entry_on(each["key"], start),
                value=as_value(each["value"]),
                effective_from=start,
                recorded_at=known,
                reading=None,
                document=row["document_number"],
                clause=clause,
                since=known,
            )
            for each in row["entries"]
        ),
    )


def as_value(plain: Any) -> Value:
    """A stored value as the law core holds it."""
    return tuple(map(str, plain)) if isinstance(plain, list) else plain


def interpretation_digest(row: Any) -> str:
    """SM3 over everything the row says; `recorded_at` in UTC."""
    names = ("reading", "number", "question", "text", "articles", "document_number", "sets", "recorded_by")
    dates = ("document_date", "effective_from", "recorded_at")
    plain = {name: row[name] for name in names} | {"issued_by": list(row["issued_by"])}
    return sealed(plain | {name: row[name].isoformat() for name in dates})
