"""规则 and 期限: what an article is about, which readings stand, what falls due for whom."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console.pages import page, render
from service.console.visiting import Visit
from service.kit.handler import Rendered


@page("GET", "/console/rules")
async def rules(visit: Visit) -> Rendered:
    """The 45 articles in our own words, and the readings of art. 44."""
    return render(
        visit, "rules.html", articles=await visit.ask("rulebook_articles"),
        readings=await visit.maybe("rulebook_interpretation_list"),
    )  # fmt: skip


@page("GET", "/console/duties")
async def duties(visit: Visit) -> Rendered:
    """What falls due, the earliest first; `mine` narrows to this desk."""
    mine = visit.query.get("all") != "1"
    asked = visit.picked("state", "code", "tenant", "cursor") | ({"mine": "true"} if mine else {})
    return render(visit, "duties.html", found=await visit.ask("obligations_list_page", asked), mine=mine)


ROUTES: list[HTTPRouteHandler] = [rules, duties]
