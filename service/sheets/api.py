"""The routes of workbooks."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.sheets import api_imports, api_workbooks

ROUTES: list[HTTPRouteHandler] = [*api_imports.ROUTES, *api_workbooks.ROUTES]
