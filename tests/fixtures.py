"""Fixtures that several packages of tests take into their conftest, where a name in `__all__` says which.

Each package has a world of its own (tests/worlds.py); these build on whichever is nearest.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from service.kit import clock
from service.kit.clock import SHANGHAI
from service.kit.db import Door
from service.settings import Settings
from tests.lives import World, builder
from tests.worlds import Caller


@pytest.fixture
def build(as_user: Callable[..., Caller], door: Door, settings: Settings) -> Callable[..., World]:
    """build() → where a city's portal declares; build("province.department") → where a department does."""
    return builder(as_user, door, settings)


@pytest.fixture
def city(build: Callable[..., World]) -> World:
    """Where the portal of 360100 declares."""
    return build()


@pytest.fixture
async def superuser(settings: Settings) -> AsyncIterator[Any]:
    """A connection as the servers' owner, who may look everywhere."""
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture
def travel() -> Iterator[Callable[..., None]]:
    """travel(2026, 3, 1): it is ten in the morning of that day in Jiangxi, until the test ends."""

    def go(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> None:
        clock.travel(datetime(year, month, day, hour, minute, tzinfo=SHANGHAI))

    yield go
    clock.travel(None)


@pytest.fixture
def at() -> Iterator[Callable[[str], None]]:
    """at("2026-03-02"): it is noon of that day in Jiangxi, until the test ends."""
    yield lambda day: clock.travel(datetime.fromisoformat(f"{day}T04:00:00").replace(tzinfo=UTC))
    clock.travel(None)
