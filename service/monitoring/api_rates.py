"""/monitoring/needs, /monitoring/duties: which city has reported and which has not, what was done in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.db import Row
from service.kit.listing import reach
from service.kit.money import yuan
from service.library.queries import ROUND_OF
from service.library.rounds import as_round, legal_close
from service.monitoring.api_totals import checked
from service.monitoring.periods import Period
from service.monitoring.queries_rates import DUTY_FIGURES, duties_statement, needs_statement
from service.monitoring.schemas_figures import (
    Drill,
    DutiesQuery,
    DutiesTotal,
    DutiesTotals,
    Figure,
    Kept,
    NeedsBefore,
    NeedsQuery,
    NeedsTotal,
    NeedsTotals,
)
from service.obligations.current import bring_up
from service.obligations.totals import running
from service.projects.export import in_turn, tenant_names

TAG = "monitoring"
# A kind of figure, and the list of duties that shows it.
_SHOWN: Mapping[str, Mapping[str, str]] = {
    "done": {"state": "done", "late": "false"},
    "done_late": {"state": "done", "late": "true"},
    "open": {"state": "open"},
    "lapsed": {"state": "lapsed"},
}


@operation(
    "GET",
    "/monitoring/needs",
    resource="monitoring",
    action="read",
    summary="需求报送汇总",
    tag=TAG,
    where="cases",
    query=NeedsQuery,
    answer=NeedsTotals,
)
async def needs(call: Call) -> Answer:
    """一个年度的征集中，各地是否已报送需求、报了多少、金额、截止后才报的有几项（第八、九条）；设区市看本市。

    没有报送的也各有一行；已由需求申报的项目仍计在其报送的年度。每项附列出这些项目的查询（drill）。
    """
    query: NeedsQuery = call.query
    year = query.year or legal_day(call.now).year
    across, whose = reach(call, query.tenant)
    years = [year, year - 1] if query.previous else [year]
    statement = needs_statement(across=across, some="tenants" in whose)
    rows = await call.door.fetch(call.scope, statement, years=[str(each) for each in years], **whose)
    found = {(row["tenant"], row["year"]): row for row in rows}
    tenants = in_turn(query.tenant, await tenant_names(call))
    items = [_needs(tenant, year, found, previous=query.previous) for tenant in tenants]
    announced = as_round(await call.door.row(call.scope, ROUND_OF, year=year))
    closes = announced.closes if announced else legal_close(call, year)
    done = sum(each.reported for each in items)
    return Answer(NeedsTotals(call.now, year, closes, done, len(items) - done, items))


def _needs(tenant: str, year: int, found: Mapping[tuple[str, str], Row], *, previous: bool) -> NeedsTotal:
    row, then = found.get((tenant, str(year))), found.get((tenant, str(year - 1)))
    before = None
    if previous:
        count, fen = (then["count"], then["amount_fen"]) if then else (0, 0)
        before = NeedsBefore(year - 1, count, yuan(fen), _cases(tenant, year - 1))
    return NeedsTotal(
        tenant=tenant,
        reported=row is not None,
        count=row["count"] if row else 0,
        late=row["late"] if row else 0,
        amount_yuan=yuan(row["amount_fen"] if row else 0),
        drill=_cases(tenant, year),
        last_on=date.fromisoformat(row["last_on"]) if row else None,
        previous=before,
    )


def _cases(tenant: str, year: int) -> Drill:
    return Drill("/api/v1/projects", {"tenant": tenant, "need_year": str(year)})


@operation(
    "GET",
    "/monitoring/duties",
    resource="monitoring",
    action="read",
    summary="期限办理汇总",
    tag=TAG,
    where="cases",
    query=DutiesQuery,
    answer=DutiesTotals,
)
async def duties(call: Call) -> Answer:
    """各地到期日在一段月份内的期限：按期办结、逾期办结、未到期、逾期未办各几件和按期率；设区市看本市。

    不再适用的不计。每个数附列出这些期限的查询（drill），previous=true 时附上一期。
    """
    query: DutiesQuery = call.query
    today = legal_day(call.now)
    period = checked(query.month_from or f"{today.year}-01", query.month_to or f"{today.year}-12")
    across, whose = reach(call, query.tenant)
    await bring_up(call.services, call.scope, whose.get("tenant_id"), today)
    tenants = in_turn(query.tenant, await tenant_names(call))
    now = await _kept(call, period, across=across, whose=whose)
    then = await _kept(call, period.before, across=across, whose=whose) if query.previous else {}
    keys = now.keys() | then.keys() | ({(tenant, None) for tenant in tenants} if not query.by_code else set())
    items = [
        DutiesTotal(
            tenant=tenant,
            code=code,
            now=now.get((tenant, code)) or _figures(query, period, tenant, code, {}),
            previous=(then.get((tenant, code)) or _figures(query, period.before, tenant, code, {}))
            if query.previous
            else None,
        )
        for tenant, code in sorted(keys, key=lambda key: (key[0], key[1] or ""))
    ]
    return Answer(DutiesTotals(call.now, items))


async def _kept(
    call: Call, period: Period, *, across: bool, whose: dict[str, Any]
) -> dict[tuple[str, str | None], Kept]:
    query: DutiesQuery = call.query
    due, by_code = period.days, query.by_code
    rows = await running(call, across=across, whose=whose, due=due, codes=query.code, by_code=by_code)
    if rows is None:
        statement = duties_statement(
            across=across, some="tenants" in whose, coded=query.code is not None, by_code=by_code
        )
        more: dict[str, Any] = {} if query.code is None else {"code": query.code}
        more |= {"today": legal_day(call.now), "due_from": due[0], "due_before": due[1]}
        rows = await call.door.fetch(call.scope, statement, **whose, **more)
    keys = [(row["tenant_id"], row["code"] if by_code else None) for row in rows]
    return {key: _figures(query, period, *key, row) for key, row in zip(keys, rows, strict=True)}


def _figures(
    query: DutiesQuery, period: Period, tenant: str, code: str | None, row: Mapping[str, Any]
) -> Kept:
    first, end = period.days
    codes = code or ",".join(query.code or ())
    params = {"tenant": tenant, "due_from": first.isoformat(), "due_before": end.isoformat()}
    params |= {"code": codes} if codes else {}
    told = {
        name: Figure(row.get(name, 0), Drill("/api/v1/obligations", {**params, **_SHOWN[name]}))
        for name in DUTY_FIGURES
    }
    judged = sum(told[name].count for name in ("done", "done_late", "lapsed"))
    percent = told["done"].count * 100 // judged if judged else None
    return Kept(period.first, period.last, **told, in_time_percent=percent)


ROUTES: list[HTTPRouteHandler] = [needs, duties]
