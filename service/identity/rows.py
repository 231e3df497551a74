"""What every administrative act shares: the audit row, an office's standing, a user's row read and written back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import DateTime, Integer, Text, Uuid, bindparam, update

from service.identity.models import users
from service.identity.queries import USER
from service.kit.db import Row, Tx
from service.kit.errors import ServiceError, not_found
from service.kit.ids import Ref
from service.kit.statements import Statement

_EDITABLE: dict[str, Any] = {
    "name": Text(),
    "office_id": Uuid(as_uuid=False),
    "disabled_at": DateTime(timezone=True),
    "locked_at": DateTime(timezone=True),
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


def stands(office: Mapping[str, Any], on: date) -> bool:
    """Whether the office is in being on the day; `valid_to` is the first day it is not."""
    return bool(office["valid_from"] <= on and (office["valid_to"] is None or on < office["valid_to"]))


async def read_user(tx: Tx, ref: Ref) -> Row:
    """The user with roles and office, or 404."""
    row = await tx.row(USER, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    return row


def write_user(tx: Tx, ref: Ref, user: dict[str, Any], miss: ServiceError | None = None) -> None:
    """Adds the guarded update of a user as read; the version goes up by one."""
    values = {f"new_{name}": user[name] for name in _EDITABLE}
    tx.batch.add(_EDIT, miss=miss, of_tenant=ref.tenant, of_id=ref.id, read_version=user["version"], **values)
    user["version"] += 1
