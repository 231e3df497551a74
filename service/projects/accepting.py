"""What an application for acceptance rests on (art. 30): one reading for both checklists and for the application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy import literal_column, select

from service.kit.api import Call
from service.kit.db import Row
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.measures.acceptance import Given, Line, checklist
from service.measures.lifecycle_states import State
from service.projects.asking import SLOTS, materials_of
from service.projects.case import Case
from service.projects.models_records import project_records

Fetch = Callable[..., Awaitable[Row | None]]
CONFIRMATION = "data_confirmation"
_R = project_records.c
_LAST = (
    select(_R.content)
    .where(
        _R.tenant_id == TENANT_ID,
        _R.project_id == ROW_ID,
        _R.kind == literal_column("'apply_acceptance'"),
    )
    .order_by(_R.at.desc(), _R.id.desc())
    .limit(literal_column("1"))
    .scalar_subquery()
)
BESIDE = Statement(select(SLOTS.label("slots"), _LAST.label("last")).where(scope_ready()))


async def lines_shown(call: Call, case: Case, work_secrets: bool | None = None) -> list[Line]:
    """As the application stands that was made, or as one would be judged that names nothing by itself."""
    row = await call.door.row(call.scope, BESIDE, tenant_id=case.tenant_id, id=case.id)
    slots, last = (row["slots"], row["last"]) if row is not None else ((), None)
    # What came back, or was stopped, is applied for anew (arts 32, 41): its papers are gone through again.
    stands = case.dated.get("acceptance_applied") and case.state != State.FINAL_INSPECTED
    applied: Mapping[str, Any] = (last or {}) if stands else {}
    if work_secrets is None:
        work_secrets = bool(applied.get("work_secrets"))
    return checklist(
        given_in(case, applied.get("materials") or {}, frozenset(slots), work_secrets=work_secrets)
    )


async def attached_to(fetch: Fetch, case: Case) -> frozenset[str]:
    """The slots of the case in which a file lies."""
    row = await fetch(BESIDE, tenant_id=case.tenant_id, id=case.id)
    return frozenset() if row is None else frozenset(row["slots"])


def given_in(
    case: Case, told: Mapping[str, Mapping[str, Any]], slots: frozenset[str], *, work_secrets: bool
) -> Given:
    """`told`: {material: {digest, parts}}. What was declared to touch work secrets does, whatever is told now."""
    passed = (case.dated.get("data_confirmed") or {}).get("passed")
    return Given(
        materials={key: tuple(each.get("parts") or ()) for key, each in told.items()},
        papers=frozenset(key for key, each in told.items() if each.get("digest")),
        attached=slots,
        confirmed=frozenset({CONFIRMATION}) if passed else frozenset(),
        work_secrets=work_secrets or declared_secrets(case),
    )


def declared_secrets(case: Case) -> bool:
    """Whether the project was declared as one that touches work secrets (art. 15)."""
    return materials_of(case.declared or {}).work_secrets
