"""Whether what was entered at run time is what was recorded: each row against its digest and its audit entry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from service.kit.pool import codecs
from service.measures.parameters import RuleBook
from service.rulebook.actions_amendments import amendment_digest, decision_digest
from service.rulebook.actions_overlays import overlay_digest
from service.rulebook.queries import AMENDMENTS_ALL, DECISIONS, INTERPRETATIONS, OVERLAYS
from service.rulebook.reading_rows import interpretation_digest

_AUDITED = "SELECT action, object_id, summary FROM audit_entries WHERE action = ANY($1)"
_ACTIONS = (
    "overlay.record",
    "interpretation.record",
    "amendment.propose",
    "amendment.confirm",
    "amendment.refuse",
)


async def runtime_problems(connection: Any, book: RuleBook) -> list[str]:
    """One line per overlay, reading or amendment that was edited, slipped in or taken away; empty when all is well."""
    await codecs(connection)
    overlays = await connection.fetch(OVERLAYS.plain)
    rulings = await connection.fetch(INTERPRETATIONS.plain)
    audited = await connection.fetch(_AUDITED, list(_ACTIONS))
    rows = {
        (_ACTIONS[0], row["id"]): (f"overlay {_named(row)}", overlay_digest(row), row) for row in overlays
    }
    for row in rulings:
        name = f"{row['reading']}.{row['number']}"
        rows[_ACTIONS[1], name] = (f"interpretation {name}", interpretation_digest(row), row)
    for row in await connection.fetch(AMENDMENTS_ALL.plain):
        number = str(row["number"])
        rows[_ACTIONS[2], number] = (f"amendment {number}", amendment_digest(row), row)
    for row in await connection.fetch(DECISIONS.plain):
        number = str(row["number"])
        done = _ACTIONS[3] if row["accepted"] else _ACTIONS[4]
        rows[done, number] = (f"amendment {number}, its confirmation", decision_digest(row), row)
    told = {(row["action"], row["object_id"]): row["summary"].get("digest") for row in audited}
    return [
        *_edited(rows.values()),
        *(f"no audit entry tells of it: {rows[each][0]}" for each in rows if each not in told),
        *(
            f"recorded, but gone: {kind.partition('.')[0]} {name}"
            for kind, name in sorted(told.keys() - rows.keys())
        ),
        *(
            f"digest is not the audited one: {rows[each][0]}"
            for each in rows
            if each in told and told[each] != rows[each][2]["digest"]
        ),
        *_entered_twice(book, rulings),
    ]


def _named(row: Any) -> str:
    return f"{row['tenant_id']} no. {row['number']} ({row['key']}, effective {row['effective_from']})"


def _edited(rows: Iterable[tuple[str, str, Any]]) -> list[str]:
    return [f"edited after it was recorded: {name}" for name, digest, row in rows if digest != row["digest"]]


def _entered_twice(book: RuleBook, rulings: list[Any]) -> list[str]:
    """Files that bring a reading under an id that the register had given out before."""
    first = {row["reading"]: row["recorded_at"] for row in reversed(rulings)}
    return [
        f"the files bring a reading under an id the register gave out: {reading.id}"
        for reading in book.readings
        if reading.id in first and reading.recorded_at > first[reading.id]
    ]
