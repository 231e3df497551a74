"""Endpoints of delivery: what its deeds declare, and what is read of them."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.delivery import (
    acceptance_actions,
    acceptance_api,
    acceptance_deciding,
    acceptance_extension,
    acceptance_filing,
    building_api,
    building_hindrance,
    building_records,
    building_reports,
    building_start,
    changes_deeds,
    ending_deeds,
    evaluation_actions,
    funding_deeds,
    maintenance_api,
    maintenance_proposals,
    orders_actions,
    orders_api,
    orders_measures,
)
from service.projects.deeds import routes_of

ROUTES: list[HTTPRouteHandler] = [
    *routes_of(building_records, building_reports, building_start, building_hindrance),
    *routes_of(changes_deeds, ending_deeds, funding_deeds),
    *routes_of(acceptance_actions, acceptance_deciding, acceptance_extension, acceptance_filing),
    *routes_of(evaluation_actions, maintenance_proposals, orders_actions, orders_measures),
    *building_api.ROUTES,
    *acceptance_api.ROUTES,
    *maintenance_api.ROUTES,
    *orders_api.ROUTES,
]
