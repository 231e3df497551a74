"""The statements of the relay's lanes: the news in the outbox itself, whatever else follows in `outbox_work`.

All times are the database's. A row is taken with a lease; `attempts` counts before an attempt is made, so that one
that ends the worker counts too.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Interval,
    Table,
    Text,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    null,
    select,
    union_all,
    update,
)

from service.kit.outbox import outbox, outbox_work
from service.kit.statements import AT_MOST, OF_TENANT, ROW_IDS, Statement
from service.kit.tables import insert_rows

LEASE = timedelta(seconds=15)  # how long a taken row is left alone; whoever works longer renews it
ATTEMPTS = 20  # then the event is a dead letter: about an hour and a quarter after the first
LONGEST_PAUSE = 300  # seconds between attempts


class Lane(NamedTuple):
    """Subscribers that are worked off together, apart from the others.

    `batch`: events taken at once; `patience`: seconds one hand-over of them may take before it is halved.
    """

    name: str
    batch: int = 100
    patience: float = 6.0


NEWS = Lane("news")  # who is told: inbox, feed, webhooks
DUTIES = Lane("duties", 25)  # what else the service does by itself when something happened
_O, _W = outbox.c, outbox_work.c
_leased = func.now() + bindparam("lease", type_=Interval)


class Queue(NamedTuple):
    """What a lane says to the database. Every statement takes `of_tenant` and `lane`; all but `take` take `ids`.

    `take`: rows with a lease, and how many attempts were made `before`. `begin`: one more attempt of rows that had
    `before`, unless somebody else began it. `renew`: the lease. `hand`: the subscriber `step` has had them. `fail`:
    again after `pause`, or never (`dead`). `done`: all have.
    """

    take: Statement
    begin: Statement
    renew: Statement
    hand: Statement
    fail: Statement
    done: Statement


def _queue(table: Table, key: Any, mine: ColumnElement[bool], done: Any, told: list[Any]) -> Queue:
    c = table.c
    due = (
        select(c.tenant_id, key.label("key"), c.attempts, c.next_attempt_at)
        .where(c.tenant_id == OF_TENANT, mine, c.dead_at.is_(None), c.next_attempt_at <= func.now())
        .order_by(c.next_attempt_at, key)
        .limit(AT_MOST)
        .with_for_update(skip_locked=True)
        .cte("c")
    )
    take = (
        update(table)
        .where(c.tenant_id == OF_TENANT, mine, c.tenant_id == due.c.tenant_id, key == due.c.key)
        .values(next_attempt_at=_leased, attempts=func.greatest(c.attempts, 1))
        .returning(
            key.label("id"),
            due.c.attempts.label("before"),
            due.c.next_attempt_at.label("due_at"),
            c.handed,
            c.last_error,
            *told,
        )
    )
    these = and_(c.tenant_id == OF_TENANT, mine, key == func.any(ROW_IDS))
    before = bindparam("before", type_=Integer)
    failed = {
        "last_error": bindparam("error", type_=Text),
        "next_attempt_at": func.now() + bindparam("pause", type_=Interval),
        "dead_at": case((bindparam("dead", type_=Boolean), func.now())),
    }
    one_more = {"next_attempt_at": _leased, "attempts": c.attempts + 1}
    handed = func.array_append(c.handed, bindparam("step", type_=Text))
    return Queue(
        Statement(take),
        Statement(update(table).where(these, c.attempts == before).values(one_more).returning(key)),
        Statement(update(table).where(these).values(next_attempt_at=_leased)),
        Statement(update(table).where(these).values(handed=handed)),
        Statement(update(table).where(these).values(failed)),
        Statement(done.where(these)),
    )


_CONTENT = [_O.kind, _O.recipients, _O.snapshot, _O.trace_id, _O.created_at, _O.traceparent]
QUEUE_NEWS = _queue(
    outbox, _O.id, _O.done_at.is_(None), update(outbox).values(done_at=func.now(), handed=[]), _CONTENT
)
QUEUE_LATER = _queue(
    outbox_work, _W.event_id, _W.lane == bindparam("lane", type_=Text), delete(outbox_work), []
)
# The events of a later lane; those that an erasure took away since are not there any more.
EVENTS = Statement(select(_O.id, *_CONTENT).where(_O.tenant_id == OF_TENANT, _O.id == func.any(ROW_IDS)))
LATER = insert_rows(outbox_work, ignore_conflict=True, now=("next_attempt_at",))

_waiting = (
    select(_O.tenant_id, _O.next_attempt_at).where(_O.done_at.is_(None), _O.dead_at.is_(None)),
    select(_W.tenant_id, _W.next_attempt_at).where(_W.dead_at.is_(None)),
)
_all = union_all(*_waiting).subquery("w")
WAITING = Statement(
    select(_all.c.tenant_id, (func.now() - func.min(_all.c.next_attempt_at)).label("late"))
    .where(_all.c.next_attempt_at <= func.now())
    .group_by(_all.c.tenant_id)
)
_dead = union_all(
    select(_O.tenant_id).where(_O.dead_at.is_not(None)), select(_W.tenant_id).where(_W.dead_at.is_not(None))
).subquery("d")
# The oldest counts from when it was told of: what is tried again and again is never late for long.
_oldest = select(func.now() - func.min(_O.created_at)).where(_O.done_at.is_(None), _O.dead_at.is_(None))
DEAD = Statement(
    select(func.count().label("n"), _oldest.scalar_subquery().label("oldest")).select_from(_dead)
)
_alive = {
    "dead_at": null(),
    "attempts": bindparam("attempts", type_=Integer),
    "next_attempt_at": func.now(),
}
_hour = func.now() - literal_column("interval '1 hour'")
REVIVE = tuple(
    Statement(update(each).where(each.c.dead_at < _hour).values(_alive).returning(each.c.tenant_id))
    for each in (outbox, outbox_work)
)
