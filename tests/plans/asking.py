"""Everything that is asked of the database, list by list, page by page and deed by deed, taken down as the driver sends
it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

import httpx

from service.kit import db
from service.kit.db import Door
from service.kit.telemetry import Telemetry
from service.monitoring.jobs import fold
from service.obligations import jobs as obligations
from service.portfolio.retention import Retention
from tests.bench.growth_operations import CASE, EXPORTS, PATHS, writes
from tests.bench.growth_pages import LINK
from tests.bench.lives import As
from tests.browser.pages import shape
from tests.worlds import Caller

CITY, PROVINCE = "360100", "360000"
# One of each sight: all tenants, one, one office of it; then whoever has pages or lists that these have not.
READERS = (
    (PROVINCE, "office"), (CITY, "gatekeeper"), (CITY, "360102.unit"), (CITY, "administrator"),
    (PROVINCE, "app_provider"), (PROVINCE, "auditor"),
)  # fmt: skip


class Asked(NamedTuple):
    """A statement as a login sent it."""

    login: str
    sql: str


class Notes:
    """What was asked, and by whose reading of what first."""

    def __init__(self) -> None:
        self.of: dict[Asked, str] = {}
        self.reading = ""

    def told(self, query: Any) -> None:
        self.of.setdefault(Asked(query.conn_params.user, query.query), self.reading)


@asynccontextmanager
async def listened(app: Any, notes: Notes) -> AsyncIterator[None]:
    """The application reads through connections of its own that are listened to."""
    door: Door = app.app.state.services.door
    codecs, made = db.codecs, Door(door._urls)

    async def prepared(connection: Any) -> None:
        await codecs(connection)
        connection.add_query_logger(notes.told)

    with patch.object(db, "codecs", prepared):
        await made.open()
        try:
            with patch.object(door, "lenders", made.lenders):
                yield
        finally:
            await made.close()


async def lists(call: Caller, reader: str, notes: Notes) -> None:
    """Each list and file, and what hangs on a case."""
    paths, found = [*PATHS, *EXPORTS], await call("GET", "/projects?limit=1")
    for item in found.json()["items"] if found.status_code == 200 else ():
        paths += [f"/projects/{item['id']}{more}" for more in CASE]
    for path in paths:
        notes.reading = f"{reader}: {path}"
        answer = await call("GET", path)
        assert answer.status_code in (200, 403), f"{notes.reading}: {answer.status_code}"
        await asyncio.sleep(0)  # what was asked is told a turn later


async def pages(client: httpx.AsyncClient, tenant: str, login: str, notes: Notes) -> int:
    """Each page that links lead to, one of each kind; how many there were."""
    entered = await client.get(f"/console/demo/{tenant}/{login}")
    assert entered.status_code == 303, entered.text
    queue, met, opened = ["/console", "/console/more"], {"/console", "/console/more"}, 0
    while queue:
        address = queue.pop(0)
        notes.reading = f"{login}: {shape(address)}"
        answer = await client.get(address)
        assert answer.status_code in (200, 303, 403, 404), f"{address}: {answer.status_code}"
        opened += answer.status_code == 200
        await asyncio.sleep(0)
        for link in LINK.findall(answer.text) if answer.status_code == 200 else ():
            name = shape(link)
            if name is not None and name not in met:
                met.add(name)
                queue.append(link.replace("&amp;", "&"))
    return opened


async def works(as_: As, door: Door, notes: Notes) -> None:
    """A draft on its way to the filing, and what the worker does with it and by the clock; `door`: a listened one."""
    notes.reading = "commands"
    async for step in writes(as_, door, lambda: None):
        notes.reading = "relay" if step.startswith("work: ") else "commands"
        await asyncio.sleep(0)
    by_clock: tuple[tuple[str, Callable[[], Awaitable[object]]], ...] = (
        ("folding of the totals", lambda: fold(door)),
        ("purge", lambda: Retention().purge(door, Telemetry())),
        ("daily look", lambda: obligations.sweep(door, Telemetry(), {})),
    )
    for name, work in by_clock:
        notes.reading = name
        await work()
        await asyncio.sleep(0)
