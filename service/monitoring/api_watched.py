"""/suspicions/monitors: what is watched of declarations, month by month (arts 8, 9)."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.errors import not_found
from service.kit.scopes import is_commissioned, sees_all_but_drafts
from service.monitoring.queries_watched import watched_statement
from service.obligations.counted_as import PROVINCE, TENANT
from service.obligations.current import bring_up
from service.suspicions.monitors import by_one, item_of, year_before
from service.suspicions.schemas import MonitorItem, MonitorQuery, Monitors


@operation(
    "GET",
    "/suspicions/monitors",
    resource="suspicion.monitor",
    action="read",
    summary="疑点监测",
    tag="suspicions",
    where="cases",
    query=MonitorQuery,
    answer=Monitors,
)
async def read_monitors(call: Call) -> Answer:
    """各地区逐月的申报总量，接近限额、类别缺少依据、扣除运维后低于限额的数量和金额，运维占比，拆分和类别疑点数。"""
    query: MonitorQuery = call.query
    if query.tenant is not None and call.scope.login != "province" and query.tenant != call.principal.tenant:
        raise not_found()
    last = query.month_to or legal_day(call.now).strftime("%Y-%m")
    first = query.month_from or year_before(last)
    one = query.tenant is not None or call.scope.login != "province"
    tenant = (query.tenant or call.principal.tenant) if one else None
    await bring_up(call.services, call.scope, tenant, legal_day(call.now))
    items = await _running(call, tenant, first, last)
    if items is None:
        items = await by_one(call, tenant, first, last)
    return Answer(Monitors(first, last, items))


async def _running(call: Call, tenant: str | None, first: str, last: str) -> list[MonitorItem] | None:
    """From the running totals; None where cases must be counted one by one: for a reader of undeclared cases, and
    until every case of before is counted (obligations/watching.py)."""
    province = call.scope.login == "province"
    if not sees_all_but_drafts(call.scope.literal) if not province else is_commissioned(call.scope.literal):
        return None
    given: dict[str, Any] = {"month_from": first, "month_to": last}
    given["reach"] = [PROVINCE] if province else [TENANT, PROVINCE]
    if tenant is not None:
        given["tenant_id"] = tenant
    rows = await call.door.fetch(call.scope, watched_statement(one=tenant is not None), **given)
    if any(row["unwatched"] for row in rows):
        return None
    return [item_of(row) for row in rows if row["tenant_id"] is not None]


ROUTES: list[HTTPRouteHandler] = [read_monitors]
