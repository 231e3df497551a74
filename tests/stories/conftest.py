"""A world of its own for the stories, with the worker's relay by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from service.kit.db import Door
from service.kit.relay import drain, sweep
from service.kit.telemetry import Telemetry
from service.worker import SUBSCRIBERS
from tests.worlds import world

globals().update(world())


@pytest.fixture
def relay(door: Door) -> Callable[[], Awaitable[int]]:
    """Drains every tenant's outbox as the worker does, until nothing more comes of it."""

    async def run() -> int:
        telemetry, done = Telemetry(), 0
        while True:
            tenants: set[str] = set()
            await sweep(door, tenants.add, telemetry)
            carried = sum([await drain(door, tenant, SUBSCRIBERS, telemetry) for tenant in sorted(tenants)])
            done += carried
            if not carried:
                return done

    return run
