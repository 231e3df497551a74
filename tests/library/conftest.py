"""A world of its own, a clock that moves, and whoever declares here."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

import asyncpg
import pytest

from service.kit import clock, keys
from service.kit.authn import issue_token
from service.kit.clock import SHANGHAI
from service.kit.db import Door
from service.kit.ids import new_id
from service.settings import Settings
from tests.lives import World, builder
from tests.lives.worker import carried
from tests.worlds import Caller, world

settings, app, door, client, token, as_user = world()


@pytest.fixture
def travel() -> Iterator[Callable[..., None]]:
    """travel(2027, 3, 1): it is ten in the morning of that day in Jiangxi."""

    def go(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> None:
        clock.travel(datetime(year, month, day, hour, minute, tzinfo=SHANGHAI))

    yield go
    clock.travel(None)


@pytest.fixture(autouse=True)
def _march(travel: Callable[..., None]) -> None:
    """Every test begins within the legal window of a year without a round."""
    travel(2029, 3, 1)


@pytest.fixture
async def superuser(settings: Settings) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(settings.database_url)
    yield connection
    await connection.close()


@pytest.fixture
def build(as_user: Callable[..., Caller], door: Door, settings: Settings) -> Callable[..., World]:
    return builder(as_user, door, settings)


@pytest.fixture
def city(build: Callable[..., World]) -> World:
    """Where the portal of 360100 declares."""
    return build()


@pytest.fixture
def department(build: Callable[..., World]) -> World:
    """Where a provincial department declares."""
    return build("province.department")


@pytest.fixture
def relay(door: Door) -> Callable[[], Awaitable[int]]:
    return partial(carried, door)


@pytest.fixture
def officer(client: Any, settings: Settings) -> Any:
    """officer(office): a declarer of another provincial department; officer(office, "360100"): of a city's office."""

    def make(office: str, tenant: str = "360000") -> Caller:
        tier, role = ("province", "department") if tenant == "360000" else ("city", "unit")
        return Caller(
            client,
            issue_token(
                keys.load(settings.signing_keys_file),
                issuer=settings.issuer,
                audience=settings.audience,  # type: ignore[arg-type]
                now=clock.timestamp(),
                tenant=tenant,
                tier=tier,
                roles=(role,),
                user=new_id(),
                login=f"officer.{office[:8]}",
                office=office,
            ),
        )

    return make
