"""Endpoints of library: needs, rounds, the library, plans, frameworks, links."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.library import api_library, api_needs

ROUTES: list[HTTPRouteHandler] = [*api_needs.ROUTES, *api_library.ROUTES]
