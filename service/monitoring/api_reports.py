"""/reports/late: whose yearly report is missing or came late (art. 27)."""

from __future__ import annotations

from dataclasses import replace

from litestar.handlers import HTTPRouteHandler

from service.delivery.building_report_schemas import LateItem, LateList, LateQuery
from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.db import Row
from service.kit.ids import Ref
from service.kit.listing import reach
from service.kit.rows import of_row
from service.monitoring.queries_reports import LATE
from service.obligations.current import bring_up


@operation(
    "GET",
    "/reports/late",
    resource="project.report",
    action="late",
    summary="年度报告迟报",
    tag="delivery",
    where="cases",
    query=LateQuery,
    answer=LateList,
    paged=True,
)
async def late_reports(call: Call) -> Answer:
    """由本级决定的项目中，该年度的绩效评价报告没有报或者迟报的（第二十七条）；不填年度即上一年度。"""
    query: LateQuery = call.query
    today = legal_day(call.now)
    year = query.year or today.year - 1
    across, given = reach(call, None)
    await bring_up(call.services, call.scope, given.get("tenant_id"), today)
    given |= {"year": str(year), "today": today}
    listing = replace(LATE[across], name=f"late:{year}")

    def item(row: Row) -> LateItem:
        key = str(Ref(row["tenant_id"], row["id"]))
        return of_row(LateItem, row, id=key, tenant=row["tenant_id"], year=year)

    return await listing.answer(call, query, listing.wish({}, across=across), given, item, LateList)


ROUTES: list[HTTPRouteHandler] = [late_reports]
