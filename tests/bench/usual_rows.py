"""The rows and answers of the usual way: ORM classes over the service's tables, models of pydantic."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Table, and_
from sqlalchemy.orm import registry, relationship

from service.audit.models import audit_entries
from service.kit.idempotency import idempotency
from service.kit.outbox import outbox
from service.projects import models
from service.projects.models_records import summary_deltas
from tests.bench.bare_case import BOOKS, actions, yuan

Mapped = registry()


def mapped(table: Table, **more: Any) -> Any:
    """A class of the ORM for one of the service's tables."""
    made = type(table.name, (), {"__init__": _fill})
    Mapped.map_imperatively(made, table, properties=more)
    return made


def _fill(self: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(self, name, value)


def _of_case(table: Table) -> Any:
    case = models.projects.c
    return and_(table.c.tenant_id == case.tenant_id, table.c.project_id == case.id)


Draft, Finding, Version, Step, Delta, Audit, Event, Kept = map(
    mapped,
    (
        models.project_drafts,
        models.project_findings,
        models.project_versions,
        models.transitions,
        summary_deltas,
        audit_entries,
        outbox,
        idempotency,
    ),
)


def _related(other: Any, table: Table, **more: Any) -> Any:
    keys = [table.c.tenant_id, table.c.project_id]
    return relationship(other, primaryjoin=_of_case(table), foreign_keys=keys, viewonly=True, **more)


Project: Any = mapped(
    models.projects,
    draft=_related(Draft, models.project_drafts, uselist=False),
    found=_related(Finding, models.project_findings, order_by=lambda: (Finding.article, Finding.code)),
)


class OwnerOut(BaseModel):
    office_id: str
    name: str
    tier: str
    division: str
    division_name: str


class FindingOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    code: str
    severity: str
    article: int | None
    reason: str | None
    opinion: str | None


class ActionOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    action: str
    allowed: bool
    why_not: str | None
    article: int | None
    label: str
    blocked_by: str | None
    articles: list[int]
    operation_id: str | None


class ItemOut(BaseModel):
    """A line of the list; the case tells more."""

    model_config = ConfigDict(from_attributes=True)
    id: str
    tenant: str
    external_ref: str | None
    name: str
    owner_name: str
    tier: str
    division: str
    state: str
    holder: str
    route: str | None
    project_class: str
    kind: str
    investment_yuan: str
    approved_amount_yuan: str | None
    version: int
    filing_number: str | None
    finding_codes: list[str]


class PageOut(BaseModel):
    items: list[ItemOut]
    next_cursor: str


class CaseOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: str
    tenant: str
    tenant_name: str
    external_ref: str | None
    name: str
    owner: OwnerOut
    state: str
    holder: str
    route: str | None
    facts: dict[str, Any]
    materials: dict[str, Any]
    investment_yuan: str
    approved_amount_yuan: str | None
    decision: dict[str, Any] | None
    findings: list[FindingOut]
    actions: list[ActionOut]
    dated: dict[str, Any]
    origin: str
    filing_number: str | None
    submissions: int
    created_by: str
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    gatekept_at: datetime | None
    approved_at: datetime | None
    filed_at: datetime | None
    handed_over_at: datetime | None
    version: int


class ReasonIn(BaseModel):
    code: str
    reason: Annotated[str, Field(min_length=1)]


class SubmitIn(BaseModel):
    reasons: list[ReasonIn]


def _money(fen: int | None) -> str | None:
    return None if fen is None else yuan(fen)


def case_out(case: Any, findings: list[Any], on: date) -> CaseOut:
    said = case.draft.content if case.state in ("draft", "returned") else case.declared
    place, dated = BOOKS.divisions.name_of, msgspec.json.encode(case.dated)
    told = actions(case.state, case.route, case.tier, case.holder, case.kind, dated, on)
    same = {name: getattr(case, name) for name in CaseOut.model_fields if hasattr(Project, name)}
    same |= {
        "id": f"{case.tenant_id}-{case.id}",
        "tenant": case.tenant_id,
        "tenant_name": place(case.tenant_id),
        "name": said["name"],
        "facts": said["facts"],
        "materials": said["materials"],
        "owner": OwnerOut(
            office_id=case.office_id,
            name=case.owner_name,
            tier=case.tier,
            division=case.division,
            division_name=place(case.division),
        ),
        "investment_yuan": yuan(case.investment_fen),
        "approved_amount_yuan": _money(case.approved_fen),
        "findings": [FindingOut.model_validate(each) for each in findings],
        "actions": [ActionOut.model_validate(each) for each in told],
    }
    return CaseOut(**same)


def item_out(case: Any) -> ItemOut:
    same = {name: getattr(case, name) for name in ItemOut.model_fields if hasattr(Project, name)}
    return ItemOut(
        **same
        | {
            "id": f"{case.tenant_id}-{case.id}",
            "tenant": case.tenant_id,
            "investment_yuan": yuan(case.investment_fen),
            "approved_amount_yuan": _money(case.approved_fen),
            "finding_codes": [each.code for each in case.found],
        }
    )
