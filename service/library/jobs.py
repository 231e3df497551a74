"""What the clock does to the library: entries whose two years are over lapse (arts 8, 9; R6)."""

from __future__ import annotations

from service.kit import clock
from service.kit.clock import legal_day
from service.kit.db import RELAY, Door, tenant_scope
from service.kit.errors import ServiceError
from service.kit.ids import Ref
from service.library.entries import lapse
from service.library.queries import EXPIRED, TENANTS
from service.projects.case import load
from service.projects.state import system_actor
from service.rulebook.following import books_in

BATCH = 100


async def lapse_expired(door: Door) -> int:
    """Every tenant's expired entries, each case in a transaction of its own; returns how many lapsed."""
    tenants = await door.fetch(RELAY, TENANTS)
    return sum([await _lapse_of(door, row["id"]) for row in tenants])


async def _lapse_of(door: Door, tenant: str) -> int:
    now, done = clock.now(), 0
    today = legal_day(now).isoformat()
    rows = await door.fetch(tenant_scope(tenant), EXPIRED, tenant_id=tenant, today=today, limit=BATCH)
    for row in rows:
        try:
            async with door.transaction(tenant_scope(tenant)) as tx:
                # By the rules as they stand: a book older than the case would be refused.
                actor = system_actor(tenant, "lapse", now, await books_in(tx))
                lapse(tx, await load(tx, actor.principal, Ref(tenant, row["id"]), None), actor)
            done += 1
        except ServiceError:  # somebody was faster; what is still expired comes again
            continue
    return done
