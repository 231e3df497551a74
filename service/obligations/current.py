"""Before duties are read: what an act or a new day has changed since they were derived last is derived first.

So what a draft, a new year or a finished trial run newly asks for is there when it is read, worker or no worker. Only
reminders wait for the worker: its daily look is another mark than this one. A reading takes a bounded share; beyond it
`reading.py` still tells state, rest and lateness of the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from service.kit.db import Door, Scope, tenant_scope
from service.obligations.deriving import refresh
from service.obligations.queries import (
    BEHIND,
    JUST_CHANGED,
    JUST_CHANGED_ANYWHERE,
    ONE_BEHIND,
    TENANTS_BEHIND,
)

AT_ONCE = 100
MOST = 1000  # of a tenant and reading: about a second; the next reading goes on where this one stopped


async def bring_up(door: Door, scope: Scope, tenant: str | None, today: date) -> None:
    """Derives what the readers of a tenant, or with None of the whole province, would find behind."""
    if tenant is None:
        rows = await door.fetch(scope, TENANTS_BEHIND, today=today)
    for each in [row["tenant_id"] for row in rows] if tenant is None else [tenant]:
        await _tenant(door, each, today)


async def bring_up_case(door: Door, tenant: str, project: str, today: date) -> None:
    """The same of one case."""
    rows = await door.fetch(
        tenant_scope(tenant), ONE_BEHIND, tenant_id=tenant, id=project, today=today, limit=1
    )
    await _derive(door, tenant, [row["id"] for row in rows], today)


async def bring_up_changed(door: Door, scope: Scope, tenant: str | None, today: date) -> None:
    """The same of what was changed last: a bounded look, for lists that must not grow with a tenant."""
    if tenant is None:
        rows = await door.fetch(scope, JUST_CHANGED_ANYWHERE, limit=AT_ONCE)
    else:
        rows = await door.fetch(tenant_scope(tenant), JUST_CHANGED, tenant_id=tenant, limit=AT_ONCE)
    behind: dict[str, list[str]] = {}
    for row in rows:
        behind.setdefault(row["tenant_id"], []).append(row["id"])
    for each, ids in behind.items():
        await _derive(door, each, ids, today)


async def _tenant(door: Door, tenant: str, today: date) -> None:
    for _ in range(0, MOST, AT_ONCE):
        rows = await door.fetch(tenant_scope(tenant), BEHIND, tenant_id=tenant, today=today, limit=AT_ONCE)
        await _derive(door, tenant, [row["id"] for row in rows], today)
        if len(rows) < AT_ONCE:
            return


async def _derive(door: Door, tenant: str, ids: Sequence[str], today: date) -> None:
    if ids:
        async with door.transaction(tenant_scope(tenant)) as tx:
            await refresh(tx, tenant, ids, today, read=True)
