"""Three-year plans (arts 7, 10; of cities, art. 5): drafted, appraised, adopted and changed by the leading group."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
from msgspec import UNSET

from service.kit.api import Answer, Call, Error
from service.kit.clock import legal_day
from service.kit.command import command, ref_of
from service.kit.db import Tx
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.ids import Ref, new_id
from service.kit.outbox import Recipient
from service.kit.rows import columns_of
from service.kit.tables import insert_row
from service.library.models import plan_versions, published_plans
from service.library.plan_items import OLD
from service.library.plans_rows import STAGE, TAG, at_stage, checked, done, load, plan_audited, saved, tell
from service.library.plans_seen import Plan, plan_view
from service.library.queries_plans import VERSIONS_OF
from service.library.schemas_plans import (
    AssessIn,
    DecideIn,
    PlanEdit,
    PlanIn,
    PlanView,
    ReviseIn,
)
from service.projects.hands import same_person
from service.projects.phases import not_after, not_before
from service.projects.submission import PROVINCE

OPEN = Error(409, "plan_open", "已有一个正在办理的新版本")


_CREATE, _PUBLISH = insert_row(plan_versions), insert_row(published_plans)


def _drafted(call: Call, plan: Any) -> Answer:
    view_ = plan_view(plan, None)
    return Answer(view_, version=1, headers={"location": f"/api/v1/plans/{view_.id}"})


@command(
    "POST",
    "/plans",
    resource="plan",
    action="prepare",
    summary="编制三年规划",
    tag=TAG,
    where="cases",
    body=PlanIn,
    answer=PlanView,
    status=201,
    view=_drafted,
)
async def create(call: Call, tx: Tx) -> Plan:
    """第一版草稿；条目须说明与国家和省规划的衔接（第七条、第十条）。"""
    # The first version of a plan.
    body: PlanIn = call.body
    items = checked(body.items, body.first_year)
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
    plan_audited(call, tx, "draft", plan)
    return plan


@command(
    "PATCH",
    "/plans/{ref:str}",
    resource="plan",
    action="prepare",
    summary="修改规划草稿",
    tag=TAG,
    where="cases",
    body=PlanEdit,
    answer=PlanView,
    if_match=True,
    errors=(STAGE,),
    at=ref_of,
    view=done,
)
async def edit(call: Call, tx: Tx, ref: Ref) -> Plan:
    """改动后须重新论证评估。"""
    # Changes a version that is not adopted; what was appraised must be appraised again.
    body: PlanEdit = call.body
    plan = await load(call, tx, ref)
    at_stage(plan, "draft", "appraised")
    if body.title is not UNSET:
        plan["title"] = body.title
    if body.items is not UNSET:
        plan["items"] = checked(body.items, plan["first_year"])
    plan |= {"state": "draft", "appraisal": None}
    return saved(call, tx, plan, "edit")


@command(
    "POST",
    "/plans/{ref:str}/assess",
    resource="plan",
    action="prepare",
    summary="登记规划论证评估",
    tag=TAG,
    where="cases",
    body=AssessIn,
    answer=PlanView,
    if_match=True,
    errors=(STAGE,),
    at=ref_of,
    view=done,
)
async def assess(call: Call, tx: Tx, ref: Ref) -> Plan:
    """论证评估通过后方可报领导小组（第七条）。"""
    # The recorded assessment (art. 7); one that was not passed leaves the draft a draft.
    body: AssessIn = call.body
    plan = await load(call, tx, ref)
    at_stage(plan, "draft")
    not_after(body.on, legal_day(call.now), "/on", "论证评估日期", article=7)
    plan["appraisal"] = {**msgspec.to_builtins(body), "by": call.principal.actor}
    if body.passed:
        plan["state"] = "appraised"
    message = f"论证评估{'通过' if body.passed else '未通过'}。"
    tell(call, tx, plan, "plan.appraised", message, [Recipient(plan["tenant_id"], "leading_group_secretary")])
    return saved(call, tx, plan, "assess")


@command(
    "POST",
    "/plans/{ref:str}/decide",
    resource="plan",
    action="decide",
    summary="登记领导小组审定",
    tag=TAG,
    where="cases",
    body=DecideIn,
    answer=PlanView,
    if_match=True,
    errors=(STAGE,),
    at=ref_of,
    view=done,
)
async def decide(call: Call, tx: Tx, ref: Ref) -> Plan:
    """规划和规划的调整都只由领导小组审定（第七条）。"""
    # The leading group adopts an appraised version, which replaces the one before, or gives it back (art. 7).
    body: DecideIn = call.body
    plan = await load(call, tx, ref)
    at_stage(plan, "appraised")
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
        tx.batch.add(_PUBLISH, adopted_at=call.now, **columns_of(plan, *kept))
    verb = "审议通过" if body.decision == "adopt" else "退回修改"
    tell(call, tx, plan, "plan.decided", f"领导小组{verb}，文号 {body.number}。", desks)
    return saved(call, tx, plan, "decide")


@command(
    "POST",
    "/plans/{ref:str}/revise",
    resource="plan",
    action="prepare",
    summary="提出规划调整",
    tag=TAG,
    where="cases",
    body=ReviseIn,
    answer=PlanView,
    if_match=True,
    status=201,
    errors=(STAGE, OLD),
    conflict=OPEN,
    at=ref_of,
    view=done,
)
async def revise(call: Call, tx: Tx, ref: Ref) -> Plan:
    """仅因发展环境重大变化或国家新要求；生成新版本草稿，原版本不变（第七条）。"""
    # A change of the adopted plan is a new version, on one of art. 7's two grounds; the old one stays readable.
    body: ReviseIn = call.body
    plan = await load(call, tx, ref)
    at_stage(plan, "adopted")
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
