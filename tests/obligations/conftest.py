"""A world of its own; the relay and the daily look by hand; a clock that is put back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from service.kit import clock
from service.kit.db import Door
from service.kit.relay import drain
from service.kit.relay import sweep as ring_all
from service.kit.telemetry import Telemetry
from service.obligations import jobs
from service.settings import Settings
from service.worker import SUBSCRIBERS
from tests.factories import draft
from tests.worlds import world

settings, app, door, client, token, as_user = world()


@pytest.fixture
def at() -> Iterator[Callable[[str], None]]:
    """at("2026-03-02") goes to noon in Shanghai of that day."""
    yield lambda day: clock.travel(datetime.fromisoformat(f"{day}T04:00:00").replace(tzinfo=UTC))
    clock.travel(None)


@pytest.fixture
def relay(door: Door) -> Callable[[], Awaitable[int]]:
    """Drains every tenant's outbox as the worker does, until nothing more comes of it."""

    async def run() -> int:
        telemetry, done = Telemetry(), 0
        while True:
            tenants: set[str] = set()
            await ring_all(door, tenants.add, telemetry)
            carried = sum([await drain(door, tenant, SUBSCRIBERS, telemetry) for tenant in sorted(tenants)])
            done += carried
            if not carried:
                return done

    return run


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

    async def make(day: str, *, tenant: str = "360100", file: bool = True, login: str | None = None) -> str:
        body = draft(tenant)
        if login is not None:
            del body["owner_office_id"]
        owner, keeper = as_user(tenant, login), as_user(tenant, "gatekeeper")
        made = await owner("POST", "/projects", body)
        path = f"/projects/{made.json()['id']}"
        sent = await owner("POST", f"{path}/submit", {"reasons": []}, etag=made.headers["etag"])
        passed = await keeper("POST", f"{path}/gatekeeping/pass", {}, etag=sent.headers["etag"])
        document = {
            "approved_amount_yuan": "3900000.00",
            "document_number": "洪发改〔2026〕12号",
            "document_date": day,
            "document_digest": "a" * 64,
        }
        done = await as_user(tenant, "approver")(
            "POST", f"{path}/approve", document, etag=passed.headers["etag"]
        )
        assert done.status_code == 200, done.text
        if file:
            filed = await keeper("POST", f"{path}/file", {}, etag=done.headers["etag"])
            assert filed.status_code == 201, filed.text
        return str(made.json()["id"])

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
