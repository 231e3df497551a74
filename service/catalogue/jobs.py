"""Subscribers: what a provider publishes reaches every tenant that may see it."""

from __future__ import annotations

from collections.abc import Sequence

from service.catalogue.entries import COPY, carried
from service.kit.db import Tx
from service.kit.outbox import Event
from service.kit.relay import Subscriber


async def _copy(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """The entry in this reader's tenant; a repetition or an older event changes nothing."""
    for event in events:
        await tx.fetch(COPY, **carried(event.snapshot["entry"], tenant))


copy_app = Subscriber("copy_app", lambda event: set(event.snapshot["tenants"]) - {event.tenant}, _copy)

SUBSCRIBERS = [(copy_app, ("app.published", "app.updated", "app.status_changed"))]
