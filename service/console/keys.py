"""快捷键: what each key does, and the switch that takes single keys away (WCAG 2.1.4); a cookie of this browser."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console.own import own_page
from service.console.pages import page, render
from service.console.sso import console_of
from service.console.visiting import Visit
from service.kit.handler import Rendered

PATH = "/console/keys"


@page("GET", PATH)
async def keys(visit: Visit) -> Rendered:
    """The table, which `?` lays over any page."""
    return render(visit, "keys.html")


@page("POST", PATH)
async def switched(visit: Visit) -> Rendered:
    """Off or on, and back to where it was chosen."""
    cookie = console_of(visit).choice_cookie("keys", "off" if visit.field("keys") == "off" else "")
    return Rendered(303, {"location": own_page(visit.field("to")) or PATH, "set-cookie": cookie}, b"")


ROUTES: list[HTTPRouteHandler] = [keys, switched]
