"""/plans: three-year plans of the province and of cities; /projects/{id}/plan-item."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.errors import or_404
from service.kit.ids import parse_ref
from service.library import plans
from service.library.plans_rows import TAG
from service.library.plans_seen import newest, plan_view, seen
from service.library.schemas_plans import (
    PlanList,
    PlanQuery,
    PlanView,
)


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
    """省级已审定的各版本对各地区公开；本地区的规划另列，草稿只对编制机构可见。"""
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
    plan = or_404(next((each for each in found if (each["tenant_id"], each["id"]) == ref), None))
    latest = newest(found).get(plan["plan_id"])
    return Answer(plan_view(plan, latest), version=plan["version"])


ROUTES: list[HTTPRouteHandler] = [
    *routes_of(plans),
    list_plans,
    read,
]
