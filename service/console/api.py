"""All pages, one group a file."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console import account, case, catalogue, declare, desk, monitor, papers, provide, rules, static

ROUTES: list[HTTPRouteHandler] = [
    *static.ROUTES,
    *account.ROUTES,
    *desk.ROUTES,
    *declare.ROUTES,
    *case.ROUTES,
    *papers.ROUTES,
    *catalogue.ROUTES,
    *monitor.ROUTES,
    *provide.ROUTES,
    *rules.ROUTES,
]
