"""颜色: as the system has them, light, or dark; a cookie of this browser, nothing of it is kept here."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console.own import own_page
from service.console.pages import page
from service.console.sso import console_of
from service.console.visiting import Visit
from service.kit.handler import Rendered


@page("POST", "/console/appearance")
async def appearance(visit: Visit) -> Rendered:
    """Back to where it was chosen."""
    chosen = visit.field("theme")
    cookie = console_of(visit).choice_cookie("theme", chosen if chosen in ("light", "dark") else "")
    return Rendered(303, {"location": own_page(visit.field("to")) or "/console", "set-cookie": cookie}, b"")


ROUTES: list[HTTPRouteHandler] = [appearance]
