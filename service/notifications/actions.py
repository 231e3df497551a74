"""What an event leaves in a recipient's inbox, one message per desk; and marking as read, each person for himself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Text, Uuid, bindparam, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from service.identity.queries import CURRENT
from service.kit.db import Row, Tx
from service.kit.errors import not_found
from service.kit.ids import Ref, stable_id
from service.kit.outbox import Event, Recipient
from service.kit.statements import Statement
from service.kit.tables import insert_rows
from service.notifications.asked import queue_of, thing_of
from service.notifications.models import inbox, inbox_reads
from service.notifications.queries import MESSAGE, MINE, READER, UNREAD
from service.notifications.texts import compose

_MESSAGES = insert_rows(inbox, ignore_conflict=True)
_now = bindparam("now", type_=DateTime(timezone=True))
_by = bindparam("by", type_=Text)
_COLUMNS = ["tenant_id", "message_id", "reader", "by", "at"]


def _read(*which: Any) -> Statement:
    """The caller has read these; whoever read one first stays, also of the caller's own times."""
    source = select(inbox.c.tenant_id, inbox.c.id, READER, _by, _now).where(*MINE, UNREAD, *which)
    made = insert(inbox_reads).from_select(_COLUMNS, source).on_conflict_do_nothing()
    return Statement(made.returning(inbox_reads.c.message_id))


_MARK = _read(inbox.c.id == bindparam("of_id", type_=inbox.c.id.type))
_MARK_ALL = _read(inbox.c.at <= bindparam("until", type_=DateTime(timezone=True)))
# By the first reading of the desk a message may be forgotten one day (service/portfolio/retention.py).
_FIRST = Statement(
    update(inbox)
    .where(
        inbox.c.tenant_id == bindparam("of_tenant", type_=Text),
        inbox.c.id == bindparam("ids", type_=ARRAY(Uuid(as_uuid=False))).any_(),
        inbox.c.read_at.is_(None),
    )
    .values(read_at=_now, read_by=_by)
)


async def mark_all(tx: Tx, mine: Mapping[str, Any], actor: str, until: datetime, now: datetime) -> int:
    """The caller has read what had come to his desks by a moment; how many he had not. Others' reading is theirs."""
    return await _mark(tx, _MARK_ALL, {**mine, "until": until}, actor, now)


async def _mark(tx: Tx, which: Statement, mine: Mapping[str, Any], actor: str, now: datetime) -> int:
    ids = [row["message_id"] for row in await tx.fetch(which, **mine, now=now, by=actor)]
    if ids:
        await tx.fetch(_FIRST, of_tenant=mine["of_tenant"], ids=ids, now=now, by=actor)
    return len(ids)


async def mark(tx: Tx, ref: Ref, mine: Mapping[str, Any], actor: str, now: datetime) -> Row:
    """The caller has read a message of his desks (`mine`); his first time stays. 404 when it is not theirs."""
    mine = {**mine, "of_id": ref.id}
    await _mark(tx, _MARK, mine, actor, now)
    row = await tx.row(MESSAGE, **mine)
    if row is None:
        raise not_found()
    return row


async def deliver(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """A message for every desk of the tenant; its id is made from event and desk, so it appears once."""
    rows = []
    now_at = await handed_on(tx, tenant, events)
    for event in events:
        for desk in event.recipients:
            if desk.tenant == tenant:
                rows.append(_message(event, desk, now_at))
    await tx.fetch(_MESSAGES, rows=rows)


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
