"""What must settle before it goes on settles by the database's clock, whatever the worker's own says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.audit.jobs import seal
from service.kit import clock
from service.kit.ids import parse_ref
from service.kit.ordering import database_now
from service.kit.telemetry import Telemetry
from service.portfolio.erasing import purge_spills
from tests.portfolio.spilling import agreed

SKEWS = [timedelta(minutes=10), timedelta(minutes=-10)]


@pytest.fixture(params=SKEWS, ids=["fast", "slow"])
def skewed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """skewed() → from now on this machine's clock is wrong."""
    return lambda: monkeypatch.setattr(
        clock, "now", lambda: datetime.now(UTC) + request.param + clock.moved()
    )


async def test_a_spill_settles_for_a_minute_of_the_databases(
    build: Any, as_user: Any, door: Any, storage: Any, superuser: Any, skewed: Any
) -> None:
    """On a machine whose clock is fast the second pass would be made at once, on a slow one never."""
    spill = parse_ref(await agreed(as_user, project_id=(await build().submitted()).id)).id
    assert await purge_spills(door, storage) == 1
    skewed()
    assert await purge_spills(door, storage) == 0
    await superuser.execute("UPDATE spills SET erased_at = now() - interval '61 s' WHERE id = $1", spill)
    assert await purge_spills(door, storage) == 1
    assert await superuser.fetchval("SELECT state FROM spills WHERE id = $1", spill) == "purged"


async def test_entries_are_sealed_by_the_databases_clock(
    door: Any, settings: Any, superuser: Any, skewed: Any
) -> None:
    now = await database_now(door)
    ages = {"settled": now - timedelta(seconds=30), "young": now + timedelta(minutes=5)}
    await superuser.execute("DELETE FROM audit_chain WHERE tenant_id = '360900'")
    await superuser.execute("DELETE FROM audit_entries WHERE tenant_id = '360900'")
    for name, at in ages.items():
        await superuser.execute(
            "INSERT INTO audit_entries (tenant_id, id, at, actor, actor_tenant, action, object_kind, object_id, "
            "summary, request_id, digest) VALUES ('360900', gen_random_uuid(), $1, 'a', '360900', $2, 'x', 'x', '{}', "
            "'r', 'd')",
            at,
            name,
        )
    skewed()
    await seal(door, settings, Telemetry())
    sealed = await superuser.fetch(
        "SELECT e.action FROM audit_chain c JOIN audit_entries e ON e.tenant_id = c.tenant_id AND e.id = c.entry_id "
        "WHERE c.tenant_id = '360900'"
    )
    assert [row["action"] for row in sealed] == ["settled"]
