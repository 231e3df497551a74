"""应用目录: is there something that does this already? Search, facets, comparison, one app, the request for it."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.deeds import deed
from service.console.pages import page, render
from service.console.records import show_list
from service.console.registers_cases import ADOPTIONS
from service.console.visiting import Visit
from service.kit.handler import Rendered

FACETS = ("category", "status", "free", "security_level", "tier")
OFTEN = ("视频会议", "短信", "电子印章", "网格", "地图", "云主机")
_KEPT = ("text", *FACETS)
_OVER = ("ended", "refused", "declined", "withdrawn")


@page("GET", "/console/apps")
async def browse(visit: Visit) -> Rendered:
    """The catalogue."""
    asked = visit.picked(*_KEPT, "cursor")
    found = await visit.ask("apps_browse", {**asked, "limit": "30"})
    left, right = visit.query.get("left"), visit.query.get("right")
    comparison = None
    if left and right and left != right:
        comparison = await visit.maybe("apps_compare", {"left": left, "right": right})
    return render(
        visit, "apps.html", found=found, mine=await mine(visit), comparison=comparison, facets=FACETS, often=OFTEN,
        narrowed=any(name in visit.query for name in FACETS),
    )  # fmt: skip


async def mine(visit: Visit) -> dict[str, Any]:
    """The caller's adoptions by app: the one that stands before one that is over."""
    listed = await visit.maybe("adoptions_list_page", {"limit": "200"})
    found: dict[str, Any] = {}
    for each in listed["items"] if listed else []:
        if each["app_id"] not in found or found[each["app_id"]]["state"] in _OVER:
            found[each["app_id"]] = each
    return found


@page("GET", "/console/apps/{ref:str}")
async def app(visit: Visit) -> Rendered:
    """One app: what it does, who uses it, on what terms; and the form that asks for it."""
    return await _app(visit)


async def _app(visit: Visit) -> Rendered:
    ref = visit.part("ref")
    entry = await visit.ask("apps_read", ref=ref)
    own = (await mine(visit)).get(ref)
    return render(
        visit, "app.html", app=entry, own=own,
        may_ask=visit.may("adoptions_request") and (own is None or own["state"] in _OVER)
        and entry["status"] in ("pilot", "available"),
    )  # fmt: skip


@page("POST", "/console/apps/{ref:str}")
async def request(visit: Visit) -> Rendered:
    """申请使用."""
    return await deed(visit, _app, then=lambda made: f"/console/adoptions/{made['id']}")


@page("GET", "/console/adoptions")
async def adoptions(visit: Visit) -> Rendered:
    """Where the requests stand: the caller's own, or those of the city's offices."""
    return await show_list(visit, ADOPTIONS)


@page("GET", "/console/adoptions/{ref:str}")
async def adoption(visit: Visit) -> Rendered:
    """One request: where it stands, what may be done, how it came there."""
    return await _adoption(visit)


async def _adoption(visit: Visit) -> Rendered:
    ref = visit.part("ref")
    found = await visit.ask("adoptions_read", ref=ref)
    history = await visit.maybe("adoptions_history", ref=ref)
    deeds = [
        {**each, "operation": f"adoptions_{each['action']}"}
        for each in found["actions"]
        if visit.may(f"adoptions_{each['action']}")
    ]
    return render(visit, "adoption.html", found=found, history=history, deeds=deeds)


@page("POST", "/console/adoptions/{ref:str}")
async def adoption_deed(visit: Visit) -> Rendered:
    """确认, 不予确认, 撤回, 终止, 评价."""
    return await deed(visit, _adoption, ref=visit.part("ref"))


ROUTES: list[HTTPRouteHandler] = [browse, app, request, adoptions, adoption, adoption_deed]
