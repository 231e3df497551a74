"""A world of its own, builders of cases in it, and the servers' owner, who may look everywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime
from typing import Any

import asyncpg
import pytest

from service.documents.storage import LocalStorage
from service.kit import clock
from service.kit.clock import SHANGHAI
from service.kit.db import Door
from service.kit.telemetry import Telemetry
from service.settings import Settings
from tests.lives import World, people
from tests.worlds import world

settings, app, door, client, token, as_user = world()


@pytest.fixture
def build(as_user: Callable[..., Any], door: Door, settings: Settings) -> Callable[..., World]:
    """build() → cases of a city by its portal; `kind` another builder of the same shape."""

    def make(owner: str = "city.portal", tenant: str = "360100", kind: type[World] = World) -> World:
        home = "360000" if owner == "province.department" else tenant
        return kind(people(as_user), door, Telemetry(), settings.database_url, home, owner)

    return make


@pytest.fixture
def storage(settings: Settings) -> LocalStorage:
    return LocalStorage(settings.documents_dir)


@pytest.fixture
async def superuser(settings: Settings) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture
def travel() -> Iterator[Callable[..., None]]:
    """travel(2026, 3, 1): it is ten in the morning of that day in Jiangxi."""

    def go(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> None:
        clock.travel(datetime(year, month, day, hour, minute, tzinfo=SHANGHAI))

    yield go
    clock.travel(None)
