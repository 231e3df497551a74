"""A version of a plan as it is read and written back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from service.audit.actions import audited
from service.kit.api import Answer, Call, Error
from service.kit.db import Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import Ref
from service.kit.money import fen
from service.kit.outbox import Recipient, emitted
from service.kit.tables import update_read
from service.library.models import plan_versions
from service.library.plans_seen import SPAN, Plan, plan_view
from service.library.queries_plans import PLAN_VERSION
from service.library.schemas_plans import (
    PlanItem,
)
from service.vocabulary import label

STAGE = Error(409, "action_not_allowed", "规划的当前阶段不能办理该事项")
TAG = "plans"
V = plan_versions.c
_MUTABLE = ("title", "items", "state", "appraisal", "decision", "updated_at")
_SAVE = update_read(plan_versions, _MUTABLE)


def done(_: Call, plan: dict[str, Any]) -> Answer:
    latest = plan["number"] if plan["state"] == "adopted" else None
    return Answer(plan_view(plan, latest), version=plan["version"])


async def load(call: Call, tx: Tx, ref: Ref) -> Plan:
    row = None
    if ref.tenant == call.principal.tenant:
        row = await tx.row(PLAN_VERSION, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    call.expected.check(row["version"])
    return dict(row)


def at_stage(plan: Plan, *states: str) -> None:
    if plan["state"] not in states:
        detail = f"规划当前为“{label('plan_state', plan['state'])}”，不能办理此事项（第七条）"
        raise ServiceError(409, "action_not_allowed", detail, article=7, state=plan["state"])


def checked(items: Sequence[PlanItem], first_year: int) -> list[dict[str, Any]]:
    """Items within the three years, each key once, each with an amount (art. 7)."""
    faults, keys = [], set()
    span = range(first_year, first_year + SPAN)
    for index, item in enumerate(items):
        if item.key in keys:
            faults.append(FieldError(f"/items/{index}/key", "duplicate", "条目编号重复"))
        keys.add(item.key)
        if not set(item.years) <= set(span) or len(set(item.years)) != len(item.years):
            detail = f"规划的实施年度应在 {span[0]} 至 {span[-1]} 之间且不重复（第七条）"
            faults.append(FieldError(f"/items/{index}/years", "out_of_period", detail))
        if fen(item.estimated_yuan) <= 0:
            faults.append(FieldError(f"/items/{index}/estimated_yuan", "amount_range", "估算金额应大于零"))
    if faults:
        raise invalid(faults)
    plain: list[dict[str, Any]] = msgspec.to_builtins(list(items))
    return plain


def saved(call: Call, tx: Tx, plan: Plan, action: str) -> Plan:
    read, plan["version"], plan["updated_at"] = plan["version"], plan["version"] + 1, call.now
    values = {name: plan[name] for name in _MUTABLE}
    tx.batch.add(
        _SAVE,
        of_tenant=plan["tenant_id"],
        of_id=plan["id"],
        read_version=read,
        **values,
    )
    plan_audited(call, tx, action, plan)
    return plan


def plan_audited(call: Call, tx: Tx, action: str, plan: Plan) -> None:
    audited(
        call,
        tx,
        f"plan.{action}",
        plan["id"],
        {"plan": plan["plan_id"], "number": plan["number"], "version": plan["version"]},
        tenant=plan["tenant_id"],
    )


def tell(call: Call, tx: Tx, plan: Plan, kind: str, message: str, desks: list[Recipient]) -> None:
    emitted(
        call,
        tx,
        kind,
        desks,
        {
            "subject": {
                "id": str(Ref(plan["tenant_id"], plan["id"])),
                "name": plan["title"],
                "owner_name": "三年规划编制机构",
            },
            "message": f"第 {plan['number']} 版：{message}",
            "steps": {"leading_group_secretary": "请报领导小组审议后登记结果。"},
        },
        tenant=plan["tenant_id"],
    )
