"""/users and the roles they hold, in one's own tenant."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.identity import actions_grants as grants
from service.identity import actions_users as actions
from service.identity.actions_users import TAG
from service.identity.api_pages import own_ref, page
from service.identity.queries import GRANTS, USER, USER_LIST
from service.identity.schemas import (
    GrantList,
    GrantView,
    UserList,
    UserQuery,
    UserView,
)
from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.errors import not_found, or_404
from service.kit.rows import of_row


@operation(
    "GET",
    "/users",
    resource="user",
    action="read",
    summary="用户列表",
    tag=TAG,
    query=UserQuery,
    answer=UserList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """本地区的用户，附单位和角色。"""
    query: UserQuery = call.query
    more: dict[str, Any] = {}
    if query.disabled is not None:
        more["gone" if query.disabled else "enabled"] = True
    return await page(call, USER_LIST, actions.view, UserList, **more)


@operation(
    "GET",
    "/users/{ref:str}",
    resource="user",
    action="read",
    summary="读取用户",
    tag=TAG,
    answer=UserView,
)
async def read(call: Call) -> Answer:
    """一个用户，附单位和角色。"""
    ref = own_ref(call)
    row = or_404(await call.door.row(call.scope, USER, tenant_id=ref.tenant, id=ref.id))
    return Answer(actions.view(row), version=row["version"])


@operation(
    "GET",
    "/users/{ref:str}/roles",
    resource="grant",
    action="read",
    summary="用户的角色",
    tag=TAG,
    answer=GrantList,
    tagged=True,
)
async def list_grants(call: Call) -> Answer:
    """每个角色由谁、何时授予，以及这一层级可以授予哪些角色。"""
    ref = own_ref(call)
    rows = await call.door.fetch(call.scope, GRANTS, tenant_id=ref.tenant, id=ref.id)
    if not rows:
        raise not_found()
    roles, tier = call.services.policy.roles, rows[0]["tier"]
    items = [
        of_row(GrantView, row, name=roles.names.get((tier, row["role"]), row["role"]))
        for row in rows
        if row["role"] is not None
    ]
    return Answer(GrantList(items, list(roles.grantable(tier))), version=rows[0]["version"])


ROUTES: list[HTTPRouteHandler] = [
    list_page,
    read,
    *routes_of(actions),
    list_grants,
    *routes_of(grants),
]
