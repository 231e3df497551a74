"""Demo apps of deploy/seed/apps.json: published once by their providers, then spread to every reader.

Idempotent: ids are made from keys, what is there stays, and an entry that is newer is never overwritten.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from service.catalogue.actions import CREATE_ONCE
from service.catalogue.published_copies import COPY, entry_of
from service.catalogue.schemas import AppContent
from service.catalogue.spreading import spread
from service.kit.db import Door, tenant_scope
from service.kit.ids import Ref, stable_id
from service.province import CODE, home

FILE = home() / "apps.json"
_MADE = datetime(2026, 1, 1, tzinfo=UTC)


def demo_apps() -> list[dict[str, Any]]:
    """The file's apps."""
    found: list[dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))["apps"]
    return found


def app_id(key: str) -> str:
    """The id a seeded app always gets."""
    return stable_id("app", key)


async def seed_apps(door: Door, office_id: Callable[[str, str, str], str], names: dict[str, str]) -> None:
    """Writes the providers' copies, one transaction per provider, and spreads what is for all. `names`: of tenants."""
    listed = demo_apps()
    home = {each["key"]: each["tenant"] for each in listed}
    for tenant in sorted(set(home.values())):
        async with door.transaction(tenant_scope(tenant)) as tx:
            for each in (each for each in listed if each["tenant"] == tenant):
                row = _row(each, office_id(tenant, tenant, each["office"]), home)
                provider = {
                    "tier": "province" if tenant == CODE else "city",
                    "tenant_name": names[tenant],
                    "name": each["office"],
                }
                tx.batch.add(CREATE_ONCE, expect=None, **row)
                entry = {**entry_of(row, row["content"], provider), "tenant_id": tenant}
                tx.batch.add(COPY, expect=None, **entry)
    await spread(door)


def _row(app: dict[str, Any], office: str, home: dict[str, str]) -> dict[str, Any]:
    newer = app.get("successor")
    return {
        "tenant_id": app["tenant"],
        "office_id": office,
        "id": app_id(app["key"]),
        "name": app["name"],
        "status": app["status"],
        "reach": app["reach"],
        "offices": [],
        "content": msgspec.convert(app["content"], AppContent),
        "source_project": None,
        "successor": None if newer is None else str(Ref(home[newer], app_id(newer))),
        "edition": 1,
        "created_by": "seed",
        "created_at": _MADE,
        "updated_at": _MADE,
        "published_at": _MADE,
        "version": 1,
    }
