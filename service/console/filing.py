"""备案: one filing, its receipt, the questions that were asked about it, and their answers."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console.deeds import deed
from service.console.pages import page, render
from service.console.records import offered
from service.console.visiting import Visit
from service.kit.handler import Rendered


@page("GET", "/console/filings/{ref:str}")
async def filing(visit: Visit) -> Rendered:
    """What was filed, and what is asked about it."""
    return await _filing(visit)


async def _filing(visit: Visit) -> Rendered:
    ref = visit.part("ref")
    found = await visit.ask("filings_read", ref=ref)
    queries = await visit.maybe("filings_queries", ref=ref)
    supplements = await visit.maybe("filings_supplements", ref=ref)
    receipt = await visit.maybe("filings_receipt", ref=ref)
    return render(
        visit,
        "filing.html",
        found=found,
        queries=queries,
        supplements=supplements,
        receipt=receipt,
        deeds=await offered(visit, ["filings_ask"], found),
        may_answer=visit.may("filings_answer"),
    )


@page("POST", "/console/filings/{ref:str}")
async def asked(visit: Visit) -> Rendered:
    """A question, or an answer to one."""
    return await deed(visit, _filing, ref=visit.part("ref"))


ROUTES: list[HTTPRouteHandler] = [filing, asked]
