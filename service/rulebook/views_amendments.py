"""Amendments as answers show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from service.kit.ids import Ref, stable_id
from service.kit.rows import of_row
from service.measures.parameters import RuleBook
from service.province import CODE
from service.rulebook.reading_rows import as_value
from service.rulebook.schemas import TransitionView
from service.rulebook.schemas_amendments import AmendmentView
from service.rulebook.schemas_runtime import SetView
from service.rulebook.values import shown

Status = Literal["waiting", "refused", "coming", "in_force"]


def ref_of(number: int) -> Ref:
    """The public id of an amendment: the province's, derived of its running number."""
    return Ref(CODE, stable_id("amendment", str(number)))


def amendment_view(book: RuleBook, row: Mapping[str, Any], today: date) -> AmendmentView:
    """A row with its confirmation, where there is one."""
    given = row["transition"]
    return of_row(
        AmendmentView,
        row,
        id=str(ref_of(row["number"])),
        issued_by=list(row["issued_by"]),
        entries=[_set(book, each, row["effective_from"]) for each in row["entries"]],
        transition=None if given is None else of_row(TransitionView, given),
        status=_status(row, today),
    )


def _status(row: Mapping[str, Any], today: date) -> Status:
    if row["decided_at"] is None:
        return "waiting"
    if not row["accepted"]:
        return "refused"
    return "coming" if row["effective_from"] > today else "in_force"


def _set(book: RuleBook, given: Mapping[str, Any], on: date) -> SetView:
    entry = book.entry_on(given["key"], on)
    unit = "yuan" if entry.unit == "fen" else entry.unit
    return SetView(given["key"], shown(given["key"], entry.unit, as_value(given["value"])), unit)
