"""The application with the world of its own, and a clock that a test sets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from service.kit import clock
from tests.worlds import world

settings, app, door, client, token, as_user = world()


@pytest.fixture
def at() -> Iterator[Any]:
    """at(2026, 8, 1): noon of that day in Shanghai, until the test ends."""
    yield lambda *day: clock.travel(datetime(*day, 4, tzinfo=UTC))
    clock.travel(None)
