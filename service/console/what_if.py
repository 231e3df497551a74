"""规则推演: other limits and definitions, replayed over everything declared; nothing is stored."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler

from service.console.drawing import bar
from service.console.figures import choices, value_of
from service.console.pages import page, render
from service.console.previewing import asked_of
from service.console.rules import book_of, parts_of
from service.console.visiting import Visit
from service.kit.errors import ServiceError
from service.kit.handler import Rendered
from service.measures.whatif import READ
from service.vocabulary import names

PATH = "/console/what-if"
ROWS, LISTED = 2, 200
_MEASURES = ("count_before", "count_after", "amount_before_yuan", "amount_after_yuan")
_EITHER = {"true": True, "false": False}


@page("GET", PATH)
async def what_if(visit: Visit) -> Rendered:
    """What to change, and of which declarations."""
    visit.must("rulebook_what_if")
    return await _what_if(visit, None)


async def _what_if(visit: Visit, found: dict[str, Any] | None) -> Rendered:
    book = await book_of(visit)
    known = await visit.ask("rulebook_divisions")
    called = {each["code"]: each["name"] for each in known["items"]}
    cities = [each for each in known["items"] if each["tier"] == "city"] if visit.tier == "province" else []
    return render(
        visit,
        "what_if.html",
        found=found,
        ways=_ways(found["workload"]) if found else [],
        moves=[each for each in found["flows"] if each["route_before"] != each["route_after"]]
        if found
        else [],
        parts=parts_of(visit),
        rows=ROWS,
        cities=cities,
        called=called,
        listed=LISTED,
        figures=choices(each for each in book[""]["entries"] if each["key"] in READ),
        book=book,
        classes=names("project_class"),
        kinds=names("kind"),
    )


@page("POST", PATH)
async def run(visit: Visit) -> Rendered:
    """Replays it; the answer is this page."""
    visit.must("rulebook_what_if")
    book, body = await book_of(visit), asked_of(visit)
    rows = [row for row in body.get("changes") or [] if isinstance(row, dict) and row.get("key")]
    body["changes"] = [
        {"key": row["key"], "value": value_of(book.get(row["key"]), str(row.get("value", "")))}
        for row in rows
    ]
    said = [row for row in body.get("reclassify") or [] if isinstance(row, dict) and row.get("from_class")]
    body["reclassify"] = [
        {name: _EITHER.get(value, value) if isinstance(value, str) else value for name, value in row.items()}
        for row in said
    ]
    try:
        reply = await visit.reply("rulebook_what_if", {}, body=msgspec.json.encode(body))
    except ServiceError as error:
        if error.code == "classified_material":
            raise
        visit.problem = error
        return await _what_if(visit, None)
    return await _what_if(visit, _told(reply.body))


def _ways(workload: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By route, the whole of what goes it now and then: counts with their bars, and amounts."""
    sums: dict[str, list[Decimal]] = {}
    for each in workload:
        of = sums.setdefault(each["route"], [Decimal(0)] * 4)
        for place, name in enumerate(_MEASURES):
            of[place] += Decimal(each[name])
    most = max([of[place] for of in sums.values() for place in (0, 1)], default=Decimal(0)) or Decimal(1)
    return [
        {
            "route": route,
            "before": int(of[0]),
            "after": int(of[1]),
            "before_yuan": str(of[2]),
            "after_yuan": str(of[3]),
            "bar_before": bar(float(of[0] / most), "fill-b") if of[0] else "",
            "bar_after": bar(float(of[1] / most), "fill-a") if of[1] else "",
        }
        for route, of in sorted(sums.items())
    ]


def _told(stream: bytes) -> dict[str, Any]:
    """The lines of the answer as one: the last line, with the projects that move (the first of them)."""
    lines = [msgspec.json.decode(line) for line in stream.splitlines() if line]
    moved = [each for line in lines if line["type"] == "progress" for each in line["projects"]]
    found: dict[str, Any] = lines[-1]
    if found["type"] == "failed":
        raise ServiceError(503, found["code"], found["detail"])
    found["moved_projects"] = moved[:LISTED]
    return found


ROUTES: list[HTTPRouteHandler] = [what_if, run]
