"""A world of its own; the relay and the daily look by hand; a clock that is put back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any

import asyncpg
import pytest

from service.kit.db import Door
from service.kit.telemetry import Telemetry
from service.obligations import jobs
from service.settings import Settings
from tests.fixtures import at
from tests.lives import builder
from tests.lives.worker import carried
from tests.worlds import world

__all__ = ["at"]

settings, app, door, client, token, as_user = world()


@pytest.fixture
def relay(door: Door) -> Callable[[], Awaitable[int]]:
    return partial(carried, door)


@pytest.fixture
def look(door: Door) -> Callable[[], Awaitable[int]]:
    """The daily look of a worker that has just begun."""

    async def run() -> int:
        return await jobs.sweep(door, Telemetry(), {})

    return run


@pytest.fixture
async def sql(settings: Settings) -> AsyncIterator[Any]:
    """Rows as the owner sees them."""
    connection = await asyncpg.connect(settings.database_url)
    yield connection.fetch
    await connection.close()


@pytest.fixture
def approve(as_user: Any) -> Callable[..., Awaitable[str]]:
    """approve("2026-03-02") → a city project approved on that day (and filed at once when asked)."""

    async def make(day: str, *, tenant: str = "360100", file: bool = True, owner: str = "city.portal") -> str:
        case = await builder(as_user)(owner, tenant).gatekept()
        await case.approve(document_date=day)
        if file:
            await case.file("city.gatekeeper")
        return case.id

    return make


@pytest.fixture
def told(sql: Any) -> Callable[..., Awaitable[list[tuple[str, str]]]]:
    """told(project, code) → (kind, due day) of every reminder given, the earliest first."""

    async def find(project: str, code: str) -> list[tuple[str, str]]:
        rows = await sql(
            "SELECT kind, snapshot -> 'obligation' ->> 'due' AS due FROM outbox WHERE kind LIKE 'obligation.%' "
            "AND snapshot -> 'project' ->> 'id' = $1 AND snapshot -> 'obligation' ->> 'code' = $2 "
            "ORDER BY created_at, kind",
            project,
            code,
        )
        return [(row["kind"].removeprefix("obligation."), row["due"]) for row in rows]

    return find
