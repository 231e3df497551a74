"""规定修改: a document of the province changes figures (arts 44, 45): seen, asked for, confirmed by a second person."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.cells import cells
from service.console.deeds import deed
from service.console.figures import NAMES, choices, told, values_of
from service.console.pages import page, render
from service.console.previewing import Change, Seen, asked_of, changed, preview, promised
from service.console.records import listing
from service.console.registers_rules import AMENDMENTS
from service.console.rules import book_of, parts_of
from service.console.visiting import Visit
from service.console.wording import short, who
from service.docs.forms import Forms
from service.kit.errors import not_found
from service.kit.handler import Rendered

PATH = "/console/amendments"
PROPOSE, CONFIRM = "rulebook_amendment_propose", "rulebook_amendment_confirm"
CHANGE = promised(
    Change(
        "rulebook_amendment_preview", PROPOSE, ("document_number", "effective_from", "entries", "transition")
    )
)
ROWS = 3


@page("GET", PATH)
async def amendments(visit: Visit) -> Rendered:
    """All of them, the newest first; 登记规定修改."""
    return await _amendments(visit, None)


async def _amendments(visit: Visit, seen: Seen | None) -> Rendered:
    listed = await listing(visit, AMENDMENTS)
    for row in listed.found["items"]:
        row["told_entries"] = "；".join(
            f"{NAMES.get(each['key'], '其他')}改为 {short(str(told(each['unit'], each['value'], each['key'])))}"
            for each in row["entries"]
        )
        row["told_decided"] = who(row["decided_by_person"]) if row["decided_by_person"] else "等另一人"
    form = visit.services.shelf[Forms].of(PROPOSE) if visit.may(PROPOSE) else None
    book = await book_of(visit) if form else {"": {"entries": []}}
    return render(
        visit,
        "amendments.html",
        list=listed,
        cells=cells,
        form=form,
        seen=seen,
        parts=parts_of(visit),
        rows=ROWS,
        told=told,
        figures=choices(book[""]["entries"]),
    )


@page("POST", PATH)
async def propose(visit: Visit) -> Rendered:
    """Seen first, asked for then; in force once another person confirms it."""
    body, book = asked_of(visit), await book_of(visit)
    body["entries"] = values_of(book, body.get("entries"))
    return await changed(
        visit, CHANGE, body, _amendments, then=lambda made: f"{PATH}/{made['amendment']['id']}"
    )


@page("GET", PATH + "/{ref:str}")
async def one(visit: Visit) -> Rendered:
    """One amendment with what it does to the open cases of this moment; 确认 by another person."""
    return await _one(visit)


async def _one(visit: Visit) -> Rendered:
    found = await _found(visit)
    waits = found["status"] == "waiting"
    refused, seen = visit.problem, None
    if waits and visit.may(CHANGE.preview):
        seen = await preview(visit, CHANGE, _again(found))
    late, visit.problem = visit.problem if visit.problem is not refused else None, refused
    form = visit.services.shelf[Forms].of(CONFIRM) if waits and visit.may(CONFIRM) else None
    book = await book_of(visit)
    now = {key: told(each["unit"], each["value"], key) for key, each in book.items() if key}
    return render(
        visit,
        "amendment.html",
        found=found,
        seen=seen,
        late=late,
        form=form,
        parts=parts_of(visit),
        told=told,
        now=now,
    )


async def _found(visit: Visit) -> dict[str, Any]:
    """From the list for those who need not weigh it."""
    ref = visit.part("ref")
    found = await visit.maybe("rulebook_amendment_read", ref=ref)
    if found is None:
        listed = await visit.ask("rulebook_amendment_list")
        found = next((each for each in listed["items"] if each["id"] == ref), None)
    if found is None:
        raise not_found()
    return dict(found)


def _again(found: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, as a preview takes it."""
    return {
        "document_number": found["document_number"],
        "effective_from": found["effective_from"],
        "entries": [{"key": each["key"], "value": each["value"]} for each in found["entries"]],
        "transition": found["transition"],
    }


@page("POST", PATH + "/{ref:str}")
async def confirm(visit: Visit) -> Rendered:
    """In force as it was shown, or refused."""
    return await deed(visit, _one, ref=visit.part("ref"))


ROUTES: list[HTTPRouteHandler] = [amendments, propose, one, confirm]
