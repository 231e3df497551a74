"""申报要求: what three organs ask of declarations besides art. 15 (art. 14): seen, proposed, confirmed."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.cells import cells
from service.console.deeds import deed
from service.console.pages import page, render
from service.console.previewing import Change, Seen, asked_of, changed, promised
from service.console.records import listing, offered
from service.console.registers_rules import REQUIREMENTS
from service.console.rules import parts_of
from service.console.visiting import Visit
from service.docs.forms import Forms
from service.kit.errors import not_found
from service.kit.handler import Rendered
from service.measures.requirements import FIELDS
from service.vocabulary import names

PATH = "/console/requirements"
PROPOSE = "rounds_declaration_propose"
CHANGE = promised(
    Change(
        "rounds_declaration_preview",
        PROPOSE,
        ("effective_from", "fields", "attachments", "extra"),
        expects=False,
    )
)
_DECIDING = ("rounds_declaration_confirm", "rounds_declaration_refuse")
_POINTERS = {
    **{f"/materials/{key.replace('.', '/')}": name for key, name in FIELDS.items()},
    **{f"/materials/attachments/{slot}": name for slot, name in names("material_slot").items()},
}


def lacking_named(effect: dict[str, Any] | None) -> list[tuple[str, int]]:
    """How many lack what, by its name, the most lacking first."""
    if effect is None:
        return []
    rows = [(_POINTERS.get(pointer, "另行要求的材料"), n) for pointer, n in effect["by_pointer"].items()]
    return sorted(rows, key=lambda row: -row[1])


@page("GET", PATH)
async def requirements(visit: Visit) -> Rendered:
    """What a declaration of today must carry; the rounds, the newest first; 提出年度申报要求."""
    return await _requirements(visit, None)


async def _requirements(visit: Visit, seen: Seen | None) -> Rendered:
    listed = await listing(visit, REQUIREMENTS)
    for row in listed.found["items"]:
        more = f"等 {len(row['asked'])} 项" if len(row["asked"]) > 4 else ""
        row["told_asked"] = "、".join(each["name"] for each in row["asked"][:4]) + more
        row |= {"told_year": f"{row['year']} 年度", "told_decided": row["decided_organ"] or "等另一机关"}
    asked = await visit.maybe("rounds_declaration_requirements", visit.picked("on"))
    form = visit.services.shelf[Forms].of(PROPOSE) if visit.may(PROPOSE) else None
    return render(
        visit,
        "requirements.html",
        list=listed,
        cells=cells,
        asked=asked,
        form=form,
        seen=seen,
        parts=parts_of(visit),
        lacking=lacking_named(dict(seen.effect) if seen else None),
    )


@page("POST", PATH)
async def propose(visit: Visit) -> Rendered:
    """Seen first, proposed then; asked once another organ confirms it."""
    return await changed(
        visit, CHANGE, asked_of(visit), _requirements, then=lambda made: f"{PATH}/{made['id']}"
    )


@page("GET", PATH + "/{ref:str}")
async def one(visit: Visit) -> Rendered:
    """One round: what it asks, which declarations at work lack it; 确认 and 退回 by another organ."""
    return await _one(visit)


async def _one(visit: Visit) -> Rendered:
    ref = visit.part("ref")
    found = await visit.maybe("rounds_declaration_read", ref=ref)
    if found is None:  # others than the three organs see what is confirmed, from the list
        listed = await visit.ask("rounds_declaration_list")
        found = next((each for each in listed["items"] if each["id"] == ref), None)
    if found is None:
        raise not_found()
    effect = None
    if found["status"] in ("proposed", "coming", "standing"):
        effect = await visit.maybe("rounds_declaration_effect", {"round": ref})
    deeds = await offered(visit, list(_DECIDING) if found["status"] == "proposed" else [], found)
    return render(
        visit,
        "requirement.html",
        found=found,
        effect=effect,
        lacking=lacking_named(effect),
        deeds=deeds,
        parts=parts_of(visit),
    )


@page("POST", PATH + "/{ref:str}")
async def decide(visit: Visit) -> Rendered:
    """Confirmed by another organ, or sent back."""
    return await deed(visit, _one, ref=visit.part("ref"))


ROUTES: list[HTTPRouteHandler] = [requirements, propose, one, decide]
