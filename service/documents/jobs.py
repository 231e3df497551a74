"""Clearing away bytes whose row never committed."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.documents.queries import KNOWN
from service.documents.storage import Storage, aside
from service.kit.db import Door, tenant_scope

GRACE = timedelta(days=1)


async def clear_orphans(door: Door, storage: Storage, now: datetime) -> int:
    """Deletes files older than a day that no row names; returns how many."""
    before = (now - GRACE).timestamp()
    old: dict[str, list[str]] = {}
    for tenant, key, changed in await aside(lambda: list(storage.kept())):
        if changed < before:
            old.setdefault(tenant, []).append(key)
    cleared = 0
    for tenant, keys in old.items():
        known = {row["id"] for row in await door.fetch(tenant_scope(tenant), KNOWN, tenant_id=tenant)}
        for key in keys:
            if key not in known:
                await aside(storage.delete, tenant, key)
                cleared += 1
    return cleared
