"""What an event leaves in a recipient's inbox, one message per desk; and marking as read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Text, bindparam, update

from service.identity.queries import CURRENT
from service.kit.db import Row, Tx
from service.kit.errors import not_found
from service.kit.ids import Ref, stable_id
from service.kit.outbox import Event, Recipient
from service.kit.statements import Statement
from service.kit.tables import insert_rows
from service.notifications.models import inbox
from service.notifications.queries import MESSAGE, MINE
from service.notifications.texts import compose

_MESSAGES = insert_rows(inbox, ignore_conflict=True)
_MARK = Statement(
    update(inbox)
    .where(*MINE, inbox.c.id == bindparam("of_id", type_=inbox.c.id.type), inbox.c.read_at.is_(None))
    .values(read_at=bindparam("now", type_=DateTime(timezone=True)), read_by=bindparam("by", type_=Text))
)


_MARK_ALL = Statement(
    update(inbox)
    .where(*MINE, inbox.c.read_at.is_(None), inbox.c.at <= bindparam("until", type_=DateTime(timezone=True)))
    .values(read_at=bindparam("now", type_=DateTime(timezone=True)), read_by=bindparam("by", type_=Text))
    .returning(inbox.c.id)
)


async def mark_all(tx: Tx, mine: Mapping[str, Any], actor: str, until: datetime, now: datetime) -> int:
    """Marks what had come to the caller's desks by a moment; how many it were. Personal ones are the caller's alone."""
    return len(await tx.fetch(_MARK_ALL, **mine, now=now, by=actor, until=until))


async def deliver(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """A message for every desk of the tenant; its id is made from event and desk, so it appears once."""
    rows = []
    now_at = await _handed_on(tx, tenant, events)
    for event in events:
        for desk in event.recipients:
            if desk.tenant != tenant:
                continue
            title, body = compose(event, desk)
            row = {
                "tenant_id": tenant,
                "id": stable_id("inbox", event.id, tenant, *_desk(desk)),
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
            }
            rows.append(row)
    await tx.fetch(_MESSAGES, rows=rows)


def _desk(desk: Recipient) -> tuple[str, ...]:
    """What tells one recipient's message from another's."""
    return (desk.role, desk.office or "", *([desk.user] if desk.user is not None else []))


async def _handed_on(tx: Tx, tenant: str, events: Sequence[Event]) -> dict[str, str]:
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


async def mark(tx: Tx, ref: Ref, mine: Mapping[str, Any], actor: str, now: datetime) -> Row:
    """Marks a message of the caller's desks (`mine`) as read; who read it first stays. 404 when it is not theirs."""
    mine = {**mine, "of_id": ref.id}
    await tx.fetch(_MARK, **mine, now=now, by=actor)
    row = await tx.row(MESSAGE, **mine)
    if row is None:
        raise not_found()
    return row
