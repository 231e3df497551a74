"""Endpoints of delivery."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.delivery import (
    acceptance_api,
    building_api,
    changes_api,
    ending_api,
    evaluation_api,
    funding_api,
    maintenance_api,
    orders_api,
)

ROUTES: list[HTTPRouteHandler] = [
    *building_api.ROUTES,
    *changes_api.ROUTES,
    *ending_api.ROUTES,
    *funding_api.ROUTES,
    *acceptance_api.ROUTES,
    *evaluation_api.ROUTES,
    *maintenance_api.ROUTES,
    *orders_api.ROUTES,
]
