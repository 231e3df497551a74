"""/obligations: what is due, for whom, since when."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.errors import not_found
from service.kit.ids import parse_ref
from service.kit.listing import reach
from service.kit.rows import of_row
from service.measures.deadlines import TITLES
from service.obligations import api_calendar, api_feeds
from service.obligations.current import bring_up, bring_up_case
from service.obligations.listing import LISTING
from service.obligations.queries import PROJECT, summary_statement
from service.obligations.schemas import (
    Count,
    ObligationList,
    ObligationQuery,
    ProjectObligations,
    Summary,
    TenantCount,
)
from service.obligations.totals import running
from service.obligations.views import mine, oversees, view
from service.projects.case import in_reach

TAG = "obligations"


@operation(
    "GET",
    "/obligations",
    resource="obligation",
    action="list",
    summary="待办期限",
    tag=TAG,
    where="cases",
    query=ObligationQuery,
    answer=ObligationList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """先到期的在前；不指明 state 时为未办结的（含逾期）。单位看本单位，设区市看本市，省级看各地已申报的项目。"""
    query: ObligationQuery = call.query
    across, whose = reach(call, query.tenant)
    given: dict[str, Any] = {**LISTING.given(query), **whose}
    if query.state is None:
        given["owed"] = True
    if query.mine or not oversees(call.principal):
        given |= mine(call.principal)
    today, roles = legal_day(call.now), call.services.policy.roles
    await bring_up(call.services, call.scope, given.get("tenant_id"), today)
    wish = LISTING.wish(given, across=across)
    given["today"] = today
    return await LISTING.answer(call, query, wish, given, lambda row: view(row, today, roles), ObligationList)


@operation(
    "GET",
    "/projects/{ref:str}/obligations",
    resource="obligation",
    action="list",
    summary="一个项目的期限",
    tag=TAG,
    where="cases",
    answer=ProjectObligations,
)
async def of_project(call: Call) -> Answer:
    """全部期限，含已办结和不再适用的；每项注明条款或管理惯例、责任方和暂停事由。"""
    ref = parse_ref(call.path("ref"))
    in_reach(call.principal, ref, call.scope)
    if await call.door.row(call.scope, PROJECT, tenant_id=ref.tenant, id=ref.id) is None:
        raise not_found()
    given: dict[str, Any] = {"project": ref.id}
    if not oversees(call.principal):
        given |= mine(call.principal)
    today, roles = legal_day(call.now), call.services.policy.roles
    await bring_up_case(call.door, ref.tenant, ref.id, today)
    wish, given = LISTING.wish(given), {**given, "tenant_id": ref.tenant, "today": today}
    rows = await LISTING.rows(call, wish, given, cursor=None, limit=1000)
    return Answer(ProjectObligations([view(row, today, roles) for row in rows]))


@operation(
    "GET",
    "/obligations/summary",
    resource="obligation",
    action="summary",
    summary="各地期限汇总",
    tag=TAG,
    where="cases",
    answer=Summary,
)
async def summary(call: Call) -> Answer:
    """按地区和事项统计未到期、逾期、暂停计时和三十日内到期的件数。"""
    today = legal_day(call.now)
    across = call.scope.login == "province"
    given = {} if across else {"tenant_id": call.principal.tenant}
    await bring_up(call.services, call.scope, given.get("tenant_id"), today)
    rows = await running(call, across=across, whose=given)
    if rows is None:
        rows = await call.door.fetch(call.scope, summary_statement(across=across), today=today, **given)
    found: dict[str, TenantCount] = {}
    for row in rows:
        if not row["open"] and not row["lapsed"]:  # kept, all of them
            continue
        count = of_row(Count, row, title=TITLES[row["code"]])
        of = found.setdefault(
            row["tenant_id"], TenantCount(row["tenant_id"], row["tenant_name"], 0, 0, 0, 0, [])
        )
        of.codes.append(count)
        for name in ("open", "lapsed", "paused", "soon"):
            setattr(of, name, getattr(of, name) + getattr(count, name))
    return Answer(Summary(today, list(found.values())))


ROUTES: list[HTTPRouteHandler] = [
    list_page,
    of_project,
    summary,
    *api_feeds.ROUTES,
    *api_calendar.ROUTES,
]
ROOT_ROUTES: list[HTTPRouteHandler] = [*api_feeds.ROOT_ROUTES]
