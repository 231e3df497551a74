"""Reads of the rule book. What is in force is held in memory (book.py); its run-time rows are read here."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from service.kit.db import Statement
from service.kit.money import yuan
from service.measures.offices import Divisions
from service.measures.parameters import Entry, Reading, RuleBook
from service.rulebook.models import interpretations, rulebook_overlays
from service.rulebook.schemas import DivisionQuery, DivisionView, EntryView, ReadingView, RuleBookView

V, N = rulebook_overlays.c, interpretations.c
OVERLAYS = Statement(select(rulebook_overlays).order_by(V.tenant_id, V.number))
INTERPRETATIONS = Statement(select(interpretations).order_by(N.recorded_at, N.reading, N.number))


def _rows_of(of: Any, *where: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(of).where(*where).scalar_subquery()


def rule_changes(tenant: ColumnElement[str]) -> ColumnElement[int]:
    """How many run-time changes bear on a tenant: what a row tells of the rules that stand beside it."""
    return _rows_of(rulebook_overlays, V.tenant_id == tenant) + _rows_of(interpretations)


COUNT_CHANGES = Statement(select((_rows_of(rulebook_overlays) + _rows_of(interpretations)).label("changes")))


def rulebook_on(book: RuleBook, on: date) -> RuleBookView:
    """The effective set of a day; raises BeforeFirstRules."""
    version = book.version(on)
    rows = book.effective_on(on)
    return RuleBookView(
        version=version,
        on=on,
        entries=[_entry(row) for row in rows if isinstance(row, Entry)],
        readings=[
            ReadingView(row.id, row.text, list(row.articles), row.effective_from)
            for row in rows
            if isinstance(row, Reading)
        ],
    )


def divisions_of(registry: Divisions, query: DivisionQuery) -> list[DivisionView]:
    """The registry's rows that pass the filters, by code."""
    return [
        DivisionView(row.code, row.name, row.tier.value, row.parent, row.local, row.valid_from, row.valid_to)
        for row in sorted(registry, key=lambda row: row.code)
        if query.tier in (None, row.tier.value) and query.parent in (None, row.parent)
    ]


def _entry(entry: Entry) -> EntryView:
    amount = entry.unit == "fen" and isinstance(entry.value, int)
    value: str | int | list[str] = list(entry.value) if isinstance(entry.value, tuple) else entry.value
    if amount and isinstance(value, int):
        value = yuan(value)
    return EntryView(
        key=entry.key,
        value=value,
        unit="yuan" if amount else entry.unit,
        article=entry.article,
        overlay=entry.overlay.value,
        basis=entry.basis.value,
        reading=entry.reading,
        note=entry.note,
        effective_from=entry.effective_from,
    )
