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

FACETS = ("category", "status", "succession", "free", "security_level", "tier")
OFTEN = ("视频会议", "短信", "电子印章", "网格", "地图", "云主机")
_KEPT = ("text", "order", *FACETS)
MOST_PAGES = 10  # of two hundred, read to tell what of all that was found is ours
_OVER = ("ended", "refused", "declined", "withdrawn")


@page("GET", "/console/apps")
async def browse(visit: Visit) -> Rendered:
    """The catalogue. `own`: only what one's own office or city uses, asked for, or has not touched yet."""
    asked, held = visit.picked(*_KEPT), await mine(visit)
    found = await visit.ask("apps_browse", {**asked, **visit.picked("cursor"), "limit": "30"})
    ours, own = await _ours(visit, found, asked, held), visit.query.get("own", "")
    if own in ours:
        found |= {"items": ours[own], "total": len(ours[own]), "next_cursor": None}
    left, right = visit.query.get("left"), visit.query.get("right")
    comparison = chosen = None
    if left and right and left != right:
        comparison = await visit.maybe("apps_compare", {"left": left, "right": right})
    elif left:
        chosen = await visit.maybe("apps_read", ref=left)
    return render(
        visit,
        "apps.html",
        found=found,
        mine=held,
        comparison=comparison,
        chosen=chosen,
        facets=FACETS,
        often=OFTEN,
        ours=ours,
        here="我县" if visit.tier == "county" else "本地",
        narrowed=any(name in visit.query for name in (*FACETS, "own")),
    )


async def _ours(
    visit: Visit, found: Any, asked: dict[str, str], held: dict[str, Any]
) -> dict[str, list[Any]]:
    """What was found by how it stands with us: used, asked for, neither; nothing where nothing was ever asked for."""
    if not held:
        return {}
    rows, cursor = list(found["items"]), found["next_cursor"]
    if cursor or "cursor" in visit.query:
        rows, cursor = [], ""
        for _ in range(MOST_PAGES):
            more = await visit.ask(
                "apps_browse", {**asked, "limit": "200"} | ({"cursor": cursor} if cursor else {})
            )
            rows, cursor = rows + more["items"], more["next_cursor"]
            if not cursor:
                break
    sorted_: dict[str, list[Any]] = {"active": [], "asked": [], "none": []}
    for each in rows:
        state = held[each["id"]]["state"] if each["id"] in held else "none"
        kind = (
            "active" if state in ("active", "suspended") else "none" if state in ("none", *_OVER) else "asked"
        )
        sorted_[kind].append(each)
    return {kind: of for kind, of in sorted_.items() if of}


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
    draft = visit.field("/instead_of") or visit.query.get("instead", "")
    return render(
        visit,
        "app.html",
        app=entry,
        own=own,
        instead=await visit.maybe("projects_read", ref=draft) if draft else None,
        heir=await visit.maybe("apps_read", ref=entry["successor"]) if entry["successor"] else None,
        may_ask=visit.may("adoptions_request")
        and (own is None or own["state"] in _OVER)
        and entry["status"] in ("pilot", "available"),
    )


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
