"""All pages, one group a file."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.console import (
    account,
    admin_audit,
    admin_keys,
    admin_people,
    admin_places,
    appearance,
    case,
    catalogue,
    declare,
    desk,
    hand_over,
    monitor,
    papers,
    printed,
    provide,
    rules,
    sso,
    static,
    verify,
)

ROUTES: list[HTTPRouteHandler] = [
    *static.ROUTES,
    *account.ROUTES,
    *sso.ROUTES,
    *hand_over.ROUTES,
    *desk.ROUTES,
    *declare.ROUTES,
    *case.ROUTES,
    *papers.ROUTES,
    *printed.ROUTES,
    *catalogue.ROUTES,
    *monitor.ROUTES,
    *provide.ROUTES,
    *rules.ROUTES,
    *verify.ROUTES,
    *admin_people.ROUTES,
    *admin_places.ROUTES,
    *admin_keys.ROUTES,
    *admin_audit.ROUTES,
    *appearance.ROUTES,
]
