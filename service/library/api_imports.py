"""/library-imports: entries of before the system, entered by one person and confirmed by another (arts 8, 9)."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.errors import not_found
from service.library import imports
from service.library.imports import TAG
from service.library.schemas_imports import ImportList, ImportQuery


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
    """新的在前；省级角色看到全省，其他看到本地区。"""
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


ROUTES: list[HTTPRouteHandler] = [*routes_of(imports), list_imports]
