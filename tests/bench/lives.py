"""Lives to be copied: projects that real people of the service brought as far as each stage, over HTTP, with all that
the worker makes of it (messages, feed, obligations)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from random import Random
from typing import Any

import asyncpg
import httpx

from service.kit import clock
from service.kit.clock import legal_day
from service.kit.db import RELAY, Door
from service.kit.relay import drain, sweep
from service.kit.telemetry import Telemetry
from service.measures.lifecycle import Procedure
from service.obligations import jobs as obligations
from service.obligations.counting import count_all
from service.obligations.current import look
from service.obligations.queries import TENANTS
from service.obligations.totals import FOLDING
from service.obligations.watching import FOLDING as WATCHED
from service.obligations.watching import watch_all
from service.settings import Settings
from service.worker import SUBSCRIBERS
from tests.stories.conftest import officer
from tests.stories.teller import Tools
from tests.stories.test_random_lives import _ahead
from tests.stories.wanderer import Wanderer
from tests.stories.wandering import Figures
from tests.worlds import Caller, running, token_maker

CITIES = ("360900", "361000")
# How far ordinary lives get, in steps of tests/stories/test_random_lives, of each procedure.
LONG = {
    Procedure.CITY_FILING: (0, 1, 2, 4, 5, 6, 7, 8, 10, 13, 16, 19),
    Procedure.PROVINCIAL_REVIEW: (0, 1, 3, 5, 9, 11, 12, 14),
    Procedure.DEPARTMENTAL: (0, 1, 3, 8),
}
SHORT = {
    Procedure.CITY_FILING: (0, 1, 2, 4, 5, 8),
    Procedure.PROVINCIAL_REVIEW: (1, 3),
    Procedure.DEPARTMENTAL: (1,),
}
AT_A_TIME = 3  # tenants that are counted beside each other
As = Callable[..., Caller]


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[tuple[As, Door]]:
    """The application in this process: `as_(tenant, login)` calls it, and a door of our own does the worker's part."""
    door = Door(
        {"tenant": settings.tenant_url, "province": settings.province_url, "relay": settings.relay_url}
    )
    await door.open()
    token = token_maker(settings)
    try:
        async with (
            running(settings) as app,
            httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client,
        ):

            def as_(tenant: str, login: str | None = None) -> Caller:
                name, _, office = (login or "").partition("@")
                if office:
                    return Caller(client, officer(settings, tenant, name, office))
                return Caller(client, token(tenant, login))

            yield as_, door
    finally:
        await door.close()


async def carried(door: Door) -> int:
    """Everything that waits in the outboxes, carried as the worker does."""
    tenants: set[str] = set()
    telemetry, done = Telemetry(), 0
    while True:
        tenants.clear()
        await sweep(door, tenants.add, telemetry)
        now = sum([await drain(door, tenant, SUBSCRIBERS, telemetry) for tenant in sorted(tenants)])
        done += now
        if not now:
            return done


async def live(as_: As, door: Door, *, short: bool) -> int:
    """Lives each stage; returns how many projects there are now."""

    async def look(tenant: str) -> None:
        today = legal_day(clock.now())
        others = {row["tenant_id"]: today for row in await door.fetch(RELAY, TENANTS)}
        del others[tenant]
        await obligations.sweep(door, Telemetry(), others)

    relay: Callable[[], Awaitable[int]] = lambda: carried(door)  # noqa: E731
    tools, figures, count = Tools(as_, relay, look), Figures(), 0
    for procedure, stages in (SHORT if short else LONG).items():
        for steps in stages:
            rng = Random(20260302 + count)
            w = Wanderer(tools, rng, procedure, CITIES[count % 2], figures)
            await w.begin()
            await _ahead(w, steps, rng)
            count += 1
    await carried(door)
    clock.travel(None)
    return count


def today() -> date:
    """The legal day the copies are read on."""
    return legal_day(clock.now())


async def good(answer: Awaitable[httpx.Response]) -> Any:
    """The body of an answer that must be a success."""
    got = await answer
    assert got.is_success, f"{got.request.method} {got.request.url} {got.status_code} {got.text[:300]}"
    return got


async def counted(settings: Settings, admin_url: str) -> int:
    """What the worker's daily look does of the copies beside deriving: counts them into the running totals, as cases of
    before are counted, and leaves word that all of a tenant was looked at. How many were counted.
    """
    async with served(settings) as (_, door):
        tenants = await door.fetch(RELAY, TENANTS)
        waiting, total = [row["tenant_id"] for row in tenants], 0

        async def count() -> None:
            nonlocal total
            while waiting:
                tenant = waiting.pop()
                cases = await count_all(door, tenant)
                await watch_all(door, tenant)
                await look(door, tenant, legal_day(clock.now()))
                total += cases

        await asyncio.gather(*[count() for _ in range(AT_A_TIME)])
        await FOLDING.fold(door)
        await WATCHED.fold(door)
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute(
            "VACUUM ANALYZE obligation_cases, duty_totals, duty_deltas, watched_totals, watched_deltas"
        )
    finally:
        await admin.close()
    return total
