"""Role grants: who checks another cannot be one person, and nobody grants to himself (arts 4, 39)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Text, Uuid, bindparam, delete

from service.audit.actions import audited
from service.identity.actions_deputies import give_way
from service.identity.actions_users import EXCLUDED, LAST, TAG, create, view
from service.identity.api_pages import own_ref
from service.identity.desks import Leaving, in_turn
from service.identity.handed_out import end_feeds
from service.identity.models import role_grants
from service.identity.revoking import revoke, user_subject
from service.identity.rows import read_user, write_user
from service.identity.schemas import PersonIn, UserView, WithdrawQuery
from service.identity.succession import GRANT, hand_on, successors_of
from service.kit.api import Call, Error
from service.kit.authn import Revocations
from service.kit.command import act_of, command
from service.kit.db import Tx
from service.kit.errors import ServiceError, not_found
from service.kit.ids import Ref
from service.kit.roles import Roles
from service.kit.statements import OF_TENANT, Statement

UNFIT = Error(422, "invalid_body", "指定的接任人不合适，errors 指明")

OWN_GRANTS = Error(409, "own_grants", "不能变更本人的角色")

NOT_FOR_TIER = Error(422, "role_not_for_tier", "该角色不属于这一层级，或只授予客户端，附 grantable")

_WITHDRAW = Statement(
    delete(role_grants).where(
        role_grants.c.tenant_id == OF_TENANT,
        role_grants.c.user_id == bindparam("of_user", type_=Uuid(as_uuid=False)),
        role_grants.c.role == bindparam("of_role", type_=Text),
    )
)


@command(
    "PUT",
    "/users/{ref:str}/roles/{role:str}",
    resource="grant",
    action="manage",
    summary="授予角色",
    tag=TAG,
    answer=UserView,
    errors=(OWN_GRANTS, EXCLUDED, NOT_FOR_TIER),
    at=own_ref,
)
async def grant(call: Call, tx: Tx, ref: Ref) -> UserView:
    """重复授予不改变什么；授予后该用户须重新取得令牌。"""
    # Gives a role; giving one already held changes nothing. A deputation that the role excludes ends (0204).
    role = _role(call, ref)
    await in_turn(tx, ref.tenant)  # a deputy is named in turn, by the roles held then
    user = dict(await read_user(tx, ref))
    roles = call.services.policy.roles
    _check_tier(roles, role, user["tier"])
    if role in user["roles"]:
        return view(user)
    _check_exclusions(roles, role, user)
    await give_way(call, tx, user, (role,))
    tx.batch.add(
        GRANT,
        tenant_id=ref.tenant,
        user_id=ref.id,
        role=role,
        granted_by=call.principal.actor,
        granted_at=call.now,
    )
    user["roles"] = sorted([*user["roles"], role])
    return _changed(call, tx, ref, user, "grant.add", role)


async def create_with_roles(call: Call, tx: Tx) -> UserView:
    """A new user and his roles in one deed, each by the same rules and with its own audit row."""
    body: PersonIn = call.body
    made: UserView = await act_of(create)(call, tx)
    roles, held = call.services.policy.roles, list[str]()
    for role in dict.fromkeys(body.roles):
        _check_tier(roles, role, made.tier)
        _check_exclusions(roles, role, {"tier": made.tier, "roles": held})
        tenant, _, ident = made.id.partition("-")
        tx.batch.add(
            GRANT,
            tenant_id=tenant,
            user_id=ident,
            role=role,
            granted_by=call.principal.actor,
            granted_at=call.now,
        )
        held.append(role)
        audited(call, tx, "grant.add", ident, {"role": role, "version": made.version})
    return made


@command(
    "DELETE",
    "/users/{ref:str}/roles/{role:str}",
    resource="grant",
    action="manage",
    summary="撤销角色",
    tag=TAG,
    query=WithdrawQuery,
    answer=UserView,
    errors=(OWN_GRANTS, LAST, EXCLUDED, UNFIT),
    at=own_ref,
)
async def withdraw(call: Call, tx: Tx, ref: Ref) -> UserView:
    """撤销后该用户的令牌五秒内在各处失效。岗位将因此无人在岗的，须同时以 successor_id 指定接任人。"""
    # Takes a role back; 404 when the user does not hold it, 409 when nobody is left at the desk and nobody follows.
    role = _role(call, ref)
    await in_turn(tx, ref.tenant)
    user = dict(await read_user(tx, ref))
    if role not in user["roles"]:
        raise not_found()
    query: WithdrawQuery = call.query
    named, default = await successors_of(call, tx, query.successor_id, {})
    await hand_on(call, tx, [Leaving(user, (role,))], named, default)
    tx.batch.add(_WITHDRAW, of_tenant=ref.tenant, of_user=ref.id, of_role=role)
    tx.taken(role_grants, tenant_id=ref.tenant, user_id=ref.id, role=role)
    end_feeds(tx, ref.tenant, user["login"], role=role)
    user["roles"] = [held for held in user["roles"] if held != role]
    return _changed(call, tx, ref, user, "grant.remove", role)


def _changed(call: Call, tx: Tx, ref: Ref, user: dict[str, Any], action: str, role: str) -> UserView:
    """Raises the user's version, so that two grants at once cannot both pass the exclusions."""
    write_user(tx, ref, user, ServiceError(409, "busy", "该用户正在被其他请求修改，请稍后重试"))
    revoke(tx, call.service(Revocations), ref.tenant, [user_subject(ref.tenant, ref.id)])
    audited(call, tx, action, ref.id, {"role": role, "version": user["version"]})
    return view(user)


def _role(call: Call, ref: Ref) -> str:
    """The role that the path names; 409 for whoever would change what he holds himself."""
    if ref.id == call.principal.user:
        raise ServiceError(409, "own_grants", "不能变更本人的角色，请由另一名管理员办理")
    return call.path("role")


def _check_tier(roles: Roles, role: str, tier: str) -> None:
    """A role exists in a tier or not; clients' roles are nobody's."""
    grantable = roles.grantable(tier)
    if role not in grantable:
        why = "；系统角色只授予已登记的客户端" if role in roles.clients else ""
        detail = f"该角色不能授予这一层级单位的人员{why}"
        raise ServiceError(422, "role_not_for_tier", detail, grantable=list(grantable))


def _check_exclusions(roles: Roles, role: str, user: Mapping[str, Any]) -> None:
    for held in user["roles"]:
        if roles.conflict([held, role]) is not None:
            names = roles.names
            detail = (
                f"“{names[user['tier'], role]}”与该用户已有的“{names.get((user['tier'], held), held)}”"
                "不能由同一人担任"
            )
            raise ServiceError(409, "roles_exclude_each_other", detail, role=role, other=held)
