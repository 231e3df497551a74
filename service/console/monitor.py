"""全省监测: who declared, what is approved and not filed, what is near the line, what is late, city by city.

A city's desks see their own city alone (art. 5): of the others they know nothing, so none of them is shown as having
nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console.drawing import Column, bar, columns, spark, step_of
from service.console.pages import page, render
from service.console.visiting import Visit
from service.kit import clock
from service.kit.handler import Rendered
from service.province import CODE, HERE
from service.vocabulary import names

PROVINCE = CODE
SHOWN = ("unfiled", "declared", "near", "late")
MONTHS = 12
COLUMNS = 4


# By which figure the cities' table and the table of needs and terms may be ordered, and how each column is called.
class Heading(NamedTuple):
    """A column's heading, and the name by which an address orders its table by it."""

    name: str
    words: str


ORDERS = (
    Heading("declared", "申报（项）"),
    Heading("amount", "金额（万元）"),
    Heading("unfiled", "未备案"),
    Heading("longest", "最久（天）"),
    Heading("near", names("finding")["near_line"]),
    Heading("late", "逾期"),
)
BY = (
    Heading("count", "报送需求（项）"),
    Heading("amount", "金额（万元）"),
    Heading("previous", "上年度（项）"),
    Heading("done", "按期办结"),
    Heading("done_late", "逾期办结"),
    Heading("lapsed", "逾期未办"),
    Heading("percent", "按期率"),
    Heading("before", "上期按期率"),
)


class City(NamedTuple):
    """A city's row; the tile beside it shows one of its figures."""

    tenant: str
    name: str
    declared: int
    amount: str
    unfiled: int
    longest: int
    near: int
    late: int
    months: tuple[int, ...]  # declared in each of the last twelve, the present one last
    column: int
    row: int

    @property
    def departments(self) -> bool:
        """Whether it is the province's own departments, beside the cities."""
        return self.tenant == PROVINCE


def _tiles(divisions: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """Where each tenant's tile stands (column, row): as the province's data say, else one after the other."""
    if HERE.tiles:
        return dict(HERE.tiles)
    tenants = [each["code"] for each in divisions if each["tier"] == "city"] + [PROVINCE]
    return {code: (number % COLUMNS + 1, number // COLUMNS + 1) for number, code in enumerate(tenants)}


@page("GET", "/console/monitor")
async def monitor(visit: Visit) -> Rendered:
    """The province on one page, or a city."""
    known = await visit.ask("rulebook_divisions")
    names = {each["code"]: each["name"] for each in known["items"]} | {PROVINCE: "省直部门"}
    totals = await visit.ask("monitoring_totals", {"group": "tenant,route,month"})
    unfiled = await visit.maybe("monitoring_unfiled", {"limit": "200"})
    near = await visit.maybe("monitoring_near_line", {"limit": "200"})
    duties = await visit.maybe("obligations_summary")
    needs = await visit.maybe("monitoring_needs")
    shown = said if (said := visit.query.get("show")) in SHOWN else "unfiled"
    whole = visit.tier == "province"
    tiles = _tiles(known["items"])
    seen = tiles if whole else {visit.principal.tenant: tiles[visit.principal.tenant]}
    cities = _ordered(visit, "order", ORDERS, _cities(seen, names, totals, unfiled, near, duties), _figure)
    chosen = [getattr(each, shown) for each in cities]
    return render(
        visit,
        "monitor.html",
        totals=totals,
        unfiled=unfiled,
        near=near,
        duties=duties,
        needs=needs,
        orders=ORDERS,
        spark=spark,
        silent=[names[each["tenant"]] for each in needs["items"] if not each["reported"]] if needs else [],
        needs_total=str(sum((Decimal(each["amount_yuan"]) for each in needs["items"]), Decimal(0)))
        if needs
        else "0",
        cities=cities,
        shown=shown,
        whole=whole,
        shade={each.tenant: step_of(n, max([*chosen, 1])) for each, n in zip(cities, chosen, strict=True)},
        trend=(trend := trend_of(totals)),
        chart=columns([Column(each[0][5:], each[1:]) for each in trend], "近十二个月申报项目数"),
        bar=bar,
        names=names,
        longest=max([each["days_waiting"] for each in unfiled["items"]] + [1]) if unfiled else 1,
    )


@page("GET", "/console/monitor/needs")
async def needs_and_terms(visit: Visit) -> Rendered:
    """Who reported needs and how terms are kept, each beside the period before: the monitor fetches it after itself."""
    for each in ("monitoring_needs", "monitoring_duties"):
        visit.must(each)
    known = await visit.ask("rulebook_divisions")
    names = {each["code"]: each["name"] for each in known["items"]} | {PROVINCE: "省直部门"}
    needs = await visit.ask("monitoring_needs", {"previous": "true"})
    kept = await visit.ask("monitoring_duties", {"previous": "true"})
    rows = _ordered(visit, "by", BY, _needs_rows(needs, kept, names), lambda row, name: row[name])
    return render(visit, "monitor_needs.html", needs=needs, rows=rows, by=BY, whole=visit.tier == "province")


def _ordered(
    visit: Visit,
    parameter: str,
    known: tuple[Heading, ...],
    rows: list[Any],
    figure: Callable[[Any, str], Any],
) -> list[Any]:
    """The rows as the page's address orders them: `late` the highest first, `late_up` the lowest first."""
    asked = visit.query.get(parameter, "")
    name = asked.removesuffix("_up")
    if name not in (each.name for each in known):
        return rows
    told = [each for each in rows if figure(each, name) is not None]
    silent = [each for each in rows if figure(each, name) is None]
    return sorted(told, key=lambda each: figure(each, name), reverse=not asked.endswith("_up")) + silent


def _figure(city: City, name: str) -> Any:
    return Decimal(city.amount) if name == "amount" else getattr(city, name)


def _needs_rows(needs: Any, kept: Any, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each tenant's needs of the year beside how it keeps its terms."""
    rates = {each["tenant"]: each for each in kept["items"]}
    found = []
    for each in needs["items"]:
        duty = rates[each["tenant"]]
        now = duty["now"]
        found.append(
            {
                "tenant": each["tenant"],
                "name": names.get(each["tenant"], "—"),
                "reported": each["reported"],
                "count": each["count"],
                "amount": Decimal(each["amount_yuan"]),
                "previous": each["previous"]["count"],
                "done": now["done"]["count"],
                "lapsed": now["lapsed"]["count"],
                "done_late": now["done_late"]["count"],
                "percent": now["in_time_percent"],
                "before": duty["previous"]["in_time_percent"],
            }
        )
    return found


def _cities(
    seen: Mapping[str, tuple[int, int]],
    names: dict[str, str],
    totals: Any,
    unfiled: Any,
    near: Any,
    duties: Any,
) -> list[City]:
    declared: defaultdict[str, int] = defaultdict(int)
    fen: defaultdict[str, int] = defaultdict(int)
    for each in totals["items"]:
        declared[each["tenant"]] += each["count"]
        fen[each["tenant"]] += int(each["amount_yuan"].replace(".", ""))
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for each in unfiled["items"] if unfiled else []:
        waiting[each["tenant"]].append(each["days_waiting"])
    close: defaultdict[str, int] = defaultdict(int)
    for each in near["items"] if near else []:
        close[each["tenant"]] += 1
    late = {each["tenant"]: each["lapsed"] for each in duties["items"]} if duties else {}
    monthly: defaultdict[tuple[str, str], int] = defaultdict(int)
    for each in totals["items"]:
        monthly[each["tenant"], (each.get("month") or "")[:7]] += each["count"]
    months = months_shown()
    rows = [
        City(
            tenant,
            names.get(tenant, "—"),
            declared[tenant],
            f"{fen[tenant] // 100}.{fen[tenant] % 100:02}",
            len(waiting[tenant]),
            max(waiting[tenant], default=0),
            close[tenant],
            late.get(tenant, 0),
            tuple(monthly[tenant, month] for month in months),
            *place,
        )
        for tenant, place in seen.items()
    ]
    return sorted(rows, key=lambda each: (-each.unfiled, -each.longest, -each.declared, each.tenant))


def trend_of(totals: Any) -> list[tuple[str, int, int]]:
    """By month of the first declaration: filed in the city, gone to the province."""
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for each in totals["items"]:
        if each.get("month"):
            counts[each["month"][:7]][each.get("route") == "provincial_review"] += each["count"]
    return [(each, counts[each][0], counts[each][1]) for each in months_shown()]


def months_shown() -> list[str]:
    """The months of the charts and tables: the last twelve, the present one last."""
    here = clock.now().astimezone(clock.SHANGHAI).date()
    last = here.year * 12 + here.month - 1
    months = [date((last - back) // 12, (last - back) % 12 + 1, 1) for back in range(MONTHS)]
    return [f"{each:%Y-%m}" for each in reversed(months)]


ROUTES: list[HTTPRouteHandler] = [needs_and_terms, monitor]
