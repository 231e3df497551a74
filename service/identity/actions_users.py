"""People of one's own tenant: add, rename, move, disable. A move or an end kills the tokens they hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET
from sqlalchemy import DateTime, Integer, Text, Uuid, bindparam, update

from service.identity.actions_offices import audited
from service.identity.handed_out import end_feeds
from service.identity.models import users
from service.identity.queries import OFFICE, USER
from service.identity.revoking import revoke, user_subject
from service.identity.schemas import UserEdit, UserIn, UserView
from service.kit.api import Call
from service.kit.authn import Revocations
from service.kit.clock import legal_day
from service.kit.db import Row, Statement, Tx
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.ids import Ref, new_id
from service.kit.tables import insert_row

_CREATE = insert_row(users)
_EDITABLE: dict[str, Any] = {
    "name": Text(),
    "office_id": Uuid(as_uuid=False),
    "disabled_at": DateTime(timezone=True),
}
_EDIT = Statement(
    update(users)
    .where(
        users.c.tenant_id == bindparam("of_tenant", type_=Text),
        users.c.id == bindparam("of_id", type_=Uuid(as_uuid=False)),
        users.c.version == bindparam("read_version", type_=Integer),
    )
    .values(
        {name: bindparam(f"new_{name}", type_=kind) for name, kind in _EDITABLE.items()}
        | {"version": users.c.version + 1}
    )
)


def view(person: Mapping[str, Any]) -> UserView:
    """A user as administrators see it; `person` is a row of USER."""
    tenant = person["tenant_id"]
    plain = ("login", "name", "office_name", "tier", "division", "created_at", "disabled_at", "version")
    return UserView(
        id=str(Ref(tenant, person["id"])),
        office=str(Ref(tenant, person["office_id"])),
        roles=list(person["roles"]),
        **{name: person[name] for name in plain},
    )


async def read_user(tx: Tx, ref: Ref) -> Row:
    """The user with roles and office, or 404."""
    row = await tx.row(USER, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    return row


async def create(call: Call, tx: Tx) -> UserView:
    """A new user in an office that has not ended; roles are granted one by one."""
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
        "version": 1,
    }
    tx.batch.add(_CREATE, **row)
    audited(call, tx, "user.create", row["id"], {"office": office["id"]})
    return view({**row, **_housed(office), "roles": []})


async def edit(call: Call, tx: Tx, ref: Ref) -> UserView:
    """Renames, moves, disables or enables a user."""
    body: UserEdit = call.body
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
        revoke(tx, call.service(Revocations), ref.tenant, [user_subject(ref.tenant, ref.id)])
        end_feeds(tx, ref.tenant, old["login"], office=None if ended else old["office_id"])
    write(tx, ref, new)
    summary = {
        "version": new["version"],
        "office": new["office_id"],
        "disabled": new["disabled_at"] is not None,
    }
    audited(call, tx, "user.edit", ref.id, summary)
    return view(new)


def write(tx: Tx, ref: Ref, user: dict[str, Any], miss: ServiceError | None = None) -> None:
    """Adds the guarded update of a user as read; the version goes up by one."""
    values = {f"new_{name}": user[name] for name in _EDITABLE}
    tx.batch.add(_EDIT, miss=miss, of_tenant=ref.tenant, of_id=ref.id, read_version=user["version"], **values)
    user["version"] += 1


def _housed(office: Row) -> dict[str, Any]:
    return {"office_name": office["name"], "tier": office["tier"], "division": office["division"]}


async def _office(call: Call, tx: Tx, given: str) -> Row:
    """The office of a body, by public id or bare UUID; foreign, absent and ended ones are one fault."""
    tenant, bare = given[:-37], given[-36:]
    office = None
    if tenant in ("", call.principal.tenant):
        office = await tx.row(OFFICE, tenant_id=call.principal.tenant, id=bare)
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
