"""Events to emit in tests, and looking at what became of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from service.kit import clock
from service.kit.db import Door, tenant_scope
from service.kit.jobs import Doorbell, Every, run_worker
from service.kit.outbox import Recipient, emit
from service.kit.telemetry import Telemetry

PROVINCE = "360000"


def snapshot(**more: Any) -> dict[str, Any]:
    """What `projects.state.snapshot` makes, shortened."""
    return {
        "project": {
            "id": "360100-00000000-0000-7000-8000-000000000001",
            "tenant": "360100",
            "name": "智慧水务平台",
            "owner_name": "南昌市水利局",
            "route": "city_filing",
            "investment_yuan": "4000000.00",
            "approved_amount_yuan": "3900000.00",
            "filing_number": "360100-2020-0007",
            "articles": [23],
        },
        **more,
    }


async def emit_one(
    door: Door, tenant: str, kind: str, desks: Sequence[Recipient], trace: str = "trace-0001", **more: Any
) -> str:
    """Commits one event; returns its id."""
    async with door.transaction(tenant_scope(tenant)) as tx:
        return emit(
            tx,
            tenant=tenant,
            kind=kind,
            recipients=desks,
            snapshot=snapshot(**more),
            trace_id=trace,
            now=clock.now(),
        )


async def query(url: str, sql: str, *arguments: Any) -> list[Any]:
    """Rows as the database's superuser sees them: past row level security."""
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(sql, *arguments))
    finally:
        await connection.close()


async def until(condition: Callable[[], Awaitable[bool]], seconds: float, pause: float = 0.1) -> None:
    """Waits until the condition holds, or fails; `seconds` is what a quiet machine needs at most."""
    end = time.monotonic() + max(seconds, 600)
    while not await condition():
        assert time.monotonic() < end, "did not come true in time"
        await asyncio.sleep(pause)


@asynccontextmanager
async def working(
    url: str, ring: Any, crons: list[Every], telemetry: Telemetry, stop: asyncio.Event | None = None
) -> AsyncIterator[asyncio.Task[None]]:
    """A worker's loop, which ends with the block however the block ends: one left over works in others' tests."""
    stop = stop or asyncio.Event()
    worker = asyncio.create_task(run_worker(url, ring, crons, [], telemetry, stop))
    try:
        yield worker
    finally:
        stop.set()
        await asyncio.wait_for(worker, 600)


@asynccontextmanager
async def ringing(url: str) -> AsyncIterator[Doorbell]:
    """A doorbell, hung up when the block ends."""
    bell = Doorbell(url)
    await bell.start()
    try:
        yield bell
    finally:
        await bell.stop()
