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
    confirmations,
    ending_deeds,
    evaluation_actions,
    funding_deeds,
    incidents,
    maintenance_api,
    maintenance_arranging,
    maintenance_proposals,
    orders_actions,
    orders_api,
    orders_measures,
    recall_of_funds,
    responsible_people,
    surplus,
    trial_run,
    works_supervision,
)
from service.kit.command import routes_of

ROUTES: list[HTTPRouteHandler] = [
    *routes_of(responsible_people, building_records, works_supervision, building_reports),
    *routes_of(building_start, incidents, building_hindrance, recall_of_funds),
    *routes_of(changes_deeds, ending_deeds, funding_deeds, surplus),
    *routes_of(
        trial_run,
        confirmations,
        acceptance_actions,
        acceptance_deciding,
        acceptance_extension,
        acceptance_filing,
    ),
    *routes_of(
        evaluation_actions, maintenance_proposals, maintenance_arranging, orders_actions, orders_measures
    ),
    *building_api.ROUTES,
    *acceptance_api.ROUTES,
    *maintenance_api.ROUTES,
    *orders_api.ROUTES,
]
