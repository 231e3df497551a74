"""Callers, worlds, and a fingerprint of everything stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import asyncpg
import pytest

from service.kit.db import Door
from service.kit.telemetry import Telemetry
from service.settings import Settings
from tests.conftest import Caller
from tests.contract.operations import Operation
from tests.lives import People, Ready, World, people
from tests.worlds import world as new_world

# What is accepted here must not be a candidate for reuse elsewhere. Two connections: whoever needs two of them at once
# for one command stands still here (Budget).
settings, app, door, client, token, as_user = new_world(
    pool_min=1, pool_max=2, smtp_host="127.0.0.1", smtp_from="tongjian@example.gov.cn"
)


@pytest.fixture(scope="session")
def find(as_user: Callable[..., Caller]) -> People:
    return people(as_user)


@pytest.fixture
def budget(app: Any, find: People) -> Budget:
    return Budget(app.app.state.services.door, find)


@pytest.fixture
def world(find: People, door: Door, settings: Settings) -> World:
    return World(find, door, Telemetry(), settings.database_url)


async def call(caller: Caller, operation: Operation, ready: Ready, path: dict[str, Any] | None = None) -> Any:
    """The operation as documented, on the objects of `ready` or on others."""
    url = operation.path.format_map({**ready.path, **(path or {})})
    more: dict[str, Any] = {"params": ready.query} if ready.query else {}
    if ready.content is not None:
        more["content"] = ready.content
    return await caller(
        operation.method, url, ready.body, etag=ready.etag, headers=dict(ready.headers), **more
    )


class Budget:
    """What everybody may spend: one connection per command. Tried with six of the same at once on a pool of two."""

    AT_ONCE, READER = 6, "360300"

    def __init__(self, door: Door, find: People) -> None:
        self.door, self.find = door, find

    async def tried(self, caller: Caller, operation: Operation, ready: Ready) -> list[Any]:
        """The six answers, while another tenant reads: none is a 5xx, and the reader never waits for a connection."""
        lender = self.door.lenders["tenant"]
        waited = lender.waits[self.READER]
        six = [asyncio.create_task(call(caller, operation, ready)) for _ in range(self.AT_ONCE)]
        reader, reads = self.find(self.READER, "city.gatekeeper"), 0
        while not reads or not all(task.done() for task in six):
            assert (await reader("GET", "/inbox")).status_code == 200
            reads += 1
            await asyncio.sleep(0.02)  # reads all the while, and leaves the six the processor
        answers = [task.result() for task in six]
        broken = [f"{each.status_code} {each.text}" for each in answers if each.status_code >= 500]
        assert not broken, f"{operation.id}: {broken}"
        assert lender.waits[self.READER] == waited, f"{operation.id}: another tenant's read had to wait"
        if operation.doc["tags"][0] == "workbooks":  # the check that the answer began beside itself ends soon
            with suppress(TimeoutError):
                async with asyncio.timeout(30):
                    while lender.held:
                        await asyncio.sleep(0.005)
        assert not lender.held, f"{operation.id}: a connection was not given back"
        return answers


def without_id(answer: Any) -> dict[str, Any]:
    """A problem without what differs from request to request."""
    return {key: value for key, value in answer.json().items() if key != "request_id"}


Fingerprint = Callable[[], Any]
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"


@pytest.fixture(scope="session")
async def fingerprint(settings: Settings) -> AsyncIterator[Fingerprint]:
    """Rows and newest change of every table: equal before and after where nothing was written."""
    connection = await asyncpg.connect(settings.database_url)
    names = [row["tablename"] for row in await connection.fetch(_TABLES)]
    parts = [
        f"SELECT '{name}' AS name, count(*) AS rows, coalesce(max(age(xmin)), 0) - coalesce(min(age(xmin)), 0)"
        f' AS span, coalesce(max(xmin::text::bigint), 0) AS newest FROM "{name}"'
        for name in names
    ]
    statement = " UNION ALL ".join(parts)

    async def take() -> list[tuple[str, int, int]]:
        rows = await connection.fetch(statement)
        assert sum(row["rows"] for row in rows) > 0, "the owner's login sees nothing: no fingerprint"
        return [(row["name"], row["rows"], row["newest"]) for row in rows]

    yield take
    await connection.close()
