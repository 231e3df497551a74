"""What an event leaves in a recipient's inbox, one message per desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.identity.queries import CURRENT
from service.kit.db import Tx
from service.kit.ids import stable_id
from service.kit.outbox import Event, Recipient
from service.kit.tables import insert_rows
from service.notifications.asked import queue_of, thing_of
from service.notifications.models import inbox
from service.notifications.texts import compose

_MESSAGES = insert_rows(inbox, ignore_conflict=True)


async def deliver(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """A message for every desk of the tenant; its id is made from event and desk, so it appears once."""
    rows = []
    now_at = await handed_on(tx, tenant, events)
    for event in events:
        for desk in event.recipients:
            if desk.tenant == tenant:
                rows.append(_message(event, desk, now_at))
    await tx.fetch(_MESSAGES, of_tenant=tenant, rows=rows)


def _message(event: Event, desk: Recipient, now_at: Mapping[str, str]) -> dict[str, Any]:
    title, body = compose(event, desk)
    thing = thing_of(event, desk)
    return {
        "tenant_id": desk.tenant,
        "id": stable_id("inbox", event.id, desk.tenant, *_desk(desk)),
        "event_id": event.id,
        "kind": event.kind,
        "role": desk.role,
        "office_id": now_at.get(desk.office or "", desk.office),
        "title": title,
        "body": body,
        "snapshot": event.snapshot,
        "at": event.created_at,
        "read_at": None,
        "read_by": None,
        "user_id": desk.user,
        "object_kind": None if thing is None else thing.kind,
        "object_id": None if thing is None else thing.id,
        "asked": queue_of(event, desk),
    }


def _desk(desk: Recipient) -> tuple[str, ...]:
    """What tells one recipient's message from another's."""
    return (desk.role, desk.office or "", *([desk.user] if desk.user is not None else []))


async def handed_on(tx: Tx, tenant: str, events: Sequence[Event]) -> dict[str, str]:
    """Where the desks of offices that ended are now: an event may name an office from before its hand-over."""
    offices = {
        desk.office
        for event in events
        for desk in event.recipients
        if desk.tenant == tenant and desk.office is not None
    }
    if not offices:
        return {}
    rows = await tx.fetch(CURRENT, tenant_id=tenant, offices=sorted(offices))
    return {row["predecessor"]: row["successor"] for row in rows}
