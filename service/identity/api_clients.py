"""/clients: the portals of one's own tenant, their secrets and keys."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.identity import actions_clients, confirming
from service.identity import clients as rows
from service.identity.actions_clients import TAG
from service.identity.api_pages import page
from service.identity.queries import CLIENT, CLIENT_LIST
from service.identity.schemas_clients import (
    ClientList,
    ClientQuery,
    ClientView,
)
from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.errors import or_404


@operation(
    "GET",
    "/clients",
    resource="client",
    action="read",
    summary="客户端列表",
    tag=TAG,
    query=ClientQuery,
    answer=ClientList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """本地区登记的客户端；密钥只列起止时间。"""
    return await page(call, CLIENT_LIST, lambda row: rows.view(row, call.now), ClientList)


@operation(
    "GET",
    "/clients/{ref:str}",
    resource="client",
    action="read",
    summary="读取客户端",
    tag=TAG,
    answer=ClientView,
)
async def read(call: Call) -> Answer:
    """一个客户端，编号为 `<地区>.<id>`。"""
    row = or_404(
        await call.door.row(call.scope, CLIENT, tenant_id=call.principal.tenant, client=rows.client_of(call))
    )
    return Answer(rows.view(row, call.now), version=row["version"])


ROUTES: list[HTTPRouteHandler] = [
    list_page,
    read,
    *routes_of(actions_clients, confirming),
]
