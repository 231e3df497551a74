"""The relay carries outbox rows to their subscribers, each in its recipient's scope. The truth is in PostgreSQL.

A row is taken with a lease, handed on, and marked done. Whoever dies in between is followed by another relay when
the lease runs out; subscribers write under ids made from the event's, so that a repetition changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

import asyncpg
import msgspec
from sqlalchemy import DateTime, Integer, Text, Uuid, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit import clock
from service.kit.db import RELAY, Door, Row, Statement, Tx, tenant_scope
from service.kit.outbox import Event, Recipient, outbox
from service.kit.telemetry import Telemetry

BATCH = 100
LEASE = timedelta(seconds=15)  # how long a taken row is left alone; its relay gives up a little earlier
LONGEST_PAUSE = 300  # seconds between attempts of an event whose subscriber keeps failing

_O = outbox.c
_tenant = bindparam("of_tenant", type_=Text)
_now = bindparam("now", type_=DateTime(timezone=True))
_due = (
    select(_O.tenant_id, _O.id)
    .where(_O.tenant_id == _tenant, _O.done_at.is_(None), _O.next_attempt_at <= _now)
    .order_by(_O.next_attempt_at, _O.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True)
    .cte("c")
)
_TAKE = Statement(
    update(outbox)
    .where(_O.tenant_id == _tenant, _O.tenant_id == _due.c.tenant_id, _O.id == _due.c.id)
    .values(next_attempt_at=bindparam("until", type_=DateTime(timezone=True)))
    .returning(_O.id, _O.kind, _O.recipients, _O.snapshot, _O.trace_id, _O.created_at, _O.attempts)
)
_DONE = Statement(
    update(outbox)
    .where(_O.tenant_id == _tenant, _O.id == func.any(bindparam("ids", type_=ARRAY(Uuid(as_uuid=False)))))
    .values(done_at=_now)
)
_FAILED = Statement(
    update(outbox)
    .where(
        _O.tenant_id == _tenant, _O.id == bindparam("of_id", type_=Uuid(as_uuid=False)), _O.done_at.is_(None)
    )
    .values(
        attempts=_O.attempts + 1,
        last_error=bindparam("error", type_=Text),
        next_attempt_at=bindparam("again_at", type_=DateTime(timezone=True)),
    )
)
_WAITING = Statement(
    select(_O.tenant_id, func.min(_O.created_at).label("since"))
    .where(_O.done_at.is_(None), _O.next_attempt_at <= _now)
    .group_by(_O.tenant_id)
)


class Subscriber(NamedTuple):
    """A consequence of events: the tenants in whose scope it writes, and its writing, which may be repeated."""

    name: str
    tenants: Callable[[Event], Collection[str]]
    run: Callable[[Tx, str, Sequence[Event]], Awaitable[None]]


Subscribers = Mapping[str, Sequence[Subscriber]]


async def drain(door: Door, tenant: str, subscribers: Subscribers, telemetry: Telemetry) -> int:
    """Carries a tenant's due events to their subscribers; returns how many were done with."""
    done = 0
    while True:
        now = clock.now()
        rows = await door.fetch(RELAY, _TAKE, of_tenant=tenant, now=now, limit=BATCH, until=now + LEASE)
        if rows:
            async with asyncio.timeout(LEASE.total_seconds() * 0.8):
                done += await _carry(door, tenant, rows, subscribers, telemetry)
        if len(rows) < BATCH:
            return done


async def _carry(
    door: Door, tenant: str, rows: list[Row], subscribers: Subscribers, telemetry: Telemetry
) -> int:
    work: dict[tuple[Subscriber, str], list[Event]] = {}
    failures: dict[str, str] = {}
    for row in sorted(rows, key=lambda each: (each["created_at"], each["id"])):
        try:
            event = _event(tenant, row)
            for subscriber in subscribers[event.kind]:  # an unknown kind waits for a worker that knows it
                for recipient in sorted(subscriber.tenants(event)):
                    work.setdefault((subscriber, recipient), []).append(event)
        except (KeyError, msgspec.ValidationError) as error:
            failures[row["id"]] = f"unreadable: {type(error).__name__}"
    for (subscriber, recipient), events in work.items():
        failures |= await _hand(door, subscriber, recipient, events)
    done = [row["id"] for row in rows if row["id"] not in failures]
    now = clock.now()
    if done:
        await door.fetch(RELAY, _DONE, of_tenant=tenant, ids=done, now=now)
    attempts = {row["id"]: row["attempts"] for row in rows}
    for event_id, reason in failures.items():
        telemetry.log.warning("event_failed", tenant=tenant, event_id=event_id, error=reason)
        again = now + timedelta(seconds=min(2 ** attempts[event_id], LONGEST_PAUSE))
        await door.fetch(RELAY, _FAILED, of_tenant=tenant, of_id=event_id, error=reason, again_at=again)
    return len(done)


def _event(tenant: str, row: Row) -> Event:
    recipients = msgspec.convert(row["recipients"], list[Recipient])
    return Event(
        row["id"], tenant, row["kind"], recipients, row["snapshot"], row["trace_id"], row["created_at"]
    )


async def _hand(door: Door, subscriber: Subscriber, tenant: str, events: list[Event]) -> dict[str, str]:
    """All events in one transaction of the recipient; if that fails one by one, so that one cannot hold the rest."""
    try:
        async with door.transaction(tenant_scope(tenant)) as tx:
            await subscriber.run(tx, tenant, events)
        return {}
    except (
        OSError,
        asyncpg.InterfaceError,
        asyncpg.PostgresConnectionError,
        asyncpg.OperatorInterventionError,
    ):
        raise  # the database is away: nobody's fault, the lease runs out and the events come again
    except Exception as error:
        if len(events) == 1:
            state = getattr(error, "sqlstate", None) or getattr(error, "code", "")
            return {events[0].id: f"{subscriber.name}: {type(error).__name__} {state}".strip()[:200]}
    failures: dict[str, str] = {}
    for event in events:
        failures |= await _hand(door, subscriber, tenant, [event])
    return failures


async def sweep(door: Door, ring: Callable[[str], None], telemetry: Telemetry) -> None:
    """Rings for every tenant with due events: what a lost ring, a killed worker or a backoff left behind."""
    now = clock.now()
    rows = await door.fetch(RELAY, _WAITING, now=now)
    lag = max(((now - row["since"]).total_seconds() for row in rows), default=0.0)
    telemetry.gauge("tongjian_outbox_lag_seconds", "Age of the oldest event that is due", lag)
    for row in rows:
        ring(row["tenant_id"])
