"""A project stands on one item of a plan in force (arts 7, 8, 10)."""

from __future__ import annotations

from typing import Any

from service.kit.api import Call
from service.kit.db import Tx
from service.kit.errors import Error, FieldError, ServiceError, invalid
from service.kit.ids import Ref, parse_ref
from service.library.entries import reorder
from service.library.plans_seen import Plan, newest, published
from service.library.queries_plans import PLAN_VERSIONS, PUBLISHED
from service.library.schemas_plans import PlanLinkIn
from service.measures.lifecycle import Action
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, owner_desks, perform
from service.projects.submission import PROVINCE

OLD = Error(409, "plan_superseded", "规划已有更新的版本")


@deed(
    "plan-item",
    Action.LINK_PLAN,
    body=PlanLinkIn,
    summary="对应三年规划条目",
    may="project.plan/link",
    tag="plans",
    where="own",
    gated=False,
    errors=(OLD,),
)
async def link(desk: Desk) -> None:
    """对应现行规划中的一个条目；列入省三年规划的优先入库（第七条、第八条、第十条）。"""
    # A project stands on one item of a plan in force (arts 7, 10).
    body: PlanLinkIn = desk.body
    case = desk.case
    today = desk.today
    plan, item = await _item(desk.call, desk.tx, parse_ref(body.plan), body.item)
    fact = {"plan": body.plan, "number": plan["number"], "item": item["key"], "title": item["title"]}
    told = Deed(
        Action.LINK_PLAN,
        today,
        "project.plan_linked",
        owner_desks(case),
        content=fact,
        dated={"plan_item": fact},
        message=f"对应《{plan['title']}》第 {plan['number']} 版条目 {item['key']}。",
    )
    perform(desk.tx, case, told, desk.actor, desk.row)
    reorder(desk.tx, case, today)


async def _item(call: Call, tx: Tx, ref: Ref, key: str) -> tuple[Plan, dict[str, Any]]:
    plans = [published(row) for row in await tx.fetch(PUBLISHED)]
    if call.principal.tenant != PROVINCE:
        plans += [dict(row) for row in await tx.fetch(PLAN_VERSIONS, tenant_id=call.principal.tenant)]
    latest = newest(plans)
    plan = next((p for p in plans if (p["tenant_id"], p["id"]) == ref and p["state"] == "adopted"), None)
    if plan is None:
        raise invalid([FieldError("/plan", "unknown_plan", "没有这个已审定的规划（第七条）")])
    if latest[plan["plan_id"]] != plan["number"]:
        raise ServiceError(409, "plan_superseded", "规划已有新版本，请对应新版本的条目（第七条）", article=7)
    item = next((each for each in plan["items"] if each["key"] == key), None)
    if item is None:
        raise invalid([FieldError("/item", "unknown_item", "规划中没有这个条目（第七条）")])
    return plan, item
