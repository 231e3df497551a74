"""A world of its own, and cities whose portals declare there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.kit.db import Door
from service.settings import Settings
from tests.lives import World, builder
from tests.worlds import Caller, world

settings, app, door, client, token, as_user = world()


@pytest.fixture
def build(as_user: Callable[..., Caller], door: Door, settings: Settings) -> Callable[..., World]:
    return builder(as_user, door, settings)


@pytest.fixture
def city(build: Callable[..., World]) -> World:
    """Where the portal of 360100 declares."""
    return build()
