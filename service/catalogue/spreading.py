"""What is published for all reaches also the tenants that join later, and whoever an event did not reach.

Read tenant by tenant (docs/decisions/0165, rule 8); every write is in its reader's own scope and changes nothing
that is newer.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal_column, select

from service.catalogue.models import app_entries, app_uses
from service.catalogue.published_copies import COPY
from service.catalogue.uses import USE
from service.identity.models import tenant_local
from service.kit.db import RELAY, Door, Row, tenant_scope
from service.kit.statements import TENANT_ID, Statement, scope_ready

E, U = app_entries.c, app_uses.c
_READERS = Statement(select(tenant_local.c.tenant_id).order_by(tenant_local.c.tenant_id))
# A provider's own entry is the first copy of what it published.
_SHARED = Statement(
    select(*app_entries.c).where(E.provider_tenant == E.tenant_id, E.reach == literal_column("'province'"))
)
_COUNTED = Statement(select(*app_uses.c).where(U.provider_tenant == U.tenant_id))
_HELD = Statement(
    select(E.provider_tenant, E.app_id, E.revision).where(E.tenant_id == TENANT_ID, scope_ready())
)
_KNOWN = Statement(
    select(U.provider_tenant, U.app_id, U.adopter_tenant, U.seq).where(
        U.tenant_id == TENANT_ID, scope_ready()
    )
)


async def spread(door: Door) -> int:
    """Fills every tenant's catalogue; returns how many rows were missing or old."""
    apps = await door.fetch(RELAY, _SHARED)
    shared = {(row["provider_tenant"], row["app_id"]) for row in apps}
    uses = [
        row for row in await door.fetch(RELAY, _COUNTED) if (row["provider_tenant"], row["app_id"]) in shared
    ]
    written = 0
    for reader in await door.fetch(RELAY, _READERS):
        written += await _fill(door, reader["tenant_id"], apps, uses)
    return written


async def _fill(door: Door, tenant: str, apps: list[Row], uses: list[Row]) -> int:
    held = {(row[0], row[1]): row[2] for row in await door.fetch(RELAY, _HELD, tenant_id=tenant)}
    known = {(row[0], row[1], row[2]): row[3] for row in await door.fetch(RELAY, _KNOWN, tenant_id=tenant)}
    late: list[tuple[Statement, dict[str, Any]]] = []
    for row in apps:
        if held.get((row["provider_tenant"], row["app_id"]), -1) < row["revision"]:
            late.append((COPY, {**dict(row), "tenant_id": tenant}))
    for row in uses:
        if known.get((row["provider_tenant"], row["app_id"], row["adopter_tenant"]), -1) < row["seq"]:
            late.append((USE, {**dict(row), "tenant_id": tenant}))
    if late:
        async with door.transaction(tenant_scope(tenant)) as tx:
            for statement, values in late:
                await tx.fetch(statement, **values)
    return len(late)
