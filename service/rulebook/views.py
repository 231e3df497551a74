"""The rule book as answers show it: made from what is held in memory, and from the run-time rows."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

from service.kit.db import Row
from service.kit.digest import sealed
from service.kit.errors import ServiceError
from service.kit.ids import Ref
from service.kit.rows import of_row
from service.measures.offices import Divisions
from service.measures.parameters import RuleBook, UnknownVersion
from service.measures.rule_entries import Clause, Entry, Reading
from service.rulebook.book import RuleBooks
from service.rulebook.reading_rows import as_value
from service.rulebook.schemas import (
    DivisionQuery,
    DivisionView,
    EntryView,
    ReadingView,
    RuleBookView,
    TransitionView,
)
from service.rulebook.schemas_runtime import (
    InterpretationQuery,
    InterpretationVersion,
    InterpretationView,
    OverlayView,
    SetView,
)
from service.rulebook.values import shown


def rulebook_on(book: RuleBook, on: date) -> RuleBookView:
    """The effective set of a day; raises BeforeFirstRules."""
    version = book.version(on)
    rows = book.effective_on(on)
    return RuleBookView(
        version=version,
        on=on,
        tenant=book.tenant,
        entries=[_entry(book, row, on) for row in rows if isinstance(row, Entry)],
        readings=[
            ReadingView(row.id, row.text, list(row.articles), row.effective_from)
            for row in rows
            if isinstance(row, Reading)
        ],
    )


def past_book(books: RuleBooks, book: RuleBook, version: str, on: date) -> RuleBook:
    """The book that gave a version on a day: the tenant's, or the province's where the province decided; else 404."""
    for spared in (False, True):
        for each in (book, books.book):
            try:
                return each.lookup(version, on, spared=spared)
            except UnknownVersion:
                continue
    raise ServiceError(404, "unknown_version", "该日没有这个版本的规则库")


def divisions_of(registry: Divisions, query: DivisionQuery) -> list[DivisionView]:
    """The registry's rows that pass the filters, by code."""
    return [
        DivisionView(row.code, row.name, row.tier.value, row.parent, row.local, row.valid_from, row.valid_to)
        for row in sorted(registry, key=lambda row: row.code)
        if query.tier in (None, row.tier.value) and query.parent in (None, row.parent)
    ]


def _entry(book: RuleBook, entry: Entry, on: date) -> EntryView:
    overlay = book.overlay_on(entry.key, on)
    return EntryView(
        key=entry.key,
        value=shown(entry.key, entry.unit, book.value_on(entry.key, on)),
        unit="yuan" if entry.unit == "fen" else entry.unit,
        article=entry.article,
        overlay=entry.overlay.value,
        basis=entry.basis.value,
        reading=entry.reading,
        note=entry.note,
        scale=list(entry.scale),
        effective_from=entry.effective_from,
        province_value=None if overlay is None else shown(entry.key, entry.unit, entry.value),
        own_since=None if overlay is None else overlay.effective_from,
        document=entry.document,
        transition=transition_view(entry.clause),
    )


def transition_view(clause: Clause | None) -> TransitionView | None:
    """A clause as answers show it; None where nothing was said."""
    return None if clause is None else TransitionView(mode=clause.mode.value, state=clause.state)


def overlay_view(books: RuleBooks, row: Row | dict[str, Any], status: str) -> OverlayView:
    """One recorded change of a city."""
    tenant, key = row["tenant_id"], row["key"]
    entry = books.of(tenant).entry_on(key, row["effective_from"])
    division = books.divisions.get(tenant)
    value = None if row["value"] is None else as_value(row["value"])
    return of_row(
        OverlayView,
        row,
        id=str(Ref(tenant, row["id"])),
        tenant=tenant,
        tenant_name=tenant if division is None else division.name,
        key=key,
        value=shown(key, entry.unit, value),
        unit="yuan" if entry.unit == "fen" else entry.unit,
        note=entry.note,
        article=entry.article,
        basis=entry.basis.value,
        status=status,
    )


def register(
    books: RuleBooks, rows: list[Row], query: InterpretationQuery, today: date
) -> list[InterpretationView]:
    """Every reading with its versions, the files' and those entered at run time, by number."""
    versions: dict[str, list[InterpretationVersion]] = {}
    for reading in books.base.readings:
        versions.setdefault(reading.id, []).append(_of_files(reading))
    for row in rows:
        versions.setdefault(row["reading"], []).append(interpretation_version(books, row))
    found = [_history(each, listed, today) for each, listed in versions.items()]
    return [
        each
        for each in sorted(found, key=lambda each: (len(each.id), each.id))
        if query.id in (None, each.id)
        and (query.article is None or any(query.article in version.articles for version in each.history))
    ]


def _history(reading: str, versions: list[InterpretationVersion], today: date) -> InterpretationView:
    ordered = sorted(versions, key=lambda each: (each.effective_from, each.recorded_at))
    begun = [each for each in ordered if each.effective_from <= today]
    return InterpretationView(
        id=reading,
        standing=begun[-1] if begun else None,
        coming=[each for each in ordered if each.effective_from > today],
        history=ordered,
    )


def _of_files(reading: Reading) -> InterpretationVersion:
    return InterpretationVersion(
        number=0,
        text=reading.text,
        articles=list(reading.articles),
        effective_from=reading.effective_from,
        recorded_at=reading.recorded_at.astimezone(UTC),
        digest=sealed(reading.canonical()),
    )


def interpretation_version(books: RuleBooks, row: Row | dict[str, Any]) -> InterpretationVersion:
    """One version entered at run time."""
    return of_row(
        InterpretationVersion,
        row,
        sets=[_set(books, each, row["effective_from"]) for each in row["sets"]],
        issued_by=list(row["issued_by"]),
    )


def _set(books: RuleBooks, given: dict[str, Any], on: date) -> SetView:
    entry = books.book.entry_on(given["key"], on)
    unit = "yuan" if entry.unit == "fen" else entry.unit
    return SetView(given["key"], shown(given["key"], entry.unit, as_value(given["value"])), unit)
