"""Subscribers: the feed of every tenant concerned, the deliveries to the source tenant's endpoints; and the sweep."""

from __future__ import annotations

from collections.abc import Callable

from service.kit.db import RELAY, Door, tenant_scope
from service.kit.relay import Subscriber
from service.webhooks.actions_delivery import fan_out as deliver
from service.webhooks.actions_feed import append
from service.webhooks.queries import DUE_ENDPOINTS, DUE_TENANTS

feed = Subscriber("feed", lambda event: {event.tenant, *(each.tenant for each in event.recipients)}, append)
fan_out = Subscriber("fan_out", lambda event: {event.tenant}, deliver)

Ring = Callable[[tuple[str, str]], None]


async def ring_due(door: Door, tenant: str, ring: Ring) -> None:
    """Rings for the tenant's endpoints that have something due."""
    rows = await door.fetch(tenant_scope(tenant), DUE_ENDPOINTS, of_tenant=tenant)
    for row in rows:
        ring((tenant, row["id"]))


async def sweep(door: Door, ring: Ring) -> None:
    """The same for every tenant: retries that came due, deliveries whose worker died."""
    for row in await door.fetch(RELAY, DUE_TENANTS):
        await ring_due(door, row["tenant_id"], ring)
