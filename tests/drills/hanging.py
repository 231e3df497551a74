"""Sixty receivers hang: what goes to the others is as quick as when nobody hangs.

Over three cities, twenty each, half of them behind one gateway together with the healthy ones. The bound is of one
run: p95 of the deliveries to the healthy receivers at most half as long again as alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

from aiohttp import web

from service.demo.client import Who
from service.kit.db import Door
from service.kit.jobs import Doorbell
from service.kit.outbox import Recipient
from service.settings import Settings
from tests.drills.place import Deployment, deployed, percentile
from tests.notifications.events import emit_one

HANGING = ("360100", "360200", "360300")
HEALTHY = ("360100", "360400", "360500")  # one of them has hanging neighbours of its own
SLACK = 1.5


class Receivers:
    """Whoever is asked for /hang/… waits until the end; the others note when each event came."""

    def __init__(self) -> None:
        self.end = asyncio.Event()
        self.held: set[str] = set()
        self.came: dict[str, float] = {}

    async def handle(self, request: web.Request) -> web.Response:
        if request.path.startswith("/hang"):
            self.held.add(request.path)
            await self.end.wait()
        else:
            self.came.setdefault(request.headers["x-event-id"], perf_counter())
        return web.Response(status=204)


@asynccontextmanager
async def _listening(handle: Any) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/{tail:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _door(settings: Settings) -> AsyncIterator[tuple[Door, Doorbell]]:
    """What the API has: it commits an event and rings."""
    door, bell = Door({"tenant": settings.tenant_url}), Doorbell(settings.valkey_url)
    await door.open()
    await bell.start()
    try:
        yield door, bell
    finally:
        await bell.stop()
        await door.close()


async def _deliver(door: Door, bell: Doorbell, receivers: Receivers, rounds: int) -> list[float]:
    """Seconds from the commit of each event to its arrival."""
    took = []
    for _ in range(rounds):
        sent = {}
        for city in HEALTHY:
            event = await emit_one(door, city, "filing.filed", [Recipient(city, "gatekeeper")])
            sent[event] = perf_counter()
            bell.ring(city)
        async with asyncio.timeout(60):
            while not sent.keys() <= receivers.came.keys():
                await asyncio.sleep(0.002)
        took += [receivers.came[event] - begun for event, begun in sent.items()]
    return took


async def _register(made: Deployment, city: str, url: str) -> None:
    await made.client.send(Who(city, "administrator"), "POST", "/webhooks", {"url": url})


async def drill(short: bool) -> None:
    each, rounds = (4, 4) if short else (20, 40)
    receivers = Receivers()
    async with (
        _listening(receivers.handle) as gateway,
        _listening(receivers.handle) as apart,
        deployed() as made,
        _door(made.at.settings) as (door, bell),
    ):
        for city in HEALTHY:
            await _register(made, city, f"{gateway}/well/{city}")
        await _deliver(door, bell, receivers, 3)  # the worker has begun, every receiver has its pace
        alone = await _deliver(door, bell, receivers, rounds)
        for city in HANGING:
            for number in range(each - (city in HEALTHY)):
                await _register(made, city, f"{gateway if number % 2 else apart}/hang/{city}/{number}")
            for _ in range(10):
                await emit_one(door, city, "filing.filed", [])
        wanted = sum(each - (city in HEALTHY) for city in HANGING)
        async with asyncio.timeout(60):
            while len(receivers.held) < wanted:
                await asyncio.sleep(0.05)
        beside = await _deliver(door, bell, receivers, rounds)
        receivers.end.set()
        await made.rows("UPDATE webhook_endpoints SET disabled_at = now() WHERE url LIKE '%/hang/%'")
        # Alone before and after: what else the machine does in the meantime is nobody's hanging.
        alone += await _deliver(door, bell, receivers, rounds)
        before, now = percentile(alone, 95), percentile(beside, 95)
        print(f"{wanted} hang; to the others p50/p95 alone {_ms(alone)}, beside them {_ms(beside)}")
        print(f"p95 {now / before:.2f} times as long, {len(beside)} of {len(beside)} arrived")
        assert short or now <= SLACK * before, f"{now:.3f} s against {before:.3f} s"


def _ms(took: list[float]) -> str:
    return f"{percentile(took, 50) * 1000:.0f}/{percentile(took, 95) * 1000:.0f} ms"
