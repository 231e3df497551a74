"""`tongjian demo`: servers, schema, data, API and worker, then cases played through the HTTP API."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.demo.client import Client
from service.demo.player import Outcome, Player
from service.demo.queues import Queues
from service.demo.servers import Place, Process, directory, place, seeded
from service.demo.table import say, write_handles, write_json, write_table
from service.embedded.servers import Servers
from service.kit import clock
from service.rulebook.loader import base_divisions, base_rulebook
from service.rulebook.recording import record
from service.sandbox.cases import Case, load_cases
from service.settings import Settings
from service.setup.migrate import migrate

# An emulated machine takes two minutes; what does not start at all is told at once.
READY_WITHIN = 180.0  # seconds
_LOOK = 0.2
_HOPELESS = 5  # failed starts in a row


@dataclass(frozen=True)
class Wish:
    """How a demo was asked for. `once`: temporary database, then end. `port`: this one and no other. `cases`: their
    file; None plays none."""

    once: bool
    json: bool
    cases: Path | None
    port: int | None
    home: Path


def run(wish: Wish, env: Mapping[str, str]) -> int:
    """Plays, shows, and stays until a signal unless `once`. Always 0 when every case got an answer."""
    if env.get("TONGJIAN_ENVIRONMENT") == "production":
        raise SystemExit(
            "tongjian demo: makes people whose secrets everybody knows; refuses to in production"
        )
    begun = clock.monotonic()
    cases = load_cases(wish.cases) if wish.cases else []
    with (
        directory(wish.home, once=wish.once) as home,
        place(home, env, once=wish.once, port=wish.port) as at,
    ):
        say(f"{clock.monotonic() - begun:5.1f} s  servers")
        prepare(at.settings)
        say(f"{clock.monotonic() - begun:5.1f} s  schema and data")
        asyncio.run(until_told(_live(wish, at, cases, begun)))
    return 0


def prepare(settings: Settings) -> None:
    """Newest schema, rule book recorded, demo data; changes nothing that is there."""
    migrate(settings.database_url, [settings.tenant_url, settings.province_url, settings.relay_url])

    async def fill() -> None:
        await record(settings.database_url, base_rulebook(), clock.now())
        await seeded(settings, demo=True)

    asyncio.run(fill())


async def until_told(work: Coroutine[Any, Any, None]) -> None:
    """Runs until the work is done, or SIGINT or SIGTERM ends it in order."""
    task = asyncio.create_task(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _live(wish: Wish, at: Place, cases: list[Case], begun: float) -> None:
    settings = at.settings
    async with processes(at) as running, Client(at.base, settings.secret_key) as client:
        await ready(client, running)
        say(f"{clock.monotonic() - begun:5.1f} s  ready at {at.base}")
        outcomes = await _played(client, cases)
        say(f"{clock.monotonic() - begun:5.1f} s  {len(outcomes)} cases")
        if not wish.once:
            await Queues(client, clock.legal_day(clock.now()), say).leave()
            say(f"{clock.monotonic() - begun:5.1f} s  what waits on the desks")
        if wish.json:
            write_json(outcomes)
        else:
            write_table(outcomes, base_divisions())
        if not wish.once:
            if not wish.json:
                await write_handles(client, str(at.home))
            await asyncio.Event().wait()


async def _played(client: Client, cases: list[Case]) -> list[Outcome]:
    player = Player(client, base_divisions(), base_rulebook().first_date, say)
    return await player.play(cases)


async def ready(client: Client, processes: list[Process]) -> None:
    until = clock.monotonic() + READY_WITHIN
    while not await client.ready():
        hopeless = next((each for each in processes if each.failures >= _HOPELESS), None)
        if hopeless is not None:
            raise SystemExit(f"tongjian demo: {hopeless.name} does not start:\n{hopeless.tail()}")
        if clock.monotonic() > until:
            raise SystemExit(f"tongjian demo: not ready within {READY_WITHIN:.0f} s, see {processes[0].log}")
        await asyncio.sleep(0.05)


@contextlib.asynccontextmanager
async def processes(at: Place) -> AsyncIterator[list[Process]]:
    """API and worker, looked after until the end and then ended in order."""
    found = [
        Process("api", ["serve", "--fd", str(at.listening.fileno())], at, say),
        Process("worker", ["worker"], at, say),
    ]
    keeper = asyncio.create_task(_keep(at, found))
    try:
        yield found
    finally:
        keeper.cancel()
        for each in found:
            each.ask_to_end()
        for each in found:
            each.end()


async def _keep(at: Place, processes: list[Process]) -> None:
    while True:
        for each in processes:
            each.keep()
        if at.servers is not None:
            _keep_servers(at.servers)
        await asyncio.sleep(_LOOK)


def _keep_servers(servers: Servers) -> None:
    """PostgreSQL and Valkey too come back when they were killed."""
    for name, pid, start in (
        ("PostgreSQL", servers.postgres_pid, servers.start_postgres),
        ("Valkey", servers.valkey_pid, servers.start_valkey),
    ):
        if not pid:
            say(f"{name} ended; starting it again")
            try:
                start()
            except RuntimeError as error:
                say(str(error))
