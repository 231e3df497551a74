"""Three-year plans (arts 7, 10; of cities, art. 5): drafted, appraised, adopted and changed by the leading group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec import UNSET
from sqlalchemy import Integer, Text, Uuid, bindparam, update

from service.audit.actions import audited
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import Ref, new_id
from service.kit.money import fen
from service.kit.outbox import Recipient, emitted
from service.kit.statements import Statement
from service.kit.tables import insert_row
from service.library.models import plan_versions, published_plans
from service.library.plans_seen import SPAN, Plan
from service.library.queries_plans import PLAN_VERSION, VERSIONS_OF
from service.library.schemas_plans import (
    AssessIn,
    DecideIn,
    PlanEdit,
    PlanIn,
    PlanItem,
    ReviseIn,
)
from service.projects.hands import same_person
from service.projects.phases import not_after, not_before
from service.projects.submission import PROVINCE
from service.vocabulary import label

_CREATE, _PUBLISH = insert_row(plan_versions), insert_row(published_plans)
V = plan_versions.c
_MUTABLE = ("title", "items", "state", "appraisal", "decision", "updated_at")
_SAVE = Statement(
    update(plan_versions)
    .where(
        V.tenant_id == bindparam("of_tenant", type_=Text),
        V.id == bindparam("of_id", type_=Uuid(as_uuid=False)),
        V.version == bindparam("read_version", type_=Integer),
    )
    .values(
        {name: bindparam(name, type_=V[name].type) for name in _MUTABLE}
        | {"version": bindparam("new_version", type_=Integer)}
    )
)


async def _load(call: Call, tx: Tx, ref: Ref) -> Plan:
    row = None
    if ref.tenant == call.principal.tenant:
        row = await tx.row(PLAN_VERSION, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    call.expected.check(row["version"])
    return dict(row)


def _at(plan: Plan, *states: str) -> None:
    if plan["state"] not in states:
        detail = f"规划当前为“{label('plan_state', plan['state'])}”，不能办理此事项（第七条）"
        raise ServiceError(409, "action_not_allowed", detail, article=7, state=plan["state"])


def _checked(items: Sequence[PlanItem], first_year: int) -> list[dict[str, Any]]:
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


async def draft(call: Call, tx: Tx) -> Plan:
    """The first version of a plan."""
    body: PlanIn = call.body
    items = _checked(body.items, body.first_year)
    return _created(call, tx, new_id(), 1, body.title, body.first_year, items)


def _created(
    call: Call,
    tx: Tx,
    plan_id: str,
    number: int,
    title: str,
    first_year: int,
    items: list[dict[str, Any]],
    ground: str | None = None,
    reason: str | None = None,
) -> Plan:
    plan: Plan = {
        "tenant_id": call.principal.tenant,
        "id": new_id(),
        "plan_id": plan_id,
        "number": number,
        "title": title,
        "first_year": first_year,
        "items": items,
        "state": "draft",
        "ground": ground,
        "reason": reason,
        "appraisal": None,
        "decision": None,
        "created_by": call.principal.actor,
        "created_at": call.now,
        "updated_at": call.now,
        "version": 1,
    }
    tx.batch.add(_CREATE, **plan)
    _audited(call, tx, "draft", plan)
    return plan


async def edit(call: Call, tx: Tx, ref: Ref) -> Plan:
    """Changes a version that is not adopted; what was appraised must be appraised again."""
    body: PlanEdit = call.body
    plan = await _load(call, tx, ref)
    _at(plan, "draft", "appraised")
    if body.title is not UNSET:
        plan["title"] = body.title
    if body.items is not UNSET:
        plan["items"] = _checked(body.items, plan["first_year"])
    plan |= {"state": "draft", "appraisal": None}
    return _saved(call, tx, plan, "edit")


async def assess(call: Call, tx: Tx, ref: Ref) -> Plan:
    """The recorded assessment (art. 7); one that was not passed leaves the draft a draft."""
    body: AssessIn = call.body
    plan = await _load(call, tx, ref)
    _at(plan, "draft")
    not_after(body.on, legal_day(call.now), "/on", "论证评估日期", article=7)
    plan["appraisal"] = {**msgspec.to_builtins(body), "by": call.principal.actor}
    if body.passed:
        plan["state"] = "appraised"
    message = f"论证评估{'通过' if body.passed else '未通过'}。"
    _tell(
        call, tx, plan, "plan.appraised", message, [Recipient(plan["tenant_id"], "leading_group_secretary")]
    )
    return _saved(call, tx, plan, "assess")


async def decide(call: Call, tx: Tx, ref: Ref) -> Plan:
    """The leading group adopts an appraised version, which replaces the one before, or gives it back (art. 7)."""
    body: DecideIn = call.body
    plan = await _load(call, tx, ref)
    _at(plan, "appraised")
    if any(call.principal.same_hand(by) for by in (plan["created_by"], plan["appraisal"]["by"])):
        raise same_person("编制或登记论证的人不能自己登记审定，须由另一人办理（本系统规定）", None)
    not_after(body.on, legal_day(call.now), "/on", "审定日期", article=7)
    not_before(body.on, date.fromisoformat(plan["appraisal"]["on"]), "/on", "审定日期", article=7)
    if body.decision == "return" and body.reason is None:
        raise invalid([FieldError("/reason", "missing_field", "退回规划请说明理由")])
    plan["decision"] = {**msgspec.to_builtins(body), "by": call.principal.actor}
    plan["state"] = "adopted" if body.decision == "adopt" else "draft"
    desks = [Recipient(plan["tenant_id"], role) for role in ("office", "drc", "gatekeeper", "approver")]
    if plan["state"] == "adopted" and plan["tenant_id"] == PROVINCE:
        kept = (
            "id",
            "plan_id",
            "number",
            "title",
            "first_year",
            "items",
            "appraisal",
            "decision",
            "ground",
            "reason",
        )
        tx.batch.add(_PUBLISH, adopted_at=call.now, **{name: plan[name] for name in kept})
    verb = "审议通过" if body.decision == "adopt" else "退回修改"
    _tell(call, tx, plan, "plan.decided", f"领导小组{verb}，文号 {body.number}。", desks)
    return _saved(call, tx, plan, "decide")


async def revise(call: Call, tx: Tx, ref: Ref) -> Plan:
    """A change of the adopted plan is a new version, on one of art. 7's two grounds; the old one stays readable."""
    body: ReviseIn = call.body
    plan = await _load(call, tx, ref)
    _at(plan, "adopted")
    rows = await tx.fetch(VERSIONS_OF, tenant_id=ref.tenant, plan_id=plan["plan_id"])
    if rows[0]["number"] != plan["number"]:
        detail = "规划已有更新的版本，请在最新版本上提出调整（第七条）"
        raise ServiceError(409, "plan_superseded", detail, article=7)
    return _created(
        call,
        tx,
        plan["plan_id"],
        plan["number"] + 1,
        plan["title"],
        plan["first_year"],
        plan["items"],
        body.ground,
        body.reason,
    )


def _saved(call: Call, tx: Tx, plan: Plan, action: str) -> Plan:
    read, plan["version"], plan["updated_at"] = plan["version"], plan["version"] + 1, call.now
    values = {name: plan[name] for name in _MUTABLE}
    tx.batch.add(
        _SAVE,
        of_tenant=plan["tenant_id"],
        of_id=plan["id"],
        read_version=read,
        new_version=plan["version"],
        **values,
    )
    _audited(call, tx, action, plan)
    return plan


def _audited(call: Call, tx: Tx, action: str, plan: Plan) -> None:
    audited(
        call,
        tx,
        f"plan.{action}",
        plan["id"],
        {"plan": plan["plan_id"], "number": plan["number"], "version": plan["version"]},
        tenant=plan["tenant_id"],
    )


def _tell(call: Call, tx: Tx, plan: Plan, kind: str, message: str, desks: list[Recipient]) -> None:
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
