"""An application on a database of its own, with projects of every tenant in every state."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from service.embedded import Servers
from service.kit.db import Door
from service.migrate import migrate
from service.seed import seed
from service.settings import Settings
from tests.conftest import running
from tests.monitoring.data import plant


@pytest.fixture(scope="session")
def settings(servers: Servers, settings: Settings) -> Settings:
    """A database of this package's own: its totals must hold nothing that other tests left."""
    made = Settings.from_env(
        {
            "TONGJIAN_ENVIRONMENT": "development",
            "TONGJIAN_DATABASE_URL": servers.create_database("monitoring"),
            "TONGJIAN_VALKEY_URL": settings.valkey_url,
            "TONGJIAN_SECRET_KEY": settings.secret_key,
            "TONGJIAN_SIGNING_KEYS_FILE": str(settings.signing_keys_file),
            "TONGJIAN_AUDIT_ANCHOR_DIR": str(settings.audit_anchor_dir) + "-monitoring",
            "TONGJIAN_LOG_LEVEL": "WARNING",
        }
    )
    migrate(made.database_url, [made.tenant_url, made.province_url, made.relay_url])
    asyncio.run(_fill(made))
    return made


async def _fill(made: Settings) -> None:
    door = Door({"tenant": made.tenant_url, "province": made.province_url, "relay": made.relay_url})
    await door.open()
    try:
        await seed(made.database_url, door, demo=True, secret_key=made.secret_key)
    finally:
        await door.close()
    connection = await asyncpg.connect(made.database_url)
    try:
        await plant(connection, 3000)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def app(settings: Settings) -> AsyncIterator[Any]:
    async with running(settings) as made:
        yield made


@pytest.fixture
async def superuser(settings: Settings) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture
def office(as_user: Any) -> Any:
    """The leading group's office: it watches all tenants."""
    return as_user("360000", "office")


async def all_pages(caller: Any, path: str, limit: int = 7) -> list[dict[str, Any]]:
    """Every item of a list, by its Link headers."""
    items: list[dict[str, Any]] = []
    url: str | None = f"{path}{'&' if '?' in path else '?'}limit={limit}"
    while url:
        answer: httpx.Response = await caller("GET", url)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        items += page["items"]
        link = answer.headers.get("link")
        url = link[1 : link.index(">")] if link else None
        assert (url is None) == (page["next_cursor"] is None)
    return items
