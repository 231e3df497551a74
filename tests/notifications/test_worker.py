"""What the worker does by the clock."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from service import worker
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


@pytest.mark.parametrize("patience", [60.0, 0.01], ids=["they come to an end", "a receiver hangs"])
async def test_what_is_looked_for_later_lets_news_and_webhooks_pass(
    door: Door, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    """A second at most for a receiver that hangs; else a heap of examinations holds every webhook back."""
    order: list[str] = []
    ended, telemetry = asyncio.Event(), Telemetry()

    async def sent(_: Any) -> bool:
        await ended.wait()
        order.append("webhook")
        return False

    async def examined(*_: Any) -> tuple[int, bool]:
        order.append("examined")
        return 0, False

    monkeypatch.setattr(worker, "step", examined)
    monkeypatch.setattr(worker, "TO_WEBHOOKS", patience)
    news, webhooks = Bench("relay", sent, telemetry), Bench("webhooks", sent, telemetry)
    lane = worker._bench(door, worker.lanes(worker.SUBSCRIBERS)[-1], (news, webhooks), telemetry, {})
    webhooks.ring("endpoint")
    lane.ring(CITY)
    if patience > 1:
        asyncio.get_running_loop().call_later(0.05, ended.set)
    await lane.quiet(30)
    assert order == (["webhook", "examined"] if patience > 1 else ["examined"])
    ended.set()
    await webhooks.close()
    await lane.close()
