"""The outbox: an event is a row that commits with the change it tells of; the relay carries it on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from service.kit.db import Tx
from service.kit.ids import new_id
from service.kit.tables import index, insert_row, json, moment, number, table, text, uuid

outbox = table(
    "outbox",
    uuid("id"),
    text("kind"),
    json("recipients"),
    json("snapshot"),
    text("trace_id"),
    moment("created_at"),
    moment("next_attempt_at"),
    number("attempts"),
    text("last_error", null=True),
    moment("done_at", null=True),
    key=("id",),
)

# Only what waits: done rows stay and must not slow the relay.
index(
    "ix_outbox_due",
    outbox.c.tenant_id,
    outbox.c.next_attempt_at,
    postgresql_where=outbox.c.done_at.is_(None),
)

index("ix_outbox_done", outbox.c.tenant_id, outbox.c.done_at, postgresql_where=outbox.c.done_at.is_not(None))

_INSERT = insert_row(outbox)


class Recipient(msgspec.Struct, frozen=True):
    """Whom an event concerns: a desk (`role`) of a tenant, of one office where `office` is given."""

    tenant: str
    role: str
    office: str | None = None


class Event(msgspec.Struct, frozen=True):
    """What a subscriber gets: a complete snapshot; it never reads the source's rows."""

    id: str
    tenant: str
    kind: str
    recipients: list[Recipient]
    snapshot: dict[str, Any]
    trace_id: str
    created_at: datetime


def emit(
    tx: Tx,
    *,
    tenant: str,
    kind: str,
    recipients: Sequence[Recipient],
    snapshot: dict[str, Any],
    trace_id: str,
    now: datetime,
) -> str:
    """Adds the event to the transaction's rows and returns its id."""
    event_id = new_id()
    tx.rings.add(tenant)
    tx.batch.add(
        _INSERT,
        tenant_id=tenant,
        id=event_id,
        kind=kind,
        recipients=recipients,
        snapshot=snapshot,
        trace_id=trace_id,
        created_at=now,
        next_attempt_at=now,
        attempts=0,
        last_error=None,
        done_at=None,
    )
    return event_id
