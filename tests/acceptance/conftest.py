"""A world of its own, on a day of its own, and lives in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.kit import clock
from service.kit.db import Door
from service.settings import Settings
from tests.lives import Life, lives
from tests.worlds import world

settings, app, door, client, token, as_user = world()

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def day() -> Iterator[Callable[[str], None]]:
    """day("2027-06-01") lets the test go on at ten in the morning of that day in Shanghai."""

    def travel(text: str) -> None:
        on = date.fromisoformat(text)
        clock.travel(datetime(on.year, on.month, on.day, 2, tzinfo=UTC))

    travel(TODAY.isoformat())
    yield travel
    clock.travel(None)


@pytest.fixture
def life(as_user: Any, door: Door, settings: Settings) -> Callable[..., Life]:
    """life() → a city's project that is still to be declared."""
    return lives(as_user, door, settings)
