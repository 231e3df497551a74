"""Endpoints of library: needs, rounds, the library, plans, frameworks, links."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.command import routes_of
from service.library import (
    api_collaboration as api_joint,
)
from service.library import (
    api_imports,
    api_library,
    api_needs,
    api_plans,
    entries,
    framework_deeds,
    link_deeds,
    needs,
    plan_items,
    priority,
)

ROUTES: list[HTTPRouteHandler] = [
    *routes_of(needs, entries, priority, plan_items, framework_deeds, link_deeds),
    *api_needs.ROUTES,
    *api_library.ROUTES,
    *api_plans.ROUTES,
    *api_joint.ROUTES,
    *api_imports.ROUTES,
]
