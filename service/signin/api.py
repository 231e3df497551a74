"""/issuers: the identity providers by which people of one's own tenant may sign in to the console."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.identity.api_pages import page
from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.errors import or_404
from service.signin import actions
from service.signin.actions import TAG
from service.signin.rows import ISSUER, LISTING, issuer_of, view
from service.signin.schemas import IssuerList, IssuerQuery, IssuerView


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
    """本地区人员登录页面可用的身份系统（OpenID Connect）。"""
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
    """一个身份系统，编号为 `<地区>.<id>`；列出应在该系统登记的地址。"""
    row = or_404(
        await call.door.row(call.scope, ISSUER, of_tenant=call.principal.tenant, of_id=issuer_of(call))
    )
    return Answer(view(call, row), version=row["version"])


ROUTES: list[HTTPRouteHandler] = [
    list_page,
    read,
    *routes_of(actions),
]
