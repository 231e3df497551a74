"""The outbox: an event is a row that commits with the change it tells of; the relay carries it on.

What orders the work (`next_attempt_at`, leases) is the database's time, since the clocks of machines differ and a
demo's clock travels; `created_at` is the service's, since people read it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import text as sql

from service.kit.db import Tx
from service.kit.ids import new_id
from service.kit.tables import index, insert_row, json, moment, number, table, text, texts, uuid
from service.kit.tracing import carried

if TYPE_CHECKING:
    from service.kit.call import Call

# `handed`: subscribers that have had the event while others still wait, emptied when all have; `dead_at`: given up.
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
    texts("handed", default="'{}'"),
    moment("dead_at", null=True),
    text("traceparent", null=True),
    key=("id",),
)
# What follows from an event beside its being told, on lanes of their own; a row goes when its lane is done with it.
# No foreign key: rows of events that an erasure took away are dropped by the relay.
outbox_work = table(
    "outbox_work",
    uuid("event_id"),
    text("lane"),
    moment("next_attempt_at"),
    number("attempts"),
    text("last_error", null=True),
    texts("handed", default="'{}'"),
    moment("dead_at", null=True),
    key=("event_id", "lane"),
)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
O, W = outbox.c, outbox_work.c  # noqa: E741
# Only what waits: done rows stay and must not slow the relay.
index(
    "ix_outbox_due",
    O.tenant_id,
    O.next_attempt_at,
    O.id,
    postgresql_where=O.done_at.is_(None) & O.dead_at.is_(None),
)
index("ix_outbox_done", O.tenant_id, O.done_at, postgresql_where=O.done_at.is_not(None))
index("ix_outbox_dead", O.tenant_id, O.dead_at, postgresql_where=O.dead_at.is_not(None))
index(
    "ix_outbox_work_due",
    W.tenant_id,
    W.lane,
    W.next_attempt_at,
    W.event_id,
    postgresql_where=W.dead_at.is_(None),
)
index("ix_outbox_work_dead", W.tenant_id, W.dead_at, postgresql_where=W.dead_at.is_not(None))

_FRESH: dict[str, Any] = {
    "next_attempt_at": sql("now()"),
    "attempts": sql("0"),
    "last_error": None,
    "done_at": None,
    "handed": None,
    "dead_at": None,
}
_INSERT = insert_row(outbox, given=_FRESH)
_INSERT_ONCE = insert_row(outbox, given=_FRESH, ignore_conflict=True)


def figures_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The amounts, days and numbers of a record, which its event tells as fields: never its words or verdicts."""
    return {name: value for name, value in content.items() if _is_figure(name, value)}


def _is_figure(name: str, value: object) -> bool:
    if isinstance(value, str):
        return name.endswith("_yuan") or _DAY.fullmatch(value) is not None
    return isinstance(value, int) and not isinstance(value, bool) and not name.endswith("_fen")


class Recipient(msgspec.Struct, frozen=True):
    """Whom an event concerns: a desk (`role`) of a tenant, of one office where `office` is given.

    `user`: one person of the desk, where each has to do it himself; what one has read the others have not.
    `thing`: what this person alone opens (an assignment), which the event names to nobody else.
    """

    tenant: str
    role: str
    office: str | None = None
    user: str | None = None
    thing: str | None = None


class Event(msgspec.Struct, frozen=True):
    """What a subscriber gets: a complete snapshot; it never reads the source's rows."""

    id: str
    tenant: str
    kind: str
    recipients: list[Recipient]
    snapshot: dict[str, Any]
    trace_id: str
    created_at: datetime
    traceparent: str | None = None


def emit(
    tx: Tx,
    *,
    tenant: str,
    kind: str,
    recipients: Sequence[Recipient],
    snapshot: dict[str, Any],
    trace_id: str,
    now: datetime,
    once: str | None = None,
) -> str:
    """Adds the event to the transaction's rows and returns its id.

    `once`: an id the caller makes (`stable_id`); an event that already has it is left as it is.
    """
    event_id = once or new_id()
    tx.rings.add(tenant)
    tx.batch.add(
        _INSERT_ONCE if once else _INSERT,
        expect=None if once else 1,
        tenant_id=tenant,
        id=event_id,
        kind=kind,
        recipients=recipients,
        snapshot=snapshot,
        trace_id=trace_id,
        created_at=now,
        traceparent=carried(trace_id),
    )
    return event_id


def emitted(
    call: Call,
    tx: Tx,
    kind: str,
    recipients: Sequence[Recipient],
    snapshot: dict[str, Any],
    *,
    tenant: str | None = None,
    once: str | None = None,
) -> str:
    """The event of a command, in the caller's tenant where no other is named; its id."""
    return emit(
        tx,
        tenant=call.principal.tenant if tenant is None else tenant,
        kind=kind,
        recipients=recipients,
        snapshot=snapshot,
        trace_id=call.trace_id,
        now=call.now,
        once=once,
    )
