"""/clients: the portals of one's own tenant, their secrets and keys."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.identity import actions_clients as actions
from service.identity.api_pages import page
from service.identity.queries import CLIENT, client_page
from service.identity.schemas import (
    ClientEdit,
    ClientIn,
    ClientList,
    ClientQuery,
    ClientSecret,
    ClientView,
    RotateIn,
)
from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.errors import not_found

TAG = "clients"
EXISTS = Error(409, "client_exists", "本租户内已有这个编号的客户端")


@operation(
    "GET", "/clients", resource="client", action="read", summary="客户端列表", tag=TAG, query=ClientQuery,
    answer=ClientList, paged=True,
)  # fmt: skip
async def list_page(call: Call) -> Answer:
    """本租户登记的客户端；密钥只列起止时间。"""
    return await page(call, "clients", client_page, {}, lambda row: actions.view(row, call.now), ClientList)


@operation(
    "GET", "/clients/{ref:str}", resource="client", action="read", summary="读取客户端", tag=TAG, answer=ClientView,
)  # fmt: skip
async def read(call: Call) -> Answer:
    """一个客户端，编号为 `<租户>.<id>`。"""
    row = await call.door.row(
        call.scope, CLIENT, tenant_id=call.principal.tenant, client=actions.client_of(call)
    )
    if row is None:
        raise not_found()
    return Answer(actions.view(row, call.now), version=row["version"])


@operation(
    "POST", "/clients", resource="client", action="manage", summary="登记客户端", tag=TAG, status=201, body=ClientIn,
    answer=ClientSecret, conflict=EXISTS,
)  # fmt: skip
async def create(call: Call, tx: Tx) -> Answer:
    """密钥只在首次答复中出现一次，系统只存摘要；以相同的键重放时不再给出，请改为轮换。"""
    answer = await actions.create(call, tx)
    answer.headers = {"location": f"/api/v1/clients/{answer.content.client.id}"}
    return answer


@operation(
    "POST", "/clients/{ref:str}/rotate", resource="client", action="manage", summary="轮换密钥", tag=TAG,
    body=RotateIn, answer=ClientSecret, tagged=True,
)  # fmt: skip
async def rotate(call: Call, tx: Tx) -> Answer:
    """新密钥只出现一次；旧密钥再用 keep_old_hours 小时，为 0 时旧密钥和已发令牌即刻失效。"""
    return await actions.rotate(call, tx, actions.client_of(call))


@operation(
    "PATCH", "/clients/{ref:str}", resource="client", action="manage", summary="修改客户端", tag=TAG,
    body=ClientEdit, answer=ClientView, if_match=True,
)  # fmt: skip
async def edit(call: Call, tx: Tx) -> Answer:
    """更换公钥或停用后，该客户端的令牌五秒内在各处失效。"""
    changed = await actions.edit(call, tx, actions.client_of(call))
    return Answer(changed, version=changed.version)


ROUTES: list[HTTPRouteHandler] = [list_page, read, create, rotate, edit]
