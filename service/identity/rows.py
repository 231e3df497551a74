"""What every administrative act shares: the audit row, an office on a day, a user's row read and written back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.identity.models import users
from service.identity.queries import USER
from service.kit.db import Row, Tx
from service.kit.errors import ServiceError, or_404
from service.kit.ids import Ref
from service.kit.tables import update_read

_EDITABLE = ("name", "office_id", "disabled_at", "locked_at")
_EDIT = update_read(users, _EDITABLE, "new_")


def stands(office: Mapping[str, Any], on: date) -> bool:
    """Whether the office is in being on the day; `valid_to` is the first day it is not."""
    return bool(office["valid_from"] <= on and (office["valid_to"] is None or on < office["valid_to"]))


async def read_user(tx: Tx, ref: Ref) -> Row:
    """The user with roles and office, or 404."""
    row = or_404(await tx.row(USER, tenant_id=ref.tenant, id=ref.id))
    return row


def write_user(tx: Tx, ref: Ref, user: dict[str, Any], miss: ServiceError | None = None) -> None:
    """Adds the guarded update of a user as read; the version goes up by one."""
    values = {f"new_{name}": user[name] for name in _EDITABLE}
    tx.batch.add(_EDIT, miss=miss, of_tenant=ref.tenant, of_id=ref.id, read_version=user["version"], **values)
    user["version"] += 1
    tx.told(users, [{**user, "tenant_id": ref.tenant, "id": ref.id}])
