"""待办: what waits for this desk, what falls due, what was told."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console.pages import page, render
from service.console.visiting import Visit
from service.kit.handler import Rendered


@page("GET", "/console")
async def home(visit: Visit) -> Rendered:
    """The first page of every desk."""
    return render(
        visit, "home.html",
        duties=await visit.maybe("obligations_list_page", {"mine": "true", "limit": "50"}),
        messages=await visit.maybe("inbox_list_page", {"limit": "20"}),
    )  # fmt: skip


ROUTES: list[HTTPRouteHandler] = [home]
