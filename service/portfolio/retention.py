"""What is kept how long. What is old goes in slices, each by its own index, until the run's share of time is used.

Replies seven days; workbooks and reminders thirty; told events, deliveries and the feed 400; messages 400 days after
their case has ended, and never while they are unread or the case owes something. Ages are measured by the database's
clock, and its policies let the worker's login delete nothing younger (migrations 0020, 0045, 0066).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import asyncpg
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Interval,
    Table,
    Uuid,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)

from service.identity.models import assertion_uses, revocations, sessions, tenant_local
from service.identity.revoking import MEMORY, SPENT
from service.kit import clock
from service.kit.clock import legal_day
from service.kit.db import RELAY, Door, Row, tenant_scope
from service.kit.errors import ServiceError
from service.kit.idempotency import idempotency
from service.kit.ids import NIL, Ref, parse_ref
from service.kit.outbox import outbox
from service.kit.statements import AT_MOST, OF_TENANT, ROW_IDS, Statement, scope_ready
from service.kit.telemetry import Telemetry
from service.measures.lifecycle import TERMINAL, values
from service.notifications.models import inbox
from service.notifications.models_reminders import reminder_marks, reminder_messages
from service.obligations.models import obligations
from service.portfolio.models import workbooks
from service.projects.models import projects
from service.webhooks.models import event_feed, webhook_deliveries

REPLIES, EVENTS = timedelta(days=7), timedelta(days=400)
WORKBOOKS = timedelta(days=30)
REMINDERS = timedelta(days=30)
SESSIONS = timedelta(days=1)  # none is longer than ten hours
SETTLED = timedelta(hours=1)  # the feed's times may differ that much from its order
SLICE, SMALLEST = 5000, 100  # rows a statement
SHARE = 60.0  # seconds of a run, which comes every ten minutes

_PENDING: ColumnElement[str] = literal_column("'pending'")


def _before(age: timedelta) -> ColumnElement[Any]:
    return func.now() - literal(age, Interval)


def _gone(target: Table, which: ColumnElement[bool]) -> Statement:
    """Deletes and counts."""
    gone = (
        delete(target)
        .where(target.c.tenant_id == OF_TENANT, which)
        .returning(literal_column("1"))
        .cte("gone")
    )
    return Statement(select(func.count().label("rows")).select_from(gone))


def _oldest(target: Table, column: Any, age: timedelta, *more: ColumnElement[bool]) -> Statement:
    """The oldest rows of a tenant, by the index over (tenant_id, column); by their place, since keys differ."""
    place: Any = literal_column("ctid")
    old = select(place).where(target.c.tenant_id == OF_TENANT, column < _before(age), *more).order_by(column)
    return _gone(target, place == func.any(func.array(old.limit(AT_MOST).scalar_subquery())))


class Kind(NamedTuple):
    """Rows that go when they are old; the statement takes a tenant and how many at most."""

    name: str
    statement: Statement


_F = event_feed.c
# Only from the front, up to the first entry that stays: the feed has no holes. The oldest are found by their times: in
# the order of numbers all that is young would be read, of which this login sees nothing.
_front = (
    select(_F.seq)
    .where(_F.tenant_id == OF_TENANT, _F.at < _before(EVENTS))
    .order_by(_F.at)
    .limit(AT_MOST)
    .cte("front")
)
# Fenced: the least number would be sought in their order, among all.
_settling = (
    select(_F.seq)
    .where(_F.tenant_id == OF_TENANT, _F.at >= _before(EVENTS + SETTLED), _F.at < _before(EVENTS))
    .offset(literal_column("0"))
    .subquery("settling")
)
_stays = select(func.min(_settling.c.seq)).scalar_subquery()
_FRONT = _gone(
    event_feed,
    and_(
        _F.seq <= select(func.max(_front.c.seq)).scalar_subquery(),
        _F.seq < func.coalesce(_stays, literal_column("9223372036854775807")),
        _F.at < _before(EVENTS + SETTLED),
    ),
)
_D = webhook_deliveries.c
KINDS = (
    Kind("idempotency", _oldest(idempotency, idempotency.c.created_at, REPLIES)),
    Kind("outbox", _oldest(outbox, outbox.c.done_at, EVENTS)),
    Kind("webhook_deliveries", _oldest(webhook_deliveries, _D.created_at, EVENTS, _D.state != _PENDING)),
    Kind("event_feed", _FRONT),
    Kind("revocations", _oldest(revocations, revocations.c.recorded_at, MEMORY)),
    Kind("workbooks", _oldest(workbooks, workbooks.c.sent_at, WORKBOOKS)),
    Kind("sessions", _oldest(sessions, sessions.c.made_at, SESSIONS)),
    Kind("reminder_marks", _oldest(reminder_marks, reminder_marks.c.at, REMINDERS)),
    Kind("reminder_messages", _oldest(reminder_messages, reminder_messages.c.created_at, REMINDERS)),
    Kind("assertion_uses", _oldest(assertion_uses, assertion_uses.c.expires_at, SPENT)),
)

# ---- messages: their case says whether they may go ----------------------------------------------------------

_I, _P, _O = inbox.c, projects.c, obligations.c
_since = bindparam("since", type_=DateTime(timezone=True))
_after = bindparam("after", type_=Uuid(as_uuid=False))
_READ = Statement(
    select(_I.id, _I.at, func.jsonb_extract_path_text(_I.snapshot, "project", "id").label("project"))
    .where(
        _I.tenant_id == OF_TENANT,
        _I.read_at.is_not(None),
        _I.at < _before(EVENTS),
        tuple_(_I.at, _I.id) > tuple_(_since, _after),
    )
    .order_by(_I.at, _I.id)
    .limit(AT_MOST)
)
_MESSAGES = _gone(inbox, and_(_I.id == func.any(ROW_IDS), _I.read_at.is_not(None)))
_owed = exists().where(
    _O.tenant_id == _P.tenant_id,
    _O.project_id == _P.id,
    _O.state.in_([literal_column("'open'"), literal_column("'lapsed'")]),
)
_running = or_(
    _P.state.not_in([literal_column(f"'{state}'") for state in values(TERMINAL)]),
    _P.updated_at >= _before(EVENTS),
    _owed,
)
_LIVING = Statement(
    select(_P.id).where(_P.tenant_id == OF_TENANT, _P.id == func.any(ROW_IDS), _running, scope_ready())
)
_TENANTS = Statement(select(tenant_local.c.tenant_id).order_by(tenant_local.c.tenant_id))
_START = (datetime(1970, 1, 1, tzinfo=UTC), NIL)


class Retention:
    """Goes on where it left off: what may not go yet is passed over, and seen again in the next round.

    A round over a tenant's messages is begun once a legal day. Cases end by the day, and with every run all that has to
    stay was read again: most of what is older than its time, as long as its cases go on.
    """

    def __init__(self, slice_: int = SLICE, share: float = SHARE) -> None:
        self._slice, self._share = slice_, share
        self._places: dict[str, Any] = {}
        self._rounds: dict[str, date] = {}  # the day of each tenant's last whole round

    async def purge(self, door: Door, telemetry: Telemetry) -> int:
        """One run over all tenants and kinds in turn; returns how many rows went. Raises what failed, at the end."""
        until, total = clock.monotonic() + self._share, 0
        tenants = [row["tenant_id"] for row in await door.fetch(RELAY, _TENANTS)]
        waiting = deque((kind, tenant, self._slice) for kind in (*KINDS, None) for tenant in tenants)
        failed: list[Exception] = []
        while waiting and clock.monotonic() < until:
            kind, tenant, size = waiting.popleft()
            try:
                rows, more = await self._step(door, kind, tenant, size)
            except asyncpg.QueryCanceledError as error:  # too much for the time a statement has
                if size <= SMALLEST:
                    failed.append(error)
                else:
                    waiting.append((kind, tenant, max(SMALLEST, size // 4)))
                continue
            except (asyncpg.PostgresError, TimeoutError) as error:
                failed.append(error)
                continue
            total += rows
            if more:
                waiting.append((kind, tenant, size))
        telemetry.gauge(
            "tongjian_purge_waiting", "Kinds of old rows, by tenant, left for the next run", len(waiting)
        )
        if failed:
            raise failed[0]
        return total

    async def _step(self, door: Door, kind: Kind | None, tenant: str, size: int) -> tuple[int, bool]:
        if kind is None:
            return await self._messages(door, tenant, size)
        (row,) = await door.fetch(RELAY, kind.statement, of_tenant=tenant, limit=size)
        return row["rows"], row["rows"] >= size

    async def _messages(self, door: Door, tenant: str, size: int) -> tuple[int, bool]:
        today = legal_day(clock.now())
        if self._rounds.get(tenant) == today:
            return 0, False
        since, after = self._places.pop(tenant, _START)
        found = await door.fetch(RELAY, _READ, of_tenant=tenant, since=since, after=after, limit=size)
        living = await _living(door, found)
        ids = [row["id"] for row in found if row["project"] not in living]
        rows = 0
        if ids:
            (counted,) = await door.fetch(RELAY, _MESSAGES, of_tenant=tenant, ids=ids)
            rows = counted["rows"]
        if len(found) < size:
            self._rounds[tenant] = today
            return rows, False
        self._places[tenant] = (found[-1]["at"], found[-1]["id"])
        return rows, True


async def _living(door: Door, messages: Sequence[Row]) -> set[str]:
    """Of the cases the messages tell of, those that go on, ended lately or owe something; each asked in its tenant."""
    cases: dict[str, dict[str, str]] = {}
    for told in {row["project"] for row in messages if row["project"]}:
        ref = _ref(told)
        if ref is not None:
            cases.setdefault(ref.tenant, {})[ref.id] = told
    found: set[str] = set()
    for tenant, ids in cases.items():
        rows = await door.fetch(tenant_scope(tenant), _LIVING, of_tenant=tenant, ids=list(ids))
        found |= {ids[row["id"]] for row in rows}
    return found


def _ref(told: str) -> Ref | None:
    try:
        return parse_ref(told)
    except ServiceError:
        return None
