"""/library-imports: entries of before the system, entered by one person and confirmed by another (arts 8, 9)."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.errors import not_found
from service.library import imports
from service.library.schemas_imports import ImportDecisionIn, ImportIn, ImportList, ImportQuery, ImportView
from service.projects.api import SAME

TAG = "library"


@operation(
    "POST",
    "/library-imports",
    resource="library",
    action="import",
    summary="补录入库记录",
    tag=TAG,
    where="cases",
    body=ImportIn,
    answer=ImportView,
    status=201,
)
async def import_entry(call: Call, tx: Tx) -> Answer:
    """系统启用前已入库的项目，按入库文件补录；由另一人复核后有效，申报时引用其编号。"""
    row = await imports.propose(call, tx)
    shown = imports.import_view(row)
    return Answer(shown, version=1, headers={"location": f"/api/v1/library-imports/{shown.id}"})


@operation(
    "POST",
    "/library-imports/{ref:str}/confirm",
    resource="library",
    action="import",
    summary="复核补录的入库记录",
    tag=TAG,
    where="cases",
    body=ImportDecisionIn,
    answer=ImportView,
    if_match=True,
    errors=(SAME, Error(409, "already_decided", "该补录已经复核")),
)
async def confirm_import(call: Call, tx: Tx) -> Answer:
    """补录人以外的一人核对原件后认可，或者说明理由不予认可。"""
    row = await imports.decide(call, tx)
    return Answer(imports.import_view(row), version=row["version"])


@operation(
    "GET",
    "/library-imports",
    resource="library",
    action="read",
    summary="补录的入库记录",
    tag=TAG,
    where="cases",
    query=ImportQuery,
    answer=ImportList,
)
async def list_imports(call: Call) -> Answer:
    """新的在前；省级角色看到全省，其他看到本租户。"""
    query: ImportQuery = call.query
    tenant = query.tenant
    if call.scope.login != "province":
        if tenant not in (None, call.principal.tenant):
            raise not_found()
        tenant = call.principal.tenant
    rows = await call.door.fetch(
        call.scope, imports.LIST, tenant_id=tenant, state=query.state, limit=query.limit
    )
    return Answer(ImportList([imports.import_view(row) for row in rows]))


ROUTES: list[HTTPRouteHandler] = [import_entry, confirm_import, list_imports]
