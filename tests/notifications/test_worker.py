"""What the worker does by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from service.documents.storage import storage_of
from service.kit import clock
from service.kit.db import Door
from service.kit.jobs import Bench
from service.kit.outbox import Recipient
from service.kit.telemetry import Telemetry
from service.portfolio.retention import Retention
from service.settings import Settings
from service.worker import CRON, Context
from tests.notifications.events import emit_one, query

CITY = "360800"


async def test_purge_forgets_what_is_old_and_nothing_else(
    as_user: Any, door: Door, relay: Any, settings: Settings
) -> None:
    url, now = settings.database_url, clock.now()
    for key, age in (("old", timedelta(days=7, minutes=1)), ("young", timedelta(days=6, hours=23))):
        await query(
            url,
            "INSERT INTO idempotency VALUES ($1, 'c', 'POST /x', $2, 'f', 200, '{}', '', $3)",
            CITY,
            key,
            now - age,
        )
        await query(
            url,
            "INSERT INTO assertion_uses VALUES ($1, 'portal', $2, $3)",
            CITY,
            key,
            now - age + timedelta(days=6, hours=23, minutes=30),
        )
    done, waiting, recent = [
        await emit_one(door, CITY, "project.approved", [Recipient(CITY, "unit")]) for _ in range(3)
    ]
    await relay()
    long_ago = now - timedelta(days=401)
    await query(url, "UPDATE outbox SET done_at = $1 WHERE id = $2", long_ago, done)
    await query(url, "UPDATE outbox SET done_at = NULL, created_at = $1 WHERE id = $2", long_ago, waiting)
    await Retention().purge(door, Telemetry())
    assert [
        row["key"] for row in await query(url, "SELECT key FROM idempotency WHERE route = 'POST /x'")
    ] == ["young"]
    uses = await query(
        url, "SELECT jti FROM assertion_uses WHERE tenant_id = $1 AND client_id = 'portal'", CITY
    )
    assert [row["jti"] for row in uses] == ["young"]
    left = {row["id"] for row in await query(url, "SELECT id::text FROM outbox WHERE tenant_id = $1", CITY)}
    assert {waiting, recent} <= left
    assert done not in left


async def test_every_cron_job_runs(door: Door, settings: Settings) -> None:
    telemetry = Telemetry()

    async def work(_key: Any) -> None:
        """Nothing: only the ringing is tried."""

    tenants: Bench[str] = Bench("t", work, telemetry)
    endpoints: Bench[tuple[str, str]] = Bench("e", work, telemetry)
    for _name, seconds, job in CRON:
        assert seconds >= 1
        await job(
            Context(
                door, settings, telemetry, tenants, endpoints, {}, Retention(), storage_of(settings), None, {}
            )
        )
    await tenants.close()
    await endpoints.close()
