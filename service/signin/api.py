"""/issuers: the identity providers by which people of one's own tenant may sign in to the console."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.identity.api_pages import page
from service.identity.schemas import LockIn
from service.identity.schemas_clients import ConfirmIn
from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.errors import not_found
from service.kit.second_person import SAME_PERSON
from service.signin import actions
from service.signin.rows import ISSUER, LISTING, issuer_of, view
from service.signin.schemas import IssuerEdit, IssuerIn, IssuerList, IssuerQuery, IssuerView

TAG = "issuers"
NOTHING = Error(409, "nothing_pending", "没有待确认的事项")
EXISTS = Error(409, "issuer_exists", "本租户内已有这个编号的身份系统")


@operation(
    "GET",
    "/issuers",
    resource="issuer",
    action="read",
    summary="身份系统列表",
    tag=TAG,
    query=IssuerQuery,
    answer=IssuerList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """本租户人员登录页面可用的身份系统（OpenID Connect）。"""
    return await page(call, LISTING, lambda row: view(call, row), IssuerList)


@operation(
    "GET",
    "/issuers/{ref:str}",
    resource="issuer",
    action="read",
    summary="读取身份系统",
    tag=TAG,
    answer=IssuerView,
)
async def read(call: Call) -> Answer:
    """一个身份系统，编号为 `<租户>.<id>`；列出应在该系统登记的地址。"""
    row = await call.door.row(call.scope, ISSUER, of_tenant=call.principal.tenant, of_id=issuer_of(call))
    if row is None:
        raise not_found()
    return Answer(view(call, row), version=row["version"])


@operation(
    "POST",
    "/issuers",
    resource="issuer",
    action="manage",
    summary="登记身份系统",
    tag=TAG,
    status=201,
    body=IssuerIn,
    answer=IssuerView,
    conflict=EXISTS,
)
async def create(call: Call, tx: Tx) -> Answer:
    """须经安全管理员确认后才能登录。身份系统只能收窄、不能授予岗位：本人须先由管理员登记并授予。"""
    made = await actions.create(call, tx)
    return Answer(made, version=made.version, headers={"location": f"/api/v1/issuers/{made.id}"})


@operation(
    "PATCH",
    "/issuers/{ref:str}",
    resource="issuer",
    action="manage",
    summary="修改身份系统",
    tag=TAG,
    body=IssuerEdit,
    answer=IssuerView,
    if_match=True,
)
async def edit(call: Call, tx: Tx) -> Answer:
    """停用即时生效，由它登录的会话随之结束；新的设置和重新启用须经安全管理员确认，此前列在 pending。"""
    changed = await actions.edit(call, tx)
    return Answer(changed, version=changed.version)


@operation(
    "POST",
    "/issuers/{ref:str}/confirm",
    resource="issuer",
    action="confirm",
    summary="确认身份系统",
    tag=TAG,
    body=ConfirmIn,
    answer=IssuerView,
    if_match=True,
    errors=(NOTHING, SAME_PERSON),
)
async def confirm(call: Call, tx: Tx) -> Answer:
    """由安全管理员确认所读到的这一版，或者不予确认；提出人不能自己确认。"""
    changed = await actions.confirm(call, tx)
    return Answer(changed, version=changed.version)


@operation(
    "POST",
    "/issuers/{ref:str}/lock",
    resource="issuer",
    action="lock",
    summary="紧急锁定身份系统",
    tag=TAG,
    body=LockIn,
    answer=IssuerView,
)
async def lock(call: Call, tx: Tx) -> Answer:
    """由安全管理员办理，由它登录的会话即时结束；重新启用须再经确认。"""
    changed = await actions.lock(call, tx)
    return Answer(changed, version=changed.version)


ROUTES: list[HTTPRouteHandler] = [list_page, read, create, edit, confirm, lock]
