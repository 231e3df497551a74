"""本市设置: what a city sets stricter for itself (arts 5, 9): one figure at a time, seen before it is recorded."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.cells import cells
from service.console.figures import LEVELS, LOCAL_CHECKS, NAMES, choices, told, value_of
from service.console.pages import page, render
from service.console.previewing import Change, Seen, asked_of, changed, promised
from service.console.records import listing
from service.console.registers_rules import OVERLAYS
from service.console.rules import book_of, parts_of
from service.console.visiting import Visit
from service.console.wording import short
from service.kit.handler import Rendered
from service.vocabulary import names

PATH = "/console/overlays"
_SAID = ("effective_from", "reason")
_PARTS = ("key", "value", "effective_from")
SETS = promised(Change("rulebook_overlay_preview", "rulebook_overlay_record", _PARTS))
ENDS = promised(Change("rulebook_overlay_preview", "rulebook_overlay_end", _PARTS))
MODES = names("overlay_mode")
CHECK_ROWS = 3


@page("GET", PATH)
async def overlays(visit: Visit) -> Rendered:
    """What cities have set, the newest first; a figure of one's own to set."""
    return await _overlays(visit, None)


async def _overlays(visit: Visit, seen: Seen | None) -> Rendered:
    listed = await listing(visit, OVERLAYS)
    for row in listed.found["items"]:
        row["told_key"] = NAMES.get(row["key"], "其他")
        row["told_value"] = short(str(told(row["unit"], row["value"], row["key"])))
    may, key = visit.may("rulebook_overlay_record"), visit.query.get("key", "")
    book = await book_of(visit) if may else {"": {"entries": []}}
    entry = book.get(key) if key and may else None
    if entry is not None and entry["overlay"] == "none":
        entry = None
    free = [each for each in book[""]["entries"] if each["overlay"] != "none"]
    return render(
        visit,
        "overlays.html",
        list=listed,
        cells=cells,
        seen=seen,
        parts=parts_of(visit),
        may=may,
        entry=entry,
        told=told,
        names=NAMES,
        figures=choices(free),
        chosen=next(iter(choices([entry])), None) if entry else None,
        modes=MODES,
        levels=LEVELS,
        checks=LOCAL_CHECKS,
        rows=CHECK_ROWS,
        kinds=names("kind"),
    )


@page("POST", PATH)
async def record(visit: Visit) -> Rendered:
    """Seen first, recorded then."""
    book, body = await book_of(visit), asked_of(visit)
    key = visit.query.get("key", "")
    wanted: dict[str, Any] = {name: body[name] for name in _SAID if name in body}
    value = _checks(body) if key == LOCAL_CHECKS else value_of(book.get(key), visit.field("/value"))
    return await changed(
        visit,
        SETS,
        {**wanted, "key": key, "value": value},
        _overlays,
        then=lambda made: f"{PATH}/{made['overlay']['id']}",
    )


def _checks(body: dict[str, Any]) -> list[Any]:
    """The city's own checks as written; their codes are running numbers, which nobody has to think of."""
    found = list[Any]()
    for row in body.get("checks") or []:
        if isinstance(row, dict) and row.get("text"):
            amount = value_of({"unit": "yuan", "key": ""}, row["from_yuan"]) if row.get("from_yuan") else None
            code = row.get("code") or f"local_{len(found) + 1}"
            found.append({**row, "code": code} | ({"from_yuan": amount} if amount else {}))
    return found


@page("GET", PATH + "/{ref:str}")
async def one(visit: Visit) -> Rendered:
    """One recorded change; 终止 while it stands or is to come."""
    return await _one(visit, None)


async def _one(visit: Visit, seen: Seen | None) -> Rendered:
    found = await visit.ask("rulebook_overlay_read", ref=visit.part("ref"))
    ends = found["status"] in ("standing", "coming") and found["value"] is not None
    return render(
        visit,
        "overlay.html",
        found=found,
        seen=seen,
        parts=parts_of(visit),
        told=told,
        names=NAMES,
        ends=ends and visit.may("rulebook_overlay_end"),
        severity=names("severity"),
        kinds=names("kind"),
    )


@page("POST", PATH + "/{ref:str}")
async def end(visit: Visit) -> Rendered:
    """The province's value stands again from a day on: seen first."""
    found = await visit.ask("rulebook_overlay_read", ref=visit.part("ref"))
    body = asked_of(visit)
    wanted: dict[str, Any] = {name: body[name] for name in _SAID if name in body}
    before = {"key": found["key"], "value": None} | wanted
    return await changed(
        visit,
        ENDS,
        wanted,
        _one,
        then=lambda made: PATH,
        path={"ref": visit.part("ref")},
        preview_body=before,
    )


ROUTES: list[HTTPRouteHandler] = [overlays, record, one, end]
