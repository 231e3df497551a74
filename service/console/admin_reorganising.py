"""撤并: an office ends and another takes over. What would be handed on is seen first, then it is done."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console.admin_parts import page_of
from service.console.choosing import MOST
from service.console.pages import page
from service.console.previewing import Change, Seen, asked_of, changed, promised
from service.console.visiting import Visit
from service.kit.handler import Rendered
from service.vocabulary import names

PATH = "/console/admin/offices/{ref:str}/reorganise"
CHANGE = promised(
    Change(
        "offices_preview",
        "offices_reorganise",
        ("successor_office_id", "people", "exceptions", "document", "successor_id", "successors"),
        expects=False,
        at=True,
    )
)


@page("GET", PATH)
async def reorganise(visit: Visit) -> Rendered:
    """What is asked: who takes over, where the people go, by which document."""
    visit.must(CHANGE.preview)
    return await _reorganise(visit, None)


async def _reorganise(visit: Visit, seen: Seen | None) -> Rendered:
    found = await visit.ask("offices_read", ref=visit.part("ref"))
    offices = await visit.ask("offices_list_page", {"limit": MOST, "valid_on": visit.today})
    own = await visit.ask(
        "users_list_page", {"limit": MOST, "office_id": found["office_id"], "disabled": "false"}
    )
    people = await visit.ask("users_list_page", {"limit": MOST, "disabled": "false"})
    there = {each["id"] for each in own["items"]}
    return page_of(
        visit,
        "reorganise.html",
        found=found,
        seen=seen,
        own=own["items"],
        goes=names("people_go"),
        offices=[each for each in offices["items"] if each["id"] != found["id"]],
        others=[each for each in people["items"] if each["id"] not in there],
        roles=sorted({role for each in own["items"] for role in each["roles"]}),
    )


@page("POST", PATH)
async def seen_or_done(visit: Visit) -> Rendered:
    """先看会带走什么, then 撤并 as it was seen."""
    body = asked_of(visit)
    ref = visit.part("ref")
    return await changed(
        visit, CHANGE, body, _reorganise, then=lambda _: f"/console/admin/offices/{ref}", path={"ref": ref}
    )


ROUTES: list[HTTPRouteHandler] = [reorganise, seen_or_done]
