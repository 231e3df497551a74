"""A city's page: how it stands against the other cities and against a year ago, and what of it waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console.drawing import Column, bar, columns
from service.console.monitor import PROVINCE, months_shown, trend_of
from service.console.pages import page, render
from service.console.visiting import Visit
from service.kit.errors import not_found
from service.kit.handler import Rendered

_NONE: dict[str, list[Any]] = {"items": []}  # of what the reader's roles do not open


class Compared(NamedTuple):
    """One figure: the city's own, the middle of all, the most and whose it is, its place (1: the most)."""

    label: str
    own: int
    middle: int
    most: int
    whose: str
    place: int
    unit: str
    address: str


class Since(NamedTuple):
    """One figure now and a year ago. `grew`: in words; empty where there is nothing to compare."""

    label: str
    now: str
    before: str
    grew: str


@page("GET", "/console/monitor/{tenant:str}")
async def city(visit: Visit) -> Rendered:
    """One tenant among all, for the province's organs; a city's desks have their own figures at /console/monitor."""
    tenant, names = await _which(visit)
    totals = await visit.ask("monitoring_totals", {"group": "tenant", **_year()})
    own = await visit.ask("monitoring_totals", {"group": "route,month", "tenant": tenant})
    unfiled = await visit.maybe("monitoring_unfiled", {"limit": "200"}) or _NONE
    near = await visit.maybe("monitoring_near_line", {"limit": "200"}) or _NONE
    duties = await visit.maybe("obligations_summary") or _NONE
    trend = trend_of(own)
    return render(
        visit,
        "city.html",
        tenant=tenant,
        name=names[tenant],
        totals=totals,
        trend=trend,
        compared=_compared(tenant, names, totals, unfiled, near, duties),
        waiting=[each for each in unfiled["items"] if each["tenant"] == tenant],
        chart=columns(
            [Column(each[0][5:], each[1:]) for each in trend], f"{names[tenant]}近十二个月申报项目数"
        ),
        bar=bar,
    )


@page("GET", "/console/monitor/{tenant:str}/before")
async def before(visit: Visit) -> Rendered:
    """The same city's figures beside those of the period before, which its page fetches after itself."""
    tenant, names = await _which(visit)
    asked = {"tenant": tenant, "previous": "true"}
    totals = await visit.ask("monitoring_totals", {"group": "tenant", **asked, **_year()})
    rates = await visit.maybe("monitoring_duties", asked) or _NONE
    needs = await visit.maybe("monitoring_needs", asked) or _NONE
    return render(
        visit,
        "city_before.html",
        tenant=tenant,
        name=names[tenant],
        since=_since(tenant, totals, rates, needs),
    )


async def _which(visit: Visit) -> tuple[str, dict[str, str]]:
    """The tenant of the address and all by name; 404 where there is none, or the reader is a city's."""
    visit.must("monitoring_totals")
    tenant = visit.part("tenant")
    known = await visit.ask("rulebook_divisions")
    names = {each["code"]: each["name"] for each in known["items"] if each["tier"] == "city"}
    names[PROVINCE] = "省直部门"
    if visit.tier != "province" or tenant not in names:
        raise not_found()
    return tenant, names


def _year() -> dict[str, str]:
    months = months_shown()
    return {"month_from": months[0], "month_to": months[-1]}


def _compared(
    tenant: str, names: dict[str, str], totals: Any, unfiled: Any, near: Any, duties: Any
) -> list[Compared]:
    declared = {each["tenant"]: each["count"] for each in totals["items"]}
    late = {each["tenant"]: each["lapsed"] for each in duties["items"]}
    waiting, close = ([each["tenant"] for each in rows["items"]] for rows in (unfiled, near))
    longest = {
        code: max((e["days_waiting"] for e in unfiled["items"] if e["tenant"] == code), default=0)
        for code in names
    }
    at = f"tenant={tenant}"
    approved = f"/console/projects?{at}&state=city_approved"
    figures = (
        ("近十二个月申报", declared, "项", f"/console/projects?{at}"),
        ("批复未备案", {code: waiting.count(code) for code in names}, "项", approved),
        ("等得最久", longest, "天", f"{approved}&order=waiting"),
        ("接近限额", {code: close.count(code) for code in names}, "项", f"/console/near-line?{at}"),
        ("已经逾期", late, "件", f"/console/duties?all=1&late=true&{at}"),
    )  # fmt: skip
    return [
        _one_compared(label, tenant, names, {code: of.get(code, 0) for code in names}, unit, address)
        for label, of, unit, address in figures
    ]


def _one_compared(
    label: str, tenant: str, names: dict[str, str], of: dict[str, int], unit: str, address: str
) -> Compared:
    own, figures = of[tenant], sorted(of.values())
    most = figures[-1]
    whose = "、".join(names[code] for code, figure in of.items() if figure == most) if most else ""
    place = 1 + sum(figure > own for figure in figures)
    return Compared(label, own, figures[len(figures) // 2], most, whose, place, unit, address)


def _since(tenant: str, totals: Any, rates: Any, needs: Any) -> list[Since]:
    mine = next((each for each in totals["items"] if each["tenant"] == tenant), None)
    now, before = (mine["count"], mine["previous"]["count"]) if mine else (0, 0)
    found = [_counted("近十二个月申报", now, before, "项")]
    need = next((each for each in needs["items"] if each["tenant"] == tenant), None)
    if need:
        found.append(
            _counted(f"{needs['year']} 年度报送需求", need["count"], need["previous"]["count"], "项")
        )
    rate = next((each for each in rates["items"] if each["tenant"] == tenant), None)
    if rate:
        now_, then = rate["now"], rate["previous"]
        percents = [each["in_time_percent"] for each in (now_, then)]
        told = ["—" if each is None else f"{each}%" for each in percents]
        found.append(Since("期限按期率", told[0], told[1], _grew(percents, " 个百分点")))
        found.append(_counted("逾期未办", now_["lapsed"]["count"], then["lapsed"]["count"], "件"))
    return found


def _counted(label: str, now: int, before: int, unit: str) -> Since:
    return Since(label, f"{now} {unit}", f"{before} {unit}", _grew((now, before), f" {unit}"))


def _grew(figures: Sequence[Any], unit: str) -> str:
    now, before = figures
    if now is None or before is None:
        return ""
    by = round(now - before, 1)
    return "持平" if by == 0 else f"{'增' if by > 0 else '减'} {abs(by):g}{unit}"


ROUTES: list[HTTPRouteHandler] = [city, before]
