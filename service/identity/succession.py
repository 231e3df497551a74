"""Who follows at a desk that an ordinary act would leave empty: named in the same request, given the role with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from service.audit.actions import audited
from service.identity.actions_deputies import give_way
from service.identity.desks import OTHERS, Desk, Leaving, emptied, in_turn, signing_in
from service.identity.models import role_grants
from service.identity.queries import USER
from service.identity.revoking import revoke, user_subject
from service.identity.rows import stands, write_user
from service.kit.api import Call
from service.kit.authn import Revocations
from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.ids import Ref
from service.kit.roles import Roles
from service.kit.tables import insert_row

GRANT = insert_row(role_grants)


async def successors_of(
    call: Call, tx: Tx, one: str | None, by_role: Mapping[str, str]
) -> tuple[dict[str, Row], Row | None]:
    """The people named as successors: by role, and for all other desks; 422 for who is not of the tenant."""
    named = {role: await _named(call, tx, f"/successors/{role}", given) for role, given in by_role.items()}
    return named, None if one is None else await _named(call, tx, "/successor_id", one)


async def _named(call: Call, tx: Tx, pointer: str, given: str) -> Row:
    tenant, bare = given[:-37], given[-36:]
    row = None
    if tenant in ("", call.principal.tenant):
        row = await tx.row(USER, tenant_id=call.principal.tenant, id=bare)
    if row is None:
        raise invalid([FieldError(pointer, "unknown_user", "本地区没有这个用户")])
    return row


async def hand_on(
    call: Call,
    tx: Tx,
    leaving: Iterable[Leaving],
    successors: Mapping[str, Row],
    default: Row | None,
    day: date | None = None,
) -> None:
    """Gives each desk that would be empty to its successor in the same transaction; 409 `last_holder` without one.

    `successors`: by role, else `default`, both rows of USER.
    """
    everybody = list(leaving)
    empty = await emptied(call, tx, everybody, day)
    rules = call.services.policy.roles
    lacking = [desk for desk in empty if desk.role not in successors and default is None]
    if lacking:
        raise last_holder(lacking, rules)
    gone = {str(each.person["id"]) for each in everybody}
    taken: dict[str, list[Desk]] = {}
    people: dict[str, Row] = {}
    for desk in empty:
        person = successors.get(desk.role, default)
        assert person is not None  # noqa: S101 - `lacking` was empty
        people[person["id"]] = person
        taken.setdefault(person["id"], []).append(desk)
    named = await signing_in(tx, call.principal.tenant) if empty else None
    for ident, desks in taken.items():
        _may_take(call, people[ident], desks, gone, named, day or legal_day(call.now))
        await _give(call, tx, people[ident], desks)


def last_holder(desks: Iterable[Desk], rules: Roles) -> ServiceError:
    """409: who is to follow must be said in the same act."""
    listed = [{"role": desk.role, "name": desk.named(rules), "office_id": desk.office} for desk in desks]
    names = "、".join(each["name"] or "" for each in listed)
    detail = f"办理后下列岗位将无人在岗：{names}。请同时指定接任人"
    return ServiceError(409, "last_holder", detail, desks=listed)


def _may_take(
    call: Call, person: Row, desks: list[Desk], gone: set[str], named: frozenset[str] | None, day: date
) -> None:
    """422 for a successor who cannot be at the desk, 409 where the roles exclude each other."""
    rules = call.services.policy.roles
    off = person["disabled_at"] is not None or person["locked_at"] is not None
    if off or not stands(person, day) or person["id"] in gone or person["id"] == call.principal.user:
        raise _unfit("接任人须是本地区另一名有效的用户，其单位在有效期内；不能是本人")
    for desk in desks:
        if desk.role not in rules.grantable(person["tier"]):
            raise _unfit(f"“{desk.named(rules)}”不能授予接任人所在层级的人员")
        if desk.office is not None and desk.office != person["office_id"]:
            raise _unfit(f"“{desk.named(rules)}”的接任人须在同一单位")
        if desk.role in rules.alone and named is not None and person["login"] not in named:
            raise _unfit("接任人尚未在登录客户端上指名，无法登录；请先指名并经安全管理员确认")
    clash = rules.conflict([*person["roles"], *(desk.role for desk in desks)])
    if clash is not None:
        detail = "接任人现有的角色与所接任的岗位不能由同一人担任，请先调整其角色或者另行指定"
        raise ServiceError(409, "roles_exclude_each_other", detail, role=clash[1], other=clash[0])


def _unfit(detail: str) -> ServiceError:
    return invalid([FieldError("/successor_id", "unfit_successor", detail)])


async def _give(call: Call, tx: Tx, person: Row, desks: list[Desk]) -> None:
    tenant = call.principal.tenant
    fresh = [desk.role for desk in desks if desk.role not in person["roles"]]
    await give_way(call, tx, person, fresh)
    for role in fresh:
        tx.batch.add(
            GRANT,
            tenant_id=tenant,
            user_id=person["id"],
            role=role,
            granted_by=call.principal.actor,
            granted_at=call.now,
        )
    user = dict(person)
    busy = ServiceError(409, "busy", "接任人正在被其他请求修改，请稍后重试")
    write_user(tx, Ref(tenant, person["id"]), user, busy)
    revoke(tx, call.service(Revocations), tenant, [user_subject(tenant, person["id"])])
    for role in fresh:
        audited(
            call, tx, "grant.add", person["id"], {"role": role, "version": user["version"], "succeeds": True}
        )


async def sign_in_stays(call: Call, tx: Tx, named: Mapping[str, Any]) -> None:
    """409 unless at least one person per role that manages can still sign in with the names that are left."""
    rules = call.services.policy.roles
    await in_turn(tx, call.principal.tenant)
    rows = await tx.fetch(
        OTHERS,
        tenant_id=call.principal.tenant,
        roles=sorted(rules.alone),
        leaving=[],
        day=legal_day(call.now),
    )
    able = {row["role"] for row in rows if row["login"] in named}
    left = [Desk(role) for role in sorted(rules.alone - able)]
    if left:
        raise last_holder(left, rules)
