"""What the worker does meanwhile."""

from __future__ import annotations

from service.kit.db import Door
from service.kit.relay import drain, sweep
from service.kit.telemetry import Telemetry
from service.worker import SUBSCRIBERS


async def one_round(door: Door) -> int:
    """Drains the outbox of every tenant that has something due; how many events were carried."""
    telemetry = Telemetry()
    tenants: set[str] = set()
    await sweep(door, tenants.add, telemetry)
    return sum([await drain(door, tenant, SUBSCRIBERS, telemetry) for tenant in sorted(tenants)])


async def carried(door: Door) -> int:
    """Rounds until nothing more comes of it; how many events were carried."""
    done = 0
    while more := await one_round(door):
        done += more
    return done
