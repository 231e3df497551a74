"""A few hundred cases of every tenant in every state, on a database of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncpg
import pytest

from service.settings import Settings
from tests.monitoring.data import plant
from tests.worlds import on_database, world

_, app, door, client, token, as_user = world(forged=True)


@pytest.fixture(scope="session")
def settings(seeded: Settings, clone: Callable[[str], str]) -> Settings:
    made = on_database(seeded, clone("caselist"))
    asyncio.run(_fill(made))
    return made


async def _fill(made: Settings) -> None:
    connection = await asyncpg.connect(made.database_url)
    try:
        await plant(connection, 600)
    finally:
        await connection.close()
