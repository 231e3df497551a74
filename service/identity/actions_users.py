"""People of one's own tenant: add, rename, move, disable. A move or an end kills the tokens they hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

from service.audit.actions import audited
from service.identity.api_pages import own_ref
from service.identity.desks import Leaving, emptied, in_turn, tell_emptied
from service.identity.handed_out import end_feeds
from service.identity.models import users
from service.identity.queries import OFFICE
from service.identity.revoking import revoke, user_subject
from service.identity.rows import read_user, stands, write_user
from service.identity.schemas import DeskView, LockIn, UserEdit, UserIn, UserLocked, UserView
from service.identity.succession import hand_on, successors_of
from service.kit.api import Answer, Call, Error
from service.kit.authn import Revocations
from service.kit.clock import legal_day
from service.kit.command import command
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.ids import Ref, new_id
from service.kit.rows import columns_of, of_row
from service.kit.scopes import OFFICE_BOUND
from service.kit.tables import insert_row

OWN = Error(409, "own_account", "不能停用、调动或锁定本人的账号")

MISFIT = Error(409, "roles_not_for_tier", "新单位的层级没有该用户现有的角色，附 roles")

LAST = Error(409, "last_holder", "办理后有岗位无人在岗，附 desks；须在同一请求中指定接任人")

EXCLUDED = Error(409, "roles_exclude_each_other", "互相制约的角色不能由同一人担任，附 other")

TAG = "users"

EXISTS = Error(409, "login_taken", "本地区内已有这个登录名")

_CREATE = insert_row(users)


def view(person: Mapping[str, Any]) -> UserView:
    """A user as administrators see it; `person` is a row of USER."""
    tenant = person["tenant_id"]
    return of_row(
        UserView,
        person,
        id=str(Ref(tenant, person["id"])),
        office=str(Ref(tenant, person["office_id"])),
        roles=list(person["roles"]),
    )


@command(
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
    made="users",
)
async def create(call: Call, tx: Tx) -> UserView:
    """新用户没有角色，授予角色后才能取得令牌。"""
    # A new user in an office that has not ended; roles are granted one by one.
    body: UserIn = call.body
    office = await _office(call, tx, body.office_id)
    row: dict[str, Any] = {
        "tenant_id": call.principal.tenant,
        "id": new_id(),
        "office_id": office["id"],
        "login": body.login,
        "name": body.name,
        "created_at": call.now,
        "disabled_at": None,
        "locked_at": None,
        "version": 1,
    }
    tx.batch.add(_CREATE, **row)
    audited(call, tx, "user.create", row["id"], {"office": office["id"]})
    return view({**row, **_housed(office), "roles": []})


@command(
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
    at=own_ref,
)
async def edit(call: Call, tx: Tx, ref: Ref) -> UserView:
    """停用或调动后，该用户的令牌五秒内在各处失效。岗位将因此无人在岗的，须同时以 successor_id 指定接任人。"""
    # Renames, moves, disables or enables a user. Who leaves a desk that would be empty names who follows.
    body: UserEdit = call.body
    if body.disabled is True or body.office_id is not UNSET:
        await in_turn(tx, ref.tenant)
    old = await read_user(tx, ref)
    call.expected.check(old["version"])
    new = dict(old)
    if body.name is not UNSET:
        new["name"] = body.name
    if body.office_id is not UNSET:
        office = await _office(call, tx, body.office_id)
        _check_roles(call, old["roles"], office)
        new |= {"office_id": office["id"], **_housed(office)}
    if body.disabled is not UNSET:
        new["disabled_at"] = (old["disabled_at"] or call.now) if body.disabled else None
    moved = new["office_id"] != old["office_id"]
    ended = new["disabled_at"] is not None and old["disabled_at"] is None
    if (moved or ended) and ref.id == call.principal.user:
        raise ServiceError(409, "own_account", "不能停用或调动本人的账号，请由另一名管理员办理")
    if moved or ended:
        going = _going(old, new, call, ended)
        await hand_on(call, tx, going, *await successors_of(call, tx, body.successor_id, body.successors))
        revoke(tx, call.service(Revocations), ref.tenant, [user_subject(ref.tenant, ref.id)])
        end_feeds(tx, ref.tenant, old["login"], office=None if ended else old["office_id"])
    write_user(tx, ref, new)
    summary = {
        "version": new["version"],
        "office": new["office_id"],
        "disabled": new["disabled_at"] is not None,
    }
    audited(call, tx, "user.edit", ref.id, summary)
    return view(new)


def _going(old: Row, new: Mapping[str, Any], call: Call, ended: bool) -> list[Leaving]:
    """The desks a person leaves: all when disabled or moved to an office that does not stand, else the office's own."""
    if ended or not stands(new, legal_day(call.now)):
        return [Leaving(old, tuple(old["roles"]))]
    return [Leaving(old, tuple(role for role in old["roles"] if role in OFFICE_BOUND))]


def _locked(call: Call, changed: Any) -> Answer:
    return Answer(changed, version=changed.user.version)


@command(
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
    at=own_ref,
    view=_locked,
)
async def lock(call: Call, tx: Tx, ref: Ref) -> UserLocked:
    """由安全管理员办理，即时生效，不问岗位是否因此无人；无人在岗的岗位在答复中列明，并告知管理员、项目单位和省级。"""
    # The security administrator ends an account at once, whatever desk is empty then; that is told.
    body: LockIn = call.body
    user = dict(await read_user(tx, ref))
    if ref.id == call.principal.user:
        raise ServiceError(409, "own_account", "不能锁定本人的账号")
    desks = await emptied(call, tx, [Leaving(user, tuple(user["roles"]))])
    user["locked_at"] = user["locked_at"] or call.now
    write_user(tx, ref, user, ServiceError(409, "busy", "该用户正在被其他请求修改，请稍后重试"))
    revoke(tx, call.service(Revocations), ref.tenant, [user_subject(ref.tenant, ref.id)])
    end_feeds(tx, ref.tenant, user["login"])
    audited(
        call,
        tx,
        "user.lock",
        ref.id,
        {"version": user["version"], "reason": body.reason, "empty": [desk.role for desk in desks]},
    )
    await tell_emptied(call, tx, desks, "账号由安全管理员紧急锁定。")
    rules = call.services.policy.roles
    return UserLocked(
        user=view(user), empty_desks=[DeskView(d.role, d.named(rules), d.office) for d in desks]
    )


@command(
    "POST",
    "/users/{ref:str}/unlock",
    resource="user",
    action="lock",
    summary="解除锁定",
    tag=TAG,
    body=LockIn,
    answer=UserView,
    at=own_ref,
)
async def unlock(call: Call, tx: Tx, ref: Ref) -> UserView:
    """由安全管理员办理；管理员不能解除锁定。"""
    # The security administrator lets the account in again.
    body: LockIn = call.body
    user = dict(await read_user(tx, ref))
    user["locked_at"] = None
    write_user(tx, ref, user, ServiceError(409, "busy", "该用户正在被其他请求修改，请稍后重试"))
    audited(call, tx, "user.unlock", ref.id, {"version": user["version"], "reason": body.reason})
    return view(user)


def _housed(office: Row) -> dict[str, Any]:
    return {"office_name": office["name"], **columns_of(office, "tier", "division", "valid_from", "valid_to")}


async def _office(call: Call, tx: Tx, given: str) -> Row:
    """The office of a body, by public id or bare UUID; foreign, absent and ended ones are one fault."""
    tenant, bare = given[:-37], given[-36:]
    office = None
    if tenant in ("", call.principal.tenant):
        office = await tx.row_once(OFFICE, tenant_id=call.principal.tenant, id=bare)
    if office is None or (office["valid_to"] is not None and office["valid_to"] <= legal_day(call.now)):
        raise invalid([FieldError("/office_id", "unknown_office", "没有这个单位，或该单位已经终止")])
    return office


def _check_roles(call: Call, held: list[str], office: Row) -> None:
    """Roles belong to a tier: whoever moves to another tier first gives back what does not exist there."""
    grantable = call.services.policy.roles.grantable(office["tier"])
    misfits = [role for role in held if role not in grantable]
    if misfits:
        detail = "新单位的层级没有该用户现有的角色，请先撤销这些角色"
        raise ServiceError(409, "roles_not_for_tier", detail, roles=misfits)
