"""What the worker does meanwhile."""

from __future__ import annotations

from service.kit.db import Door
from service.kit.relay import drain, sweep
from service.kit.telemetry import Telemetry
from service.worker import SUBSCRIBERS


async def carried(door: Door) -> int:
    """Drains every tenant's outbox until nothing more comes of it; how many events were carried."""
    telemetry, done = Telemetry(), 0
    while True:
        tenants: set[str] = set()
        await sweep(door, tenants.add, telemetry)
        carried = sum([await drain(door, tenant, SUBSCRIBERS, telemetry) for tenant in sorted(tenants)])
        done += carried
        if not carried:
            return done
