"""/monitoring/totals: cases and their amounts by city, route, state and month, the period before beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, TypeVar

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.csvout import MEDIA_TYPE, Columns, Plain
from service.kit.db import Row
from service.kit.errors import FieldError, ServiceError
from service.kit.listing import reach
from service.kit.money import yuan
from service.monitoring.periods import Period, shifted
from service.monitoring.queries_totals import GROUPS, TOTAL_FILTERS, totals_statement
from service.monitoring.schemas_figures import Before, Drill, Total, Totals, TotalsQuery
from service.projects.export import download, state_label, tenant_names
from service.vocabulary import label

TAG = "monitoring"
_EVER = "2000-01"  # no declaration is older
T = TypeVar("T")
Key = tuple[Any, ...]


@operation(
    "GET",
    "/monitoring/totals",
    resource="monitoring",
    action="read",
    summary="全省汇总",
    tag=TAG,
    where="cases",
    query=TotalsQuery,
    answer=Totals,
)
async def totals(call: Call) -> Answer:
    """地区、路径、状态、月份的项目数和金额，各附列出这些项目的查询（drill）；设区市看本市。

    已报省而未申报的需求按报省的月份计入，草稿和未出本市的需求不计；previous=true 时各附上一期的数。
    """
    return Answer(await _totals(call))


@operation(
    "GET",
    "/monitoring/totals.csv",
    resource="monitoring",
    action="export",
    summary="导出全省汇总",
    tag=TAG,
    where="cases",
    query=TotalsQuery,
    answer=bytes,
    media_type=MEDIA_TYPE,
)
async def totals_csv(call: Call) -> Answer:
    """与汇总相同的筛选和分组。"""
    found, names = await _totals(call), await tenant_names(call)
    labels: dict[str, tuple[str, Callable[[Total], str]]] = {
        "tenant": ("地区", lambda t: names.get(t.tenant or "", t.tenant or "")),
        "route": ("审批路径", lambda t: label("route", t.route)),
        "state": ("状态", lambda t: state_label(t.state or "")),
        "month": ("申报月份", lambda t: t.month or ""),
    }
    before: Columns[Total] = (
        ("上一期项目数", lambda t: t.previous.count if t.previous else ""),
        ("上一期金额（元）", lambda t: Plain(t.previous.amount_yuan if t.previous else "")),
    )
    columns: Columns[Total] = (
        *(labels[name] for name in _group(call.query)),
        ("项目数", lambda t: t.count),
        ("金额（元）", lambda t: Plain(t.amount_yuan)),
        *(before if call.query.previous else ()),
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
    rows = await _cells(call, given, group)
    items = {_key(row, group): _total(given, row, group) for row in rows if row["count"] is not None}
    if query.previous:
        await _beside(call, items, given, group)
    shown = [items[key] for key in sorted(items)]
    return Totals(call.now, rows[0]["unfolded"], rows[0]["oldest_unfolded_at"], shown)


async def _cells(call: Call, given: Mapping[str, Any], group: tuple[str, ...]) -> list[Row]:
    return await call.door.fetch(call.scope, totals_statement(frozenset(given), group), **given)


def _key(row: Row, group: tuple[str, ...], by: int = 0) -> Key:
    """The cell of a row; `by` months later, where months are told apart."""
    return tuple(shifted(row[name], by) if name == "month" else row[name] for name in group)


def _total(given: Mapping[str, Any], row: Row, group: tuple[str, ...]) -> Total:
    cell = {name: row[name] for name in group}
    return Total(row["count"], yuan(row["amount_fen"]), drill(given, cell), **cell)


def drill(given: Mapping[str, Any], cell: Mapping[str, str]) -> Drill:
    """The list of cases with the cell's values and filters: of what was declared at any time, where none is told."""
    asked = {**given, **cell}
    month = asked.pop("month", None)
    months = {"month_from": month, "month_to": month} if month else {}
    return Drill("/api/v1/projects", {"month_from": _EVER, **asked, **months})


async def _beside(call: Call, items: dict[Key, Total], given: dict[str, Any], group: tuple[str, ...]) -> None:
    """Beside each cell what it was in the period before; a cell that has emptied since then is there with 0."""
    now = _period(call)
    given |= {"month_to": now.last}
    rows = await _cells(call, {**given, **_months(now.before)}, group)
    found = {_key(row, group, now.months): row for row in rows if row["count"] is not None}
    for key in items.keys() | found.keys():
        cell = dict(zip(group, key, strict=True))
        if key not in items:
            items[key] = Total(0, yuan(0), drill(given, cell), **cell)
        then = {**cell, "month": shifted(cell["month"], -now.months)} if "month" in cell else cell
        row = found.get(key)
        span = Period(then["month"], then["month"]) if "month" in then else now.before
        items[key].previous = Before(
            span.first,
            span.last,
            row["count"] if row else 0,
            yuan(row["amount_fen"] if row else 0),
            drill({**given, **_months(now.before)}, then),
        )


def _months(period: Period) -> dict[str, str]:
    return {"month_from": period.first, "month_to": period.last}


def _period(call: Call) -> Period:
    query: TotalsQuery = call.query
    last = query.month_to or legal_day(call.now).strftime("%Y-%m")
    return checked(query.month_from, last)


def checked(first: str | None, last: str) -> Period:
    """The period asked for; 400 where it has no beginning, ends before it, or has no period before it."""
    if first is None:
        why = "与上一期比较须给出起始月份"
    elif first > last:
        why = "起始月份晚于截止月份"
    elif first < _EVER:
        why = "起始月份不早于 2000-01"
    else:
        return Period(first, last)
    fault = FieldError("month_from", "date_order" if first else "required", why)
    raise ServiceError(400, "invalid_query", f"查询参数有误：{why}", errors=[fault])


async def _once(items: list[T]) -> AsyncIterator[list[T]]:
    yield items


ROUTES: list[HTTPRouteHandler] = [totals, totals_csv]
