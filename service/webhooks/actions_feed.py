"""The feed: every event a tenant is concerned with, numbered without gaps in the order of commits."""

from __future__ import annotations

from collections.abc import Sequence

from service.kit.counters import next_number
from service.kit.db import Tx
from service.kit.outbox import Event
from service.kit.tables import insert_rows
from service.webhooks.models import event_feed
from service.webhooks.queries import KNOWN

_ENTRIES = insert_rows(event_feed)


async def append(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """Entries with the next numbers. The counter's row lock lets numbers become visible only in their order.

    Two relays with the same event meet in the unique key: one rolls back, numbers included, and is repeated.
    """
    known = {row["event_id"] for row in await tx.fetch(KNOWN, of_tenant=tenant, ids=[e.id for e in events])}
    fresh = [event for event in events if event.id not in known]
    if not fresh:
        return
    first = await next_number(tx, tenant, "feed", len(fresh))
    rows = [
        {
            "tenant_id": tenant,
            "seq": first + offset,
            "event_id": event.id,
            "source_tenant": event.tenant,
            "kind": event.kind,
            "snapshot": event.snapshot,
            "at": event.created_at,
        }
        for offset, event in enumerate(fresh)
    ]
    await tx.fetch(_ENTRIES, of_tenant=tenant, rows=rows)
