"""/obligations: what is due, for whom, since when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.db import Row
from service.kit.errors import not_found
from service.kit.ids import parse_ref
from service.kit.paging import next_link, seal, unseal
from service.measures.deadlines import TITLES
from service.obligations import api_calendar, api_feeds
from service.obligations.current import bring_up, bring_up_case
from service.obligations.queries import FILTERS, PROJECT, list_statement, summary_statement
from service.obligations.schemas import (
    Count,
    ObligationList,
    ObligationQuery,
    ProjectObligations,
    Summary,
    TenantCount,
)
from service.obligations.views import mine, oversees, view
from service.projects.case import in_reach

TAG = "obligations"
SOON = timedelta(days=30)


def _context(call: Call) -> str:
    return f"obligations:{call.principal.scope}:{call.scope.login}"


async def _page(call: Call, query: ObligationQuery) -> list[Row]:
    """Rows of a page and one more, if there is a next one."""
    if query.tenant is not None and call.scope.login != "province" and query.tenant != call.principal.tenant:
        raise not_found()
    given: dict[str, Any] = {
        name: value
        for name, value in msgspec.structs.asdict(query).items()
        if name in FILTERS and value is not None
    }
    if query.state is None:
        given["owed"] = True
    if query.mine or not oversees(call.principal):
        given |= mine(call.principal)
    if query.cursor is not None:
        after, given["after_id"] = unseal(call.services.cursor_secret, _context(call), query.cursor)
        given["after_due"], given["after"] = date.fromisoformat(after), True
    across = call.scope.login == "province" and query.tenant is None
    if not across:
        given["tenant_id"] = query.tenant or call.principal.tenant
    statement, today = (
        list_statement(frozenset(given).intersection(FILTERS), across=across),
        legal_day(call.now),
    )
    await bring_up(call.door, call.scope, given.get("tenant_id"), today)
    return await call.door.fetch(call.scope, statement, limit=query.limit + 1, today=today, **given)


@operation(
    "GET", "/obligations", resource="obligation", action="list", summary="待办期限", tag=TAG, where="cases",
    query=ObligationQuery, answer=ObligationList, paged=True,
)  # fmt: skip
async def list_page(call: Call) -> Answer:
    """先到期的在前；不指明 state 时为未办结的（含逾期）。单位看本单位，设区市看本市，省级看各地已申报的项目。"""
    query: ObligationQuery = call.query
    rows = await _page(call, query)
    shown, cursor = rows[: query.limit], None
    if len(rows) > query.limit:
        last = shown[-1]
        cursor = seal(call.services.cursor_secret, _context(call), [last["due"].isoformat(), last["id"]])
    today, roles = legal_day(call.now), call.services.policy.roles
    headers = next_link("/api/v1/obligations", msgspec.to_builtins(query), cursor)
    return Answer(ObligationList([view(row, today, roles) for row in shown], cursor), headers=headers)


@operation(
    "GET", "/projects/{ref:str}/obligations", resource="obligation", action="list", summary="一个项目的期限",
    tag=TAG, where="cases", answer=ProjectObligations,
)  # fmt: skip
async def of_project(call: Call) -> Answer:
    """全部期限，含已办结和不再适用的；每项注明条款或管理惯例、责任方和暂停事由。"""
    ref = parse_ref(call.path("ref"))
    in_reach(call.principal, ref, call.scope)
    if await call.door.row(call.scope, PROJECT, tenant_id=ref.tenant, id=ref.id) is None:
        raise not_found()
    given: dict[str, Any] = {"project": ref.id}
    if not oversees(call.principal):
        given |= mine(call.principal)
    statement = list_statement(frozenset(given).intersection(FILTERS), across=False)
    today, roles = legal_day(call.now), call.services.policy.roles
    await bring_up_case(call.door, ref.tenant, ref.id, today)
    rows = await call.door.fetch(
        call.scope, statement, tenant_id=ref.tenant, limit=1000, today=today, **given
    )
    return Answer(ProjectObligations([view(row, today, roles) for row in rows]))


@operation(
    "GET", "/obligations/summary", resource="obligation", action="summary", summary="各地期限汇总", tag=TAG,
    where="cases", answer=Summary,
)  # fmt: skip
async def summary(call: Call) -> Answer:
    """按租户和事项统计未到期、逾期、暂停计时和三十日内到期的件数。"""
    today = legal_day(call.now)
    across = call.scope.login == "province"
    given = {} if across else {"tenant_id": call.principal.tenant}
    await bring_up(call.door, call.scope, given.get("tenant_id"), today)
    rows = await call.door.fetch(
        call.scope, summary_statement(across=across), today=today, soon=today + SOON, **given
    )
    found: dict[str, TenantCount] = {}
    for row in rows:
        count = Count(
            row["code"], TITLES[row["code"]], row["open"], row["lapsed"], row["paused"], row["soon"]
        )
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
