"""/apps/working: the provider's side of the catalogue."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.catalogue import actions, actions_artefacts, publishing
from service.catalogue.actions import TAG, WORKING, changed
from service.catalogue.queries import APP
from service.catalogue.queries import WORKING as WORKING_COPIES
from service.catalogue.schemas import (
    AppView,
    WorkingList,
    WorkingQuery,
)
from service.catalogue.views import working_view
from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.errors import or_404
from service.kit.ids import parse_ref


@operation(
    "GET",
    WORKING,
    resource="app",
    action="manage",
    summary="本地区的应用底稿",
    tag=TAG,
    query=WorkingQuery,
    answer=WorkingList,
    paged=True,
)
async def working(call: Call) -> Answer:
    """含草稿，最近修改的在前。"""
    return await WORKING_COPIES.serve(call, working_view, WorkingList, tenant_id=call.principal.tenant)


@operation(
    "GET",
    WORKING + "/{ref:str}",
    resource="app",
    action="manage",
    summary="读取应用底稿",
    tag=TAG,
    answer=AppView,
)
async def read_working(call: Call) -> Answer:
    """提供方的底稿，ETag 用于修改和发布；moves 为可改的状态。"""
    ref = parse_ref(call.path("ref"))
    actions.in_own_tenant(call, ref)
    row = or_404(await call.door.row(call.scope, APP, tenant_id=ref.tenant, id=ref.id))
    return changed(call, dict(row))


ROUTES: list[HTTPRouteHandler] = [
    working,
    read_working,
    *routes_of(actions),
    *routes_of(actions_artefacts),
    *routes_of(publishing),
]
