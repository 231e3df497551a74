"""/clients: the portals of one's own tenant, their secrets and keys."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.identity import actions_clients as actions
from service.identity import clients as rows
from service.identity import confirming
from service.identity.api_pages import page
from service.identity.queries import CLIENT, CLIENT_LIST
from service.identity.schemas import LockIn
from service.identity.schemas_clients import (
    ClientEdit,
    ClientIn,
    ClientList,
    ClientQuery,
    ClientSecret,
    ClientView,
    ConfirmIn,
    RotateIn,
)
from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.errors import not_found
from service.kit.second_person import SAME_PERSON

TAG = "clients"
SIGN_IN = Error(409, "sign_in_client", "管理人员的登录客户端只能修改名称和指名的登录人")
NOTHING = Error(409, "nothing_pending", "没有待确认的事项")
LAST = Error(409, "last_holder", "办理后没有管理员或者安全管理员能够登录，附 desks")
EXISTS = Error(409, "client_exists", "本租户内已有这个编号的客户端")


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
    """本租户登记的客户端；密钥只列起止时间。"""
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
    """一个客户端，编号为 `<租户>.<id>`。"""
    row = await call.door.row(
        call.scope, CLIENT, tenant_id=call.principal.tenant, client=rows.client_of(call)
    )
    if row is None:
        raise not_found()
    return Answer(rows.view(row, call.now), version=row["version"])


@operation(
    "POST",
    "/clients",
    resource="client",
    action="manage",
    summary="登记客户端",
    tag=TAG,
    status=201,
    body=ClientIn,
    answer=ClientSecret,
    conflict=EXISTS,
)
async def create(call: Call, tx: Tx) -> Answer:
    """须经安全管理员确认后才能取得令牌。密钥只在首次答复中出现一次，系统只存摘要；重放时不再给出，请改为轮换。"""
    answer = await actions.create(call, tx)
    answer.headers = {"location": f"/api/v1/clients/{answer.content.client.id}"}
    return answer


@operation(
    "POST",
    "/clients/{ref:str}/rotate",
    resource="client",
    action="manage",
    summary="轮换密钥",
    tag=TAG,
    body=RotateIn,
    answer=ClientSecret,
    tagged=True,
    errors=(SIGN_IN,),
)
async def rotate(call: Call, tx: Tx) -> Answer:
    """新密钥只出现一次，经安全管理员确认后生效；在用的旧密钥自确认时起再用 keep_old_hours 小时。

    keep_old_hours 为 0 时旧密钥和已发令牌即刻失效。
    答复丢失时再轮换一次即可：替换的只是无人用过的新密钥，在用的不受影响。
    """
    return await actions.rotate(call, tx, rows.client_of(call))


@operation(
    "PATCH",
    "/clients/{ref:str}",
    resource="client",
    action="manage",
    summary="修改客户端",
    tag=TAG,
    body=ClientEdit,
    answer=ClientView,
    if_match=True,
    errors=(SIGN_IN, LAST),
)
async def edit(call: Call, tx: Tx) -> Answer:
    """停用、去掉公钥、减少角色即时生效；新公钥、增加的角色、重新启用须经安全管理员确认，此前列在 pending。"""
    changed = await actions.edit(call, tx, rows.client_of(call))
    return Answer(changed, version=changed.version)


@operation(
    "POST",
    "/clients/{ref:str}/confirm",
    resource="client",
    action="confirm",
    summary="确认客户端",
    tag=TAG,
    body=ConfirmIn,
    answer=ClientView,
    if_match=True,
    errors=(NOTHING, SAME_PERSON),
)
async def confirm(call: Call, tx: Tx) -> Answer:
    """由安全管理员确认所读到的这一版，或者不予确认；提出人不能自己确认。"""
    changed = await confirming.confirm(call, tx, rows.client_of(call))
    return Answer(changed, version=changed.version)


@operation(
    "POST",
    "/clients/{ref:str}/lock",
    resource="client",
    action="lock",
    summary="紧急锁定客户端",
    tag=TAG,
    body=LockIn,
    answer=ClientView,
    errors=(SIGN_IN,),
)
async def lock(call: Call, tx: Tx) -> Answer:
    """由安全管理员办理，该客户端及其代表用户的令牌五秒内在各处失效；重新启用须再经确认。"""
    changed = await confirming.lock(call, tx, rows.client_of(call))
    return Answer(changed, version=changed.version)


ROUTES: list[HTTPRouteHandler] = [list_page, read, create, rotate, edit, confirm, lock]
