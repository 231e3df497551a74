"""What a draft is filled with: every field of its template, from the case as its writer sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.money import fen
from service.measures.form_words import SOURCES
from service.papers.words import both_spellings, spoken
from service.projects.case import Case
from service.reviews.schemas_out import AppraisalView
from service.vocabulary import label, names

MARKING, BLANK = "送审稿", "　　　　"
# What each row of a list has.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "funding": ("source", "amount"),
    "experts": ("name", "title", "employer", "recommendation", "opinion"),
    "findings": ("name", "reason"),
}
_BASICS = ("main_tasks", "location", "basis", "performance_goals", "implementation")


def fields(call: Call, case: Case, organ: str, appraisals: Iterable[AppraisalView] = ()) -> dict[str, Any]:
    """All fields of all kinds; what the case does not say is left blank to be written in."""
    materials: Mapping[str, Any] = (case.declared or {}).get("materials") or {}
    basics: Mapping[str, Any] = materials.get("basics") or {}
    approved = case.dated.get("approved") or {}
    amount = case.investment_fen if case.approved_fen is None else case.approved_fen
    return {
        "marking": MARKING, "organ": organ, "today": spoken(legal_day(call.now)),
        "project_name": case.name, "owner_name": case.owner_name, "project_id": str(case.ref),
        "project_class": label("project_class", case.project_class), "project_kind": label("kind", case.kind),
        "declared_amount": both_spellings(case.investment_fen), "approved_amount": both_spellings(amount),
        **{name: str(basics.get(name) or BLANK) for name in _BASICS},
        "funding": [
            {"source": SOURCES.get(line["source"], line["source"]), "amount": both_spellings(fen(line["amount_yuan"]))}
            for line in materials.get("funding") or ()
        ],
        "filing_number": case.filing_number or BLANK, "document_number": str(approved.get("number") or BLANK),
        "document_date": _day(case, "approved"), "trial_run_on": _day(case, "trial_run"),
        "final_inspected_on": _day(case, "final_inspected"), "applied_on": _day(case, "acceptance_applied"),
        "data_confirmed": _confirmed(case, "data_confirmed"), "crypto_confirmed": _confirmed(case, "crypto_confirmed"),
        "findings": [
            {"name": label("finding", each["code"]), "reason": each.get("reason") or ""} for each in case.findings
        ],
        **_appraisal(list(appraisals)),
    }  # fmt: skip


def _appraisal(found: list[AppraisalView]) -> dict[str, Any]:
    """The latest one: who drew it up, and what the experts said once their sheets are open."""
    if not found:
        return {"agency": BLANK, "commissioned_on": BLANK, "experts": []}
    last = found[-1]
    sheets = {sheet.assignment_id: sheet for sheet in last.sheets or ()}
    experts = []
    for seat in last.experts or ():
        if seat.recused_by is None:
            sheet = sheets.get(seat.id)
            said = ("", "") if sheet is None else (label("verdict", sheet.recommendation), sheet.opinion)
            experts.append(
                {
                    "name": seat.name,
                    "title": seat.title,
                    "employer": seat.employer_name,
                    "recommendation": said[0],
                    "opinion": said[1],
                }
            )
    return {
        "agency": last.agency_name,
        "commissioned_on": spoken(last.commissioned_at),
        "experts": experts,
    }


def _day(case: Case, fact: str) -> str:
    told = (case.dated.get(fact) or {}).get("on")
    return spoken(date.fromisoformat(told)) if told else BLANK


def _confirmed(case: Case, fact: str) -> str:
    told = case.dated.get(fact)
    return "尚未确认" if not told else "已确认" if told.get("passed") else "未获确认"


def example() -> dict[str, Any]:
    """Every field with something that could stand there, lists with two rows: by it a template is tried."""
    told: dict[str, Any] = {name: f"（{label('draft_field', name)}）" for name in names("draft_field")}
    told = {name: value for name, value in told.items() if not name.startswith(_PREFIXES)}
    for name, columns in COLUMNS.items():
        row = {column: f"（{label('draft_field', f'{name}_{column}')}）" for column in columns}
        told[name] = [row, dict(row)]
    return {**told, "marking": MARKING}


_PREFIXES = tuple(f"{name}_" for name in COLUMNS)
