"""/plans: three-year plans of the province and of cities; /projects/{id}/plan-item."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.errors import not_found
from service.kit.ids import Ref, parse_ref
from service.library import plans
from service.library.plan_items import OLD
from service.library.plans_seen import newest, plan_view, seen
from service.library.schemas_plans import (
    AssessIn,
    DecideIn,
    PlanEdit,
    PlanIn,
    PlanList,
    PlanQuery,
    PlanView,
    ReviseIn,
)

TAG = "plans"
STAGE = Error(409, "action_not_allowed", "规划的当前阶段不能办理该事项")
OPEN = Error(409, "plan_open", "已有一个正在办理的新版本")


async def _done(call: Call, tx: Tx, act: Callable[[Call, Tx, Ref], Awaitable[dict[str, Any]]]) -> Answer:
    plan = await act(call, tx, parse_ref(call.path("ref")))
    latest = plan["number"] if plan["state"] == "adopted" else None
    return Answer(plan_view(plan, latest), version=plan["version"])


@operation(
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
)
async def create(call: Call, tx: Tx) -> Answer:
    """第一版草稿；条目须说明与国家和省规划的衔接（第七条、第十条）。"""
    plan = await plans.draft(call, tx)
    view_ = plan_view(plan, None)
    return Answer(view_, version=1, headers={"location": f"/api/v1/plans/{view_.id}"})


@operation(
    "GET",
    "/plans",
    resource="plan",
    action="read",
    summary="三年规划",
    tag=TAG,
    query=PlanQuery,
    answer=PlanList,
)
async def list_plans(call: Call) -> Answer:
    """省级已审定的各版本对各租户公开；本租户的规划另列，草稿只对编制机构可见。"""
    found = await seen(call, call.scope)
    latest = newest(found)
    views = [plan_view(plan, latest.get(plan["plan_id"])) for plan in found]
    wanted = call.query.in_force
    return Answer(PlanList([each for each in views if wanted in (None, each.in_force)]))


@operation(
    "GET",
    "/plans/{ref:str}",
    resource="plan",
    action="read",
    summary="读取规划版本",
    tag=TAG,
    answer=PlanView,
)
async def read(call: Call) -> Answer:
    """旧版本仍可查阅。"""
    ref = parse_ref(call.path("ref"))
    found = await seen(call, call.scope)
    plan = next((each for each in found if (each["tenant_id"], each["id"]) == ref), None)
    if plan is None:
        raise not_found()
    latest = newest(found).get(plan["plan_id"])
    return Answer(plan_view(plan, latest), version=plan["version"])


@operation(
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
)
async def edit(call: Call, tx: Tx) -> Answer:
    """改动后须重新论证评估。"""
    return await _done(call, tx, plans.edit)


@operation(
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
)
async def assess(call: Call, tx: Tx) -> Answer:
    """论证评估通过后方可报领导小组（第七条）。"""
    return await _done(call, tx, plans.assess)


@operation(
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
)
async def decide(call: Call, tx: Tx) -> Answer:
    """规划和规划的调整都只由领导小组审定（第七条）。"""
    return await _done(call, tx, plans.decide)


@operation(
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
)
async def revise(call: Call, tx: Tx) -> Answer:
    """仅因发展环境重大变化或国家新要求；生成新版本草稿，原版本不变（第七条）。"""
    return await _done(call, tx, plans.revise)


ROUTES: list[HTTPRouteHandler] = [
    create,
    list_plans,
    read,
    edit,
    assess,
    decide,
    revise,
]
