"""One round of the worker, by hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from service.kit.db import Door
from service.kit.relay import drain, sweep
from service.kit.telemetry import Telemetry
from service.worker import SUBSCRIBERS
from tests.worlds import world

settings, app, door, client, token, as_user = world()


@pytest.fixture
def relay(door: Door) -> Callable[[], Awaitable[int]]:
    """Drains every tenant's outbox as the worker does."""

    async def run() -> int:
        telemetry = Telemetry()
        tenants: set[str] = set()
        await sweep(door, tenants.add, telemetry)
        return sum([await drain(door, tenant, SUBSCRIBERS, telemetry) for tenant in sorted(tenants)])

    return run
