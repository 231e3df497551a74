"""Endpoints of delivery."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.delivery import building_api, funding_api

ROUTES: list[HTTPRouteHandler] = [
    *building_api.ROUTES,
    *funding_api.ROUTES,
]
