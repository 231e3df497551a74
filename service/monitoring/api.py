"""/monitoring: what was approved and not filed, as CSV too; and the feed of filings.

Totals stand in api_totals.py, needs and duties in api_rates.py, the lists of findings in api_findings.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.csvout import MEDIA_TYPE
from service.kit.db import Row
from service.kit.listing import reach
from service.measures.parameters import BeforeFirstRules, UnknownParameter
from service.measures.rule_entries import Basis
from service.monitoring import api_findings, api_rates, api_reports, api_totals, api_watched
from service.monitoring.queries import FEED, UNFILED
from service.monitoring.schemas import (
    Feed,
    FeedItem,
    FeedQuery,
    Practice,
    Unfiled,
    UnfiledFilter,
    UnfiledPage,
    UnfiledQuery,
    unfiled_columns,
)
from service.projects.export import PAGE, download, tenant_names
from service.rulebook.book import RuleBooks

TAG = "monitoring"


# Approved, not filed.
_TERM = "filing.practice_days"


def _practice(call: Call, tenant: str, day: date) -> Practice | None:
    """The city's practice term that stood on the day of the approval, or None; never what is law (law.md, trap 5)."""
    book = call.service(RuleBooks).of(tenant)
    try:
        entry, days = book.entry_on(_TERM, day), book.number_on(_TERM, day)
    except (UnknownParameter, BeforeFirstRules):
        return None
    if entry.basis is not Basis.PRACTICE:
        return None
    due = day + timedelta(days=days)
    return Practice(days, due, max(0, (legal_day(call.now) - due).days))


def _unfiled_item(call: Call) -> Callable[[Row], Unfiled]:
    today = legal_day(call.now)
    names = [name for name in Unfiled.__struct_fields__ if name not in ("days_waiting", "practice")]

    def item(row: Row) -> Unfiled:
        day: date = row["document_date"]
        values = {name: row[name] for name in names}
        return Unfiled(
            **values, days_waiting=(today - day).days, practice=_practice(call, row["tenant"], day)
        )

    return item


@operation(
    "GET",
    "/monitoring/unfiled",
    resource="monitoring",
    action="read",
    summary="已批复未备案",
    tag=TAG,
    where="cases",
    query=UnfiledQuery,
    answer=UnfiledPage,
    paged=True,
)
async def unfiled(call: Call) -> Answer:
    """批复日期最早的在前，天数自该日起算，不论何时登记。第二十三条未规定备案期限；practice 是行政惯例。"""
    return await UNFILED.serve(call, _unfiled_item(call), UnfiledPage)


@operation(
    "GET",
    "/exports/monitoring/unfiled.csv",
    resource="monitoring",
    action="export",
    summary="导出已批复未备案",
    tag=TAG,
    where="cases",
    query=UnfiledFilter,
    answer=bytes,
    media_type=MEDIA_TYPE,
)
async def unfiled_csv(call: Call) -> Answer:
    """批复日期最早的在前。"""
    across, given = reach(call, call.query.tenant)
    pages = UNFILED.whole(call, UNFILED.wish(given, across=across), given, _unfiled_item(call), PAGE)
    return await download(call, "unfiled", "已批复未备案", unfiled_columns(await tenant_names(call)), pages)


@operation(
    "GET",
    "/monitoring/filings-feed",
    resource="monitoring",
    action="read",
    summary="备案动态",
    tag=TAG,
    query=FeedQuery,
    answer=Feed,
)
async def filings_feed(call: Call) -> Answer:
    """本省收到的备案，按收到次序递增；下次以 next_after 为 after 继续，不会遗漏。"""
    query: FeedQuery = call.query
    tenant = call.principal.tenant
    rows = await call.door.fetch(call.scope, FEED, tenant_id=tenant, after=query.after, limit=query.limit)
    items = [_feed_item(row) for row in rows]
    return Answer(Feed(items, items[-1].seq if items else query.after))


def _feed_item(row: Row) -> FeedItem:
    told: dict[str, Any] = row["snapshot"]
    event = (row["seq"], row["event_id"], row["source_tenant"], row["at"])
    return FeedItem(*event, told.get("filing", {}), told.get("project", {}))


ROUTES: list[HTTPRouteHandler] = [
    *api_totals.ROUTES,
    *api_rates.ROUTES,
    *api_reports.ROUTES,
    *api_watched.ROUTES,
    unfiled,
    unfiled_csv,
    filings_feed,
    *api_findings.ROUTES,
]
