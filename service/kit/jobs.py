"""Doorbell and worker: arq rings, so that delivery is immediate, and carries nothing but the tenant's id.

The only file that imports arq. A worker asks PostgreSQL every second what is due, with or without Valkey: losing
Valkey, its contents, or a ring costs at most that second.
"""

from __future__ import annotations

import asyncio
import dataclasses
import signal
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import unquote

import msgspec
from arq import Worker
from arq import func as arq_function
from arq.connections import ArqRedis, RedisSettings, create_pool

from service.kit import clock
from service.kit.bench import Bench as Bench
from service.kit.tasks import TaskDied, end, watched
from service.kit.telemetry import Telemetry

QUEUE = "tongjian:doorbell"
STAGGER = 0.05  # seconds between the first runs of a worker's jobs


class Every(NamedTuple):
    """Work done again and again, `seconds` apart, whatever happens to it; needs no Valkey."""

    name: str
    seconds: float
    work: Callable[[], Awaitable[Any]]


async def run_worker(
    valkey_url: str,
    ring: Callable[[str], None],
    every: Sequence[Every],
    benches: Sequence[Bench[Any]],
    telemetry: Telemetry,
    stop: asyncio.Event | None = None,
) -> None:
    """Listens to the doorbell and repeats `every` until `stop`, by default until SIGTERM or SIGINT.

    Raises TaskDied when one of them ends by itself: a worker that does half its work is worse than none.
    """
    if stop is None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    tasks = [
        watched(_repeat(each, telemetry, number * STAGGER), each.name, stop.set)
        for number, each in enumerate(every)
    ]
    if valkey_url:
        tasks.append(watched(_listen(valkey_url, ring, telemetry), "doorbell", stop.set))
    try:
        await stop.wait()
        if dead := [task.get_name() for task in tasks if task.done()]:
            raise TaskDied(", ".join(dead))
    finally:
        await end(*tasks)
        for bench in benches:
            await bench.close()


async def _repeat(each: Every, telemetry: Telemetry, after: float = 0) -> None:
    """Once soon after the start, whatever its interval, then again and again."""
    await asyncio.sleep(after)
    failures = 0
    while True:
        started = clock.monotonic()
        try:
            await each.work()
        except Exception as error:
            failures += 1
            telemetry.job(each.name, failures, error)
        else:
            failures = 0
            telemetry.job(each.name, 0)
        await asyncio.sleep(max(0.05, each.seconds - (clock.monotonic() - started)))


def _settings(valkey_url: str) -> RedisSettings:
    plain = RedisSettings.from_dsn(valkey_url)
    return dataclasses.replace(
        plain,
        username=unquote(plain.username) if plain.username else None,
        password=unquote(plain.password) if plain.password else None,
        conn_timeout=1,
        conn_retries=0,
    )


async def _listen(valkey_url: str, ring: Callable[[str], None], telemetry: Telemetry) -> None:
    """arq's worker ends when Valkey goes away; this starts another until it is back."""

    async def rung(_context: dict[str, Any], *tenants: str) -> None:
        for tenant in tenants:
            ring(tenant)

    pause = 0.5
    while True:
        worker = Worker(
            [arq_function(rung, name="ring")],  # type: ignore[arg-type]
            queue_name=QUEUE,
            redis_settings=_settings(valkey_url),
            handle_signals=False,
            max_jobs=100,
            poll_delay=0.02,
            job_timeout=5,
            keep_result=0,
            job_serializer=msgspec.json.encode,
            job_deserializer=msgspec.json.decode,
        )
        started = clock.monotonic()
        try:
            lost = await _apart(worker.async_run())
        finally:
            await _apart(worker.close(), 2)
        telemetry.log.warning("doorbell_lost", error=type(lost).__name__)
        pause = 0.5 if clock.monotonic() - started > 10 else min(pause * 2, 5.0)
        await asyncio.sleep(pause)


async def _apart(work: Coroutine[Any, Any, None], seconds: float | None = None) -> BaseException | None:
    """What the work raised. In a task of its own: arq passes on the cancelling of its jobs as if we were cancelled."""
    task = asyncio.create_task(work)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        if not task.done():
            task.cancel()
    if not task.done() or task.cancelled():
        return asyncio.CancelledError()
    return task.exception()


class Doorbell:
    """The API's side: `ring` after a commit costs a set insertion; the ringing happens in the background."""

    def __init__(self, valkey_url: str) -> None:
        self._url = valkey_url
        self._waiting: set[str] = set()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._pool: ArqRedis | None = None

    async def start(self) -> None:
        if self._task is None and self._url:
            self._task = watched(self._run(), "doorbell")

    async def stop(self) -> None:
        await end(self._task)
        self._task = None
        await self._hang_up()

    def ring(self, tenant: str) -> None:
        """Coalesces; beyond a thousand tenants rings are dropped, since the sweep finds their events."""
        if len(self._waiting) < 1000:
            self._waiting.add(tenant)
            self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            tenants, self._waiting = self._waiting, set()
            try:
                async with asyncio.timeout(1):
                    await self._ring(tenants)
                await asyncio.sleep(0.02)  # what commits meanwhile is rung together
            except Exception:  # Valkey is away: the workers find the events in PostgreSQL
                await self._hang_up()
                await asyncio.sleep(1)
                for tenant in tenants:  # a server that was busy, or is back
                    self.ring(tenant)

    async def _ring(self, tenants: set[str]) -> None:
        if self._pool is None:
            self._pool = await create_pool(
                _settings(self._url), job_serializer=msgspec.json.encode, default_queue_name=QUEUE
            )
        # One job for all of them. Its id makes many rings one, so what waits for a worker that is away stays bounded.
        named = sorted(tenants)
        await self._pool.enqueue_job("ring", *named, _job_id=f"ring:{','.join(named)}", _expires=3600)

    async def _hang_up(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            with suppress(Exception):
                await asyncio.wait_for(pool.aclose(close_connection_pool=True), 1)
