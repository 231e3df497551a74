"""What the workers carry: submissions made as fast as the service takes them, to inbox, feed, duties and webhooks.

Every tenant has a receiver. Load, service, workers, receiver and PostgreSQL share the machine's processors.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple

import asyncpg
import httpx
import uvloop

from service.kit import clock
from service.kit.ids import new_id
from service.projects.snippets import BEHIND
from tests.bench.client import load
from tests.bench.processes import PRODUCT, ROOT, Process, cpu, serving
from tests.bench.rounds import OPERATIONS, Bench
from tests.bench.world import World, samples, world

# What the submissions themselves are; what is found in them later tells events of its own.
_LEFT = """
SELECT (SELECT count(*) FROM outbox WHERE kind = 'project.submitted' AND done_at IS NULL AND dead_at IS NULL)
  + (SELECT count(*) FROM webhook_deliveries WHERE kind = 'project.submitted' AND state = 'pending')
"""
_DONE = """
SELECT (SELECT count(*) FROM outbox WHERE kind = 'project.submitted' AND done_at >= $1),
  (SELECT count(*) FROM webhook_deliveries WHERE kind = 'project.submitted' AND delivered_at >= $1)
"""
# What the filler, or a heap, left for the workers to catch up with.
_BEHIND = f"""
SELECT (SELECT count(*) FROM outbox_work WHERE dead_at IS NULL) + (SELECT count(*) FROM projects WHERE {BEHIND})
  + (SELECT count(*) FROM projects p WHERE p.state <> 'draft' AND NOT EXISTS (
    SELECT FROM obligation_cases c WHERE c.tenant_id = p.tenant_id AND c.project_id = p.id AND counted_for IS NOT NULL))
"""
RECEIVER = "tests.bench.receiver:application"
WORKERS, PATIENCE, TARGET = 2, 120.0, 200
PROJECTS = 8000  # of which every seventh is a draft, to be submitted


class Carried(NamedTuple):
    """Events, webhooks; seconds until the last was taken and until the load was through; µs an event; what was left."""

    events: int
    webhooks: int
    seconds: float
    loaded: float
    micros: float
    left: int


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
    half = len(drafts) // 2
    waiting, live = (bench.requests(OPERATIONS[2], half, ours=True) for _ in range(2))
    admin = await asyncpg.connect(place.admin_url)
    try:
        await _caught_up(admin)
        for pid in pids:  # so that there is a heap, of events that are no older than a minute
            os.kill(pid, signal.SIGSTOP)
        await load(api.port, waiting)
        heap = await _until_taken(admin, pids, asyncio.sleep(0), go_on=True)
        await _caught_up(admin)
        beside = await _until_taken(admin, pids, load(api.port, live))
    finally:
        await admin.close()
    return (
        f"workers: {heap.events} events of {len(bench.tokens)} tenants that waited, to the last webhook taken:"
        f" {heap.events / heap.seconds:.0f} a second by two (target {TARGET}), {heap.micros:.0f} µs of a processor"
        f" each, {heap.webhooks} webhooks, {heap.left} left;\n"
        f"  {beside.events} while {half} submissions came in at {half / beside.loaded:.0f} a second: the last webhook"
        f" {(beside.seconds - beside.loaded) * 1e3:.0f} ms after the last answer, {beside.left} left"
    )


async def _until_taken(
    admin: asyncpg.Connection, pids: list[int], work: Awaitable[Any], *, go_on: bool = False
) -> Carried:
    since, begun, before = await admin.fetchval("SELECT now()"), clock.monotonic(), sum(map(cpu, pids))
    if go_on:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
    await work
    loaded, until, left = clock.monotonic() - begun, clock.monotonic() + PATIENCE, 1
    while left and clock.monotonic() < until:
        await asyncio.sleep(0.02)
        left = await admin.fetchval(_LEFT)
    seconds, spent = clock.monotonic() - begun, sum(map(cpu, pids)) - before
    events, webhooks = await admin.fetchrow(_DONE, since)
    return Carried(events, webhooks, seconds, loaded, spent / max(events, 1) * 1e6, left)


async def _register(api: int, receiver: int, tenants: Iterable[str]) -> None:
    """Each tenant's administrator registers the receiver for every kind of event."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{api}/api/v1", timeout=60) as client:
        for tenant in tenants:
            grant = {"grant_type": "urn:tongjian:grant:development", "username": f"{tenant}/administrator"}
            token = (await client.post("/oauth/token", data=grant)).raise_for_status().json()["access_token"]
            headers = {"authorization": f"Bearer {token}", "idempotency-key": new_id()}
            url = f"http://127.0.0.1:{receiver}/{tenant}"
            (await client.post("/webhooks", json={"url": url}, headers=headers)).raise_for_status()


async def _caught_up(admin: asyncpg.Connection) -> None:
    until = clock.monotonic() + PATIENCE * 2
    while behind := await admin.fetchval(_LEFT) + await admin.fetchval(_BEHIND):
        if clock.monotonic() > until:
            raise SystemExit(f"the workers do not come to rest: {behind} left")
        await asyncio.sleep(0.1)
