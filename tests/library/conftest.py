"""A world of its own, a clock that moves, and whoever declares here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from service.kit import clock, keys
from service.kit.authn import issue_token
from service.kit.db import Door
from service.kit.ids import new_id
from service.settings import Settings
from tests.fixtures import build, city, superuser, travel
from tests.lives import World
from tests.lives.worker import carried
from tests.worlds import Caller, world

__all__ = ["build", "city", "superuser", "travel"]

settings, app, door, client, token, as_user = world()


@pytest.fixture(autouse=True)
def _march(travel: Callable[..., None]) -> None:
    """Every test begins within the legal window of a year without a round."""
    travel(2029, 3, 1)


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
