"""A world of its own, lives in it, and a clock that a test sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from service.kit import clock
from service.kit.db import Door
from service.settings import Settings
from tests.contract import recipes  # noqa: F401 - first: recipes of one feature stand on another's
from tests.lives import Life, lives
from tests.worlds import world

settings, app, door, client, token, as_user = world()


@pytest.fixture
def at() -> Iterator[Any]:
    """at(2026, 8, 1): noon of that day in Shanghai, until the test ends."""
    yield lambda *day: clock.travel(datetime(*day, 4, tzinfo=UTC))
    clock.travel(None)


@pytest.fixture
def life(as_user: Any, door: Door, settings: Settings) -> Callable[..., Life]:
    """life() → a city's project by its portal, still to be declared; life("city.unit") → by its unit."""
    return lives(as_user, door, settings)
