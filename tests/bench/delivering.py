"""What the workers carry: submissions made as fast as the service takes them, to inbox, feed, duties and webhooks.

Every tenant has a receiver. Load, service, workers, receiver and PostgreSQL share the machine's processors.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import asyncpg
import httpx
import uvloop

from service.kit import clock
from service.kit.ids import new_id
from tests.bench.client import load
from tests.bench.processes import PRODUCT, ROOT, Process, cpu, serving
from tests.bench.rounds import OPERATIONS, Bench
from tests.bench.world import World, samples, world

_LEFT = """
SELECT (SELECT count(*) FROM outbox WHERE done_at IS NULL AND dead_at IS NULL)
  + (SELECT count(*) FROM webhook_deliveries WHERE state = 'pending')
"""
_DONE = """
SELECT (SELECT count(*) FROM outbox WHERE done_at >= $1),
  (SELECT count(*) FROM webhook_deliveries WHERE delivered_at >= $1)
"""
RECEIVER = "tests.bench.receiver:application"
WORKERS, PATIENCE, TARGET = 2, 120.0, 200
PROJECTS = 8000  # of which every seventh is a draft, to be submitted
_IDLE = 0.15  # of a second's processor: the workers have caught up with what the filler left them


@contextmanager
def _worker(environment: Mapping[str, str]) -> Iterator[int]:
    argv = [sys.executable, "-m", "service.cli", "worker"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen(argv, cwd=ROOT, env={**os.environ, **environment}, **quiet)  # type: ignore[call-overload]
    try:
        yield child.pid
    finally:
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def report() -> str:
    """Events and webhooks a second, the workers' processor for each event, and what was left after two minutes."""
    with world(PROJECTS, log_level="WARNING") as place, ExitStack() as stack:
        api = stack.enter_context(serving(PRODUCT, place.environment))
        receiver = stack.enter_context(serving(RECEIVER, place.environment))
        pids = [stack.enter_context(_worker(place.environment)) for _ in range(WORKERS)]
        return uvloop.run(_carried(place, api, receiver.port, pids))


async def _carried(place: World, api: Process, receiver: int, pids: list[int]) -> str:
    drafts = await samples(place.admin_url, PROJECTS, drafts=True)
    bench = Bench(place, {PRODUCT: api}, [], drafts)
    await _register(api.port, receiver, bench.tokens)
    await _caught_up(pids)
    requests = bench.requests(OPERATIONS[2], len(drafts), ours=True)
    admin = await asyncpg.connect(place.admin_url)
    try:
        since, begun, before = await admin.fetchval("SELECT now()"), clock.monotonic(), sum(map(cpu, pids))
        await load(api.port, requests)
        until, left = clock.monotonic() + PATIENCE, 1
        while left and clock.monotonic() < until:
            await asyncio.sleep(0.02)
            left = await admin.fetchval(_LEFT)
        seconds, spent = clock.monotonic() - begun, sum(map(cpu, pids)) - before
        events, webhooks = await admin.fetchrow(_DONE, since)
    finally:
        await admin.close()
    return (
        f"workers: {events} events of {len(bench.tokens)} tenants in {seconds:.1f} s from the first submission to the"
        f" last webhook: {events / seconds:.0f} a second by two (target {TARGET}), {webhooks} webhooks taken,"
        f" {spent / max(events, 1) * 1e6:.0f} µs of a worker's processor an event, {left} left"
    )


async def _register(api: int, receiver: int, tenants: Iterable[str]) -> None:
    """Each tenant's administrator registers the receiver for every kind of event."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{api}/api/v1", timeout=60) as client:
        for tenant in tenants:
            grant = {"grant_type": "urn:tongjian:grant:development", "username": f"{tenant}/administrator"}
            token = (await client.post("/oauth/token", data=grant)).raise_for_status().json()["access_token"]
            headers = {"authorization": f"Bearer {token}", "idempotency-key": new_id()}
            url = f"http://127.0.0.1:{receiver}/{tenant}"
            (await client.post("/webhooks", json={"url": url}, headers=headers)).raise_for_status()


async def _caught_up(pids: list[int]) -> None:
    until = clock.monotonic() + PATIENCE * 2
    while clock.monotonic() < until:
        before = sum(map(cpu, pids))
        await asyncio.sleep(3)
        if (sum(map(cpu, pids)) - before) / 3 < _IDLE:
            return
    raise SystemExit("the workers do not come to rest")
