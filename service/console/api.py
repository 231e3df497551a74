"""All pages, one group a file."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console import account, catalogue, desk, static

ROUTES: list[HTTPRouteHandler] = [*static.ROUTES, *account.ROUTES, *desk.ROUTES, *catalogue.ROUTES]
