"""All pages, one group a file."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console import account, case, catalogue, desk, monitor, static

ROUTES: list[HTTPRouteHandler] = [
    *static.ROUTES,
    *account.ROUTES,
    *desk.ROUTES,
    *case.ROUTES,
    *catalogue.ROUTES,
    *monitor.ROUTES,
]
