"""/users and the roles they hold, in one's own tenant."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.identity import actions_grants as grants
from service.identity import actions_users as actions
from service.identity.api_pages import own_ref, page
from service.identity.queries import GRANTS, USER, USER_LIST
from service.identity.schemas import (
    GrantList,
    GrantView,
    LockIn,
    UserEdit,
    UserIn,
    UserList,
    UserLocked,
    UserQuery,
    UserView,
    WithdrawQuery,
)
from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.errors import not_found

TAG = "users"
EXISTS = Error(409, "login_taken", "本租户内已有这个登录名")
OWN = Error(409, "own_account", "不能停用、调动或锁定本人的账号")
LAST = Error(409, "last_holder", "办理后有岗位无人在岗，附 desks；须在同一请求中指定接任人")
MISFIT = Error(409, "roles_not_for_tier", "新单位的层级没有该用户现有的角色，附 roles")
UNFIT = Error(422, "invalid_body", "指定的接任人不合适，errors 指明")
OWN_GRANTS = Error(409, "own_grants", "不能变更本人的角色")
EXCLUDED = Error(409, "roles_exclude_each_other", "互相制约的角色不能由同一人担任，附 other")
NOT_FOR_TIER = Error(422, "role_not_for_tier", "该角色不属于这一层级，或只授予客户端，附 grantable")


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
    """本租户的用户，附单位和角色。"""
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
    row = await call.door.row(call.scope, USER, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    return Answer(actions.view(row), version=row["version"])


@operation(
    "POST",
    "/users",
    resource="user",
    action="manage",
    summary="新增用户",
    tag=TAG,
    status=201,
    body=UserIn,
    answer=UserView,
    conflict=EXISTS,
)
async def create(call: Call, tx: Tx) -> Answer:
    """新用户没有角色，授予角色后才能取得令牌。"""
    made = await actions.create(call, tx)
    return Answer(made, version=made.version, headers={"location": f"/api/v1/users/{made.id}"})


@operation(
    "PATCH",
    "/users/{ref:str}",
    resource="user",
    action="manage",
    summary="修改用户",
    tag=TAG,
    body=UserEdit,
    answer=UserView,
    if_match=True,
    errors=(OWN, MISFIT, LAST, EXCLUDED),
)
async def edit(call: Call, tx: Tx) -> Answer:
    """停用或调动后，该用户的令牌五秒内在各处失效。岗位将因此无人在岗的，须同时以 successor_id 指定接任人。"""
    changed = await actions.edit(call, tx, own_ref(call))
    return Answer(changed, version=changed.version)


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
        GrantView(
            row["role"],
            roles.names.get((tier, row["role"]), row["role"]),
            row["granted_by"],
            row["granted_at"],
        )
        for row in rows
        if row["role"] is not None
    ]
    return Answer(GrantList(items, list(roles.grantable(tier))), version=rows[0]["version"])


@operation(
    "PUT",
    "/users/{ref:str}/roles/{role:str}",
    resource="grant",
    action="manage",
    summary="授予角色",
    tag=TAG,
    answer=UserView,
    errors=(OWN_GRANTS, EXCLUDED, NOT_FOR_TIER),
)
async def grant(call: Call, tx: Tx) -> Answer:
    """重复授予不改变什么；授予后该用户须重新取得令牌。"""
    changed = await grants.grant(call, tx, own_ref(call), call.path("role"))
    return Answer(changed, version=changed.version)


@operation(
    "DELETE",
    "/users/{ref:str}/roles/{role:str}",
    resource="grant",
    action="manage",
    summary="撤销角色",
    tag=TAG,
    query=WithdrawQuery,
    answer=UserView,
    errors=(OWN_GRANTS, LAST, EXCLUDED, UNFIT),
)
async def withdraw(call: Call, tx: Tx) -> Answer:
    """撤销后该用户的令牌五秒内在各处失效。岗位将因此无人在岗的，须同时以 successor_id 指定接任人。"""
    changed = await grants.withdraw(call, tx, own_ref(call), call.path("role"))
    return Answer(changed, version=changed.version)


@operation(
    "POST",
    "/users/{ref:str}/lock",
    resource="user",
    action="lock",
    summary="紧急锁定用户",
    tag=TAG,
    body=LockIn,
    answer=UserLocked,
    errors=(OWN,),
    tagged=True,
)
async def lock(call: Call, tx: Tx) -> Answer:
    """由安全管理员办理，即时生效，不问岗位是否因此无人；无人在岗的岗位在答复中列明，并告知管理员、项目单位和省级。"""
    changed = await actions.lock(call, tx, own_ref(call))
    return Answer(changed, version=changed.user.version)


@operation(
    "POST",
    "/users/{ref:str}/unlock",
    resource="user",
    action="lock",
    summary="解除锁定",
    tag=TAG,
    body=LockIn,
    answer=UserView,
)
async def unlock(call: Call, tx: Tx) -> Answer:
    """由安全管理员办理；管理员不能解除锁定。"""
    changed = await actions.unlock(call, tx, own_ref(call))
    return Answer(changed, version=changed.version)


ROUTES: list[HTTPRouteHandler] = [list_page, read, create, edit, list_grants, grant, withdraw, lock, unlock]
