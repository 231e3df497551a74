"""/monitoring: the province's totals, what was approved and not filed, as CSV too; and the feed of filings.

The lists of findings stand in api_findings.py.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.csvout import MEDIA_TYPE, Columns, Plain
from service.kit.db import Row
from service.kit.listing import reach
from service.kit.money import yuan
from service.kit.paging import next_link
from service.measures.entries import Basis
from service.measures.parameters import BeforeFirstRules, UnknownParameter
from service.monitoring import api_findings
from service.monitoring.places import cursor_after, place
from service.monitoring.queries import (
    FEED,
    GROUPS,
    TOTAL_FILTERS,
    totals_statement,
    unfiled_statement,
)
from service.monitoring.schemas import (
    Drill,
    Feed,
    FeedItem,
    FeedQuery,
    Practice,
    Total,
    Totals,
    TotalsQuery,
    Unfiled,
    UnfiledFilter,
    UnfiledPage,
    UnfiledQuery,
    unfiled_columns,
)
from service.projects.export import all_pages, download, state_label, tenant_names
from service.rulebook.book import RuleBooks
from service.vocabulary import label

TAG = "monitoring"
_EVER = "2000-01"  # no declaration is older
T = TypeVar("T")


@operation(
    "GET", "/monitoring/totals", resource="monitoring", action="read", summary="全省汇总", tag=TAG, where="cases",
    query=TotalsQuery, answer=Totals,
)  # fmt: skip
async def totals(call: Call) -> Answer:
    """租户、路径、状态、申报月份的项目数和金额，各附列出这些项目的查询（drill）；草稿不计，设区市看本市。"""
    return Answer(await _totals(call))


@operation(
    "GET", "/monitoring/totals.csv", resource="monitoring", action="export", summary="导出全省汇总", tag=TAG,
    where="cases", query=TotalsQuery, answer=bytes, media_type=MEDIA_TYPE,
)  # fmt: skip
async def totals_csv(call: Call) -> Answer:
    """与汇总相同的筛选和分组。"""
    found, names = await _totals(call), await tenant_names(call)
    labels: dict[str, tuple[str, Callable[[Total], str]]] = {
        "tenant": ("租户", lambda t: names.get(t.tenant or "", t.tenant or "")),
        "route": ("审批路径", lambda t: label("route", t.route)),
        "state": ("状态", lambda t: state_label(t.state or "")),
        "month": ("申报月份", lambda t: t.month or ""),
    }
    columns: Columns[Total] = (
        *(labels[name] for name in _group(call.query)),
        ("项目数", lambda t: t.count),
        ("金额（元）", lambda t: Plain(t.amount_yuan)),
    )
    return await download(call, "totals", "全省汇总", columns, _once(found.items))


def _group(query: TotalsQuery) -> tuple[str, ...]:
    asked = query.group.split(",")
    return tuple(name for name in GROUPS if name in asked)


async def _totals(call: Call) -> Totals:
    query: TotalsQuery = call.query
    given = {name: getattr(query, name) for name in TOTAL_FILTERS if getattr(query, name) is not None}
    _, whose = reach(call, query.tenant)
    given |= {"tenant": whose["tenant_id"]} if whose else {}
    group = _group(query)
    rows = await call.door.fetch(call.scope, totals_statement(frozenset(given), group), **given)
    items = [
        Total(
            row["count"],
            yuan(row["amount_fen"]),
            _drill(given, row, group),
            **{name: row[name] for name in group},
        )
        for row in rows
        if row["count"] is not None
    ]
    return Totals(call.now, rows[0]["unfolded"], rows[0]["oldest_unfolded_at"], items)


def _drill(given: Mapping[str, Any], row: Row, group: tuple[str, ...]) -> Drill:
    """The list of cases with the cell's values and filters: of what was declared at any time, where none is told."""
    asked = {**given, **{name: row[name] for name in group}}
    month = asked.pop("month", None)
    months = {"month_from": month, "month_to": month} if month else {}
    return Drill("/api/v1/projects", {"month_from": _EVER, **asked, **months})


async def _once(items: list[T]) -> AsyncIterator[list[T]]:
    yield items


# Approved, not filed.
_UNFILED = "monitoring:unfiled-by-document"
_TERM = "filing.practice_days"


def _unfiled_key(row: Row) -> dict[str, Any]:
    return {"after_date": row["document_date"], "after_id": row["project_id"]}


async def _unfiled(call: Call, after: dict[str, Any] | None, limit: int) -> list[Row]:
    across, tenant = reach(call, call.query.tenant)
    statement = unfiled_statement(after=after is not None, across=across)
    return await call.door.fetch(call.scope, statement, limit=limit, **tenant, **(after or {}))


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
    "GET", "/monitoring/unfiled", resource="monitoring", action="read", summary="已批复未备案", tag=TAG,
    where="cases", query=UnfiledQuery, answer=UnfiledPage, paged=True,
)  # fmt: skip
async def unfiled(call: Call) -> Answer:
    """批复日期最早的在前，天数自该日起算，不论何时登记。第二十三条未规定备案期限；practice 是行政惯例。"""
    query: UnfiledQuery = call.query
    rows = await _unfiled(
        call, place(call, _UNFILED, ("after_date", "after_id"), date.fromisoformat), query.limit + 1
    )
    cursor = cursor_after(call, _UNFILED, rows, _unfiled_key)
    items = list(map(_unfiled_item(call), rows[: query.limit]))
    link = next_link("/api/v1/monitoring/unfiled", msgspec.to_builtins(query), cursor)
    return Answer(UnfiledPage(items, cursor), headers=link)


@operation(
    "GET", "/exports/monitoring/unfiled.csv", resource="monitoring", action="export", summary="导出已批复未备案",
    tag=TAG, where="cases", query=UnfiledFilter, answer=bytes, media_type=MEDIA_TYPE,
)  # fmt: skip
async def unfiled_csv(call: Call) -> Answer:
    """批复日期最早的在前。"""
    names = await tenant_names(call)
    pages = all_pages(lambda after, limit: _unfiled(call, after, limit), _unfiled_key, _unfiled_item(call))
    return await download(call, "unfiled", "已批复未备案", unfiled_columns(names), pages)


@operation(
    "GET", "/monitoring/filings-feed", resource="monitoring", action="read", summary="备案动态", tag=TAG,
    query=FeedQuery, answer=Feed,
)  # fmt: skip
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
    totals, totals_csv, unfiled, unfiled_csv, filings_feed, *api_findings.ROUTES,
]  # fmt: skip
