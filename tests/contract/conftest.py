"""Callers, worlds, and a fingerprint of everything stored."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import pytest

from service.kit.db import Door
from service.kit.telemetry import Telemetry
from service.settings import Settings
from tests.conftest import Caller
from tests.contract.operations import Operation
from tests.contract.world import People, Ready, World, people
from tests.worlds import world as new_world

globals().update(new_world())  # what is accepted here must not be a candidate for reuse elsewhere


@pytest.fixture(scope="session")
def find(as_user: Callable[..., Caller]) -> People:
    return people(as_user)


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
