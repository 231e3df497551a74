"""解释: how the Measures are read where they are silent (art. 44): the register, one reading, a new one once seen."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.console.cells import cells
from service.console.figures import choices, told, values_of
from service.console.pages import page, render
from service.console.previewing import Change, Seen, asked_of, changed, promised
from service.console.records import listing
from service.console.registers_rules import READINGS
from service.console.rules import book_of, parts_of
from service.console.visiting import Visit
from service.docs.forms import Forms
from service.kit.errors import or_404
from service.kit.handler import Rendered

PATH = "/console/readings"
RECORD = "rulebook_interpretation_record"
CHANGE = promised(
    Change("rulebook_interpretation_preview", RECORD, ("supersedes", "effective_from", "sets"), expects=False)
)
ROWS = 3


@page("GET", PATH)
async def readings(visit: Visit) -> Rendered:
    """The register by number; 登记解释."""
    return await _readings(visit, None)


async def _readings(visit: Visit, seen: Seen | None) -> Rendered:
    listed = await listing(visit, READINGS)
    for row in listed.found["items"]:
        now = row["standing"] or row["coming"][0]
        row |= {each: now[each] for each in ("articles", "effective_from", "document_number")}
        row |= {"told_id": f"解释\u00a0{row['id']}", "told_coming": "" if row["standing"] else "待生效"}
        row |= {
            "told_asked": now["question"] or now["text"],
            "told_text": now["text"] if now["question"] else "",
        }
    may = visit.may(RECORD)
    book = await book_of(visit) if may else {"": {"entries": []}}
    form = visit.services.shelf[Forms].of(RECORD) if may else None
    return render(
        visit,
        "readings.html",
        list=listed,
        cells=cells,
        form=form,
        seen=seen,
        parts=parts_of(visit),
        rows=ROWS,
        may=may,
        figures=choices(each for each in book[""]["entries"] if each["reading"]),
    )


@page("POST", PATH)
async def record(visit: Visit) -> Rendered:
    """Seen first, recorded then."""
    body, book = asked_of(visit), await book_of(visit)
    body["sets"] = values_of(book, body.get("sets"))
    body["articles"] = _numbers(visit)
    return await changed(visit, CHANGE, body, _readings, then=lambda made: f"{PATH}/{made['id']}")


def _numbers(visit: Visit) -> list[Any]:
    """Articles as written: 9、23, or 第九条 as the operation refuses it."""
    said = visit.field("/articles:lines").replace("、", "\n").replace("，", "\n").split("\n")
    return [
        int(each) if each.strip().isdecimal() and len(each) < 9 else each for each in said if each.strip()
    ]


@page("GET", PATH + "/{ref:str}")
async def one(visit: Visit) -> Rendered:
    """One reading: what stands, what comes, how it came about; the articles it reads, and what else is read of them."""
    ref = visit.part("ref")
    listed = await visit.ask("rulebook_interpretation_list")
    found = or_404(next((each for each in listed["items"] if each["id"] == ref), None))
    now = found["standing"] or found["coming"][0]
    articles = (await visit.ask("rulebook_articles"))["items"]
    book = await visit.maybe("rulebook_rulebook")
    return render(
        visit,
        "reading.html",
        figures=choices(each for each in (book["entries"] if book else ()) if each["reading"] == ref),
        found=found,
        now=now,
        articles=[each for each in articles if each["number"] in now["articles"]],
        others=[
            each
            for each in listed["items"]
            if each["id"] != ref and each["standing"] and {*each["standing"]["articles"]} & {*now["articles"]}
        ],
        parts=parts_of(visit),
        told=told,
    )


ROUTES: list[HTTPRouteHandler] = [readings, record, one]
