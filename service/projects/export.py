"""What every export of a list shares: the download, the size of its pages, the tenants' names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import TypeVar

from sqlalchemy import select

from service.identity.models import tenant_local, tenants
from service.kit.api import Answer, Call
from service.kit.clock import legal_day
from service.kit.csvout import Columns
from service.kit.errors import not_found
from service.kit.exporting import Export
from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.vocabulary import label

TAG = "exports"
PAGE = 2000
MAX_ROWS = 100_000
Item = TypeVar("Item")

_NAMED = (
    select(tenant_local.c.tenant_id, tenants.c.name)
    .select_from(tenant_local.join(tenants, tenants.c.id == tenant_local.c.tenant_id))
    .order_by(tenant_local.c.tenant_id)
)
_TENANTS, _OWN = (
    Statement(_NAMED),
    Statement(_NAMED.where(tenant_local.c.tenant_id == TENANT_ID, scope_ready())),
)


async def tenant_names(call: Call) -> dict[str, str]:
    """The tenants within the caller's reach and their names, in the order of their codes."""
    names = _TENANTS if call.scope.login == "province" else _OWN
    rows = await call.door.fetch(call.scope, names, tenant_id=call.principal.tenant)
    return {row["tenant_id"]: row["name"] for row in rows}


def state_label(state: str) -> str:
    """A state's Chinese name; one that a newer version wrote stays as it is."""
    return label("state", state)


async def download(
    call: Call, name: str, title: str, columns: Columns[Item], pages: AsyncIterator[list[Item]]
) -> Answer:
    """The pages as one file of at most MAX_ROWS rows; headers tell the count and whether rows were left out."""
    sheet = Export(call, columns)
    truncated = False
    async for items in pages:
        room = MAX_ROWS - sheet.rows
        await sheet.add(items[:room])
        if len(items) > room:
            truncated = True
            break
    headers = {"x-row-count": str(sheet.rows), "x-truncated": "true" if truncated else "false"}
    return await sheet.answer(name, title, legal_day(call.now), headers)


def in_turn(tenant: str | list[str] | None, names: Mapping[str, str]) -> list[str]:
    """One tenant after the other: a merged page of 2,000 would read 2,000 rows of every tenant each time."""
    asked = [tenant] if isinstance(tenant, str) else tenant
    if not set(asked or ()) <= names.keys():
        raise not_found()
    return list(names) if asked is None else sorted(asked)
