"""应用覆盖, 系统分布, 日历订阅: pages that only tell, each of one question."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.admin_parts import press
from service.console.cells import cells
from service.console.deeds import deed
from service.console.pages import page, render
from service.console.records import listing, looked, shown_as
from service.console.registers_rules import COUNTS, COVERAGE
from service.console.registers_rules import FEEDS as FEEDS_LISTED
from service.console.visiting import Visit
from service.kit.handler import Rendered
from service.vocabulary import names

FEEDS = "/console/feeds"


@page("GET", "/console/coverage")
async def coverage(visit: Visit) -> Rendered:
    """Which county uses which shared application, and where none is used; an application a row."""
    listed = await listing(visit, COVERAGE)
    counties = {each["division"]: each["name"] for each in listed.found["counties"]}
    states = names("adoption_state")
    for row in listed.found["items"]:
        used = [
            counties[code] + ("" if state == "active" else f"（{states.get(state, '其他')}）")
            for code, state in row["cells"].items()
            if code in counties
        ]
        gaps = [code for code in row["gaps"] if code in counties]
        asked = sum(code in counties and state != "active" for code, state in row["cells"].items())
        row |= {
            "told_cells": "、".join(used),
            "told_gaps": _by_city(listed.found["counties"], gaps),
            "told_asked": asked or "—",
        }
        row["told_lacking"] = f"{len(gaps)} 个" if gaps else "都在用"
    return shown_as(visit, await looked(visit, listed))


def _by_city(counties: list[Any], codes: list[str]) -> str:
    """Counties by name, a line for each city where they are of more than one."""
    found: dict[str, list[str]] = {}
    for each in counties:
        if each["division"] in codes:
            found.setdefault(each["tenant_name"] or "", []).append(each["name"])
    if len({each["tenant"] for each in counties}) < 2:
        return "、".join(name for names in found.values() for name in names)
    return "\n".join(f"{city}：{'、'.join(names)}" for city, names in found.items())


@page("GET", "/console/systems-counts")
async def counts(visit: Visit) -> Rendered:
    """How many systems each office runs, and how many of them outside the government cloud."""
    listed = await listing(visit, COUNTS)
    listed.found["items"].sort(key=lambda each: (-each["running"], each["office_name"]))
    return shown_as(visit, await looked(visit, listed))


@page("GET", FEEDS)
async def feeds(visit: Visit) -> Rendered:
    """Addresses from which a calendar reads one's deadlines; the address itself is told once."""
    return await _feeds(visit)


async def _feeds(visit: Visit, made: dict[str, Any] | None = None) -> Rendered:
    listed = await listing(visit, FEEDS_LISTED)
    for row in listed.found["items"]:
        row["told_role"] = names("tier_role").get(f"{visit.tier}.{row['role']}", "其他")
        row["press"] = press(visit, "obligations_revoke_feed", "停用", ref=row["id"])
    return render(
        visit, "feeds.html", list=listed, cells=cells, secret=visit.secret, roles=visit.principal.roles
    )


@page("POST", FEEDS)
async def make_feed(visit: Visit) -> Rendered:
    """生成或更换, 停用: of one's own desk."""
    if visit.field("_op") == "obligations_make_feed":
        return await deed(visit, _feeds, once=("obligations_make_feed",))
    return await deed(visit, _feeds)


ROUTES: list[HTTPRouteHandler] = [coverage, counts, feeds, make_feed]
