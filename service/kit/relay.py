"""The relay carries outbox rows to their subscribers, each in its recipient's scope. The truth is in PostgreSQL.

A row is taken with a lease and handed on; what a subscriber has had is noted as it happens. Whoever dies in between
is followed by another relay when the lease runs out; subscribers write under ids made from the event's, so that a
repetition changes nothing. What fails or takes too long is halved until the event that does it stands alone: it waits
with growing pauses and ends as a dead letter, which is told, while the others go on.

The news (inbox, feed, webhooks) have the first lane. What else follows from an event runs on lanes of its own, each
with its own queue, so that no news ever waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

import asyncpg
import msgspec

from service.kit import clock
from service.kit.db import RELAY, Door, Row, Tx, tenant_scope
from service.kit.ids import stable_id
from service.kit.lanes import (
    ATTEMPTS,
    DEAD,
    EVENTS,
    LATER,
    LEASE,
    LONGEST_PAUSE,
    NEWS,
    QUEUE_LATER,
    QUEUE_NEWS,
    REVIVE,
    WAITING,
)
from service.kit.lanes import Lane as Lane
from service.kit.outbox import Event, Recipient, emit
from service.kit.refusals import away
from service.kit.telemetry import Telemetry

DEAD_LETTER = "relay.dead_letter"
RELEASED = "later"  # noted on an event whose later lanes have their rows


class Subscriber(NamedTuple):
    """A consequence of events: the tenants in whose scope it writes, and its writing, which may be repeated."""

    name: str
    tenants: Callable[[Event], Collection[str]]
    run: Callable[[Tx, str, Sequence[Event]], Awaitable[None]]
    lane: Lane = NEWS


Subscribers = Mapping[str, Sequence[Subscriber]]


def lanes(subscribers: Subscribers) -> list[Lane]:
    """Every lane there is, the news first."""
    return list(dict.fromkeys((NEWS, *(one.lane for each in subscribers.values() for one in each))))


async def drain(door: Door, tenant: str, subscribers: Subscribers, telemetry: Telemetry) -> int:
    """Carries a tenant's due events to all their subscribers, lane by lane; returns how many were done with."""
    done = 0
    for lane in lanes(subscribers):
        more = True
        while more:
            count, more = await step(door, tenant, subscribers, telemetry, lane)
            done += count
    return done


async def step(
    door: Door, tenant: str, subscribers: Subscribers, telemetry: Telemetry, lane: Lane = NEWS
) -> tuple[int, bool]:
    """One batch of a lane: how many events were done with, and whether there may be more."""
    round_ = _Round(door, tenant, lane, subscribers, telemetry)
    return await round_.run()


class _Round:
    """One batch of one tenant's lane, while it is worked on."""

    def __init__(
        self, door: Door, tenant: str, lane: Lane, subscribers: Subscribers, telemetry: Telemetry
    ) -> None:
        self.door, self.tenant, self.lane = door, tenant, lane
        self.subscribers, self.telemetry = subscribers, telemetry
        self.queue = QUEUE_NEWS if lane == NEWS else QUEUE_LATER
        self.same: dict[str, Any] = {"of_tenant": tenant, "lane": lane.name}
        self.leased = 0.0

    async def run(self) -> tuple[int, bool]:
        rows = await self.door.fetch(RELAY, self.queue.take, **self.same, limit=self.lane.batch, lease=LEASE)
        self.leased = clock.monotonic()
        ordered = sorted(rows, key=lambda each: (each["before"], each["due_at"], each["id"]))
        first = [row for row in ordered if not row["before"]]
        done = await self._carry(first, 1) if first else 0
        # What failed before stands alone, the least tried first: what ends the worker ends it after the others.
        for row in ordered[len(first) :]:
            if row["before"] >= ATTEMPTS:
                await self._fail(row["id"], row["last_error"] or "worker lost", row["before"])
            elif await self._write(self.queue.begin, [row["id"]], before=row["before"], lease=LEASE):
                self.leased = clock.monotonic()
                done += await self._carry([row], row["before"] + 1)
        return done, len(rows) == self.lane.batch

    async def _carry(self, rows: list[Row], attempt: int) -> int:
        """Hands rows on; returns how many are done with."""
        events, failures = await self._read(rows)
        with self.telemetry.tracing.handing(self.lane.name, events):
            return await self._hand_on(rows, attempt, events, failures)

    async def _hand_on(
        self, rows: list[Row], attempt: int, events: list[Event], failures: dict[str, str]
    ) -> int:
        handed = {row["id"]: set(row["handed"]) for row in rows}
        work: dict[tuple[str, Subscriber, str], list[Event]] = {}
        for event in events:
            for name, one in self._mine(event):
                for recipient in sorted(one.tenants(event)):
                    if f"{name}/{recipient}" not in handed[event.id]:
                        work.setdefault((name, one, recipient), []).append(event)
        for number, ((name, one, recipient), theirs) in enumerate(work.items(), 1):
            failed = await self._hand(one, recipient, theirs)
            failures |= failed
            had = [each.id for each in theirs if each.id not in failed]
            if had and (failures or number < len(work)):  # else what follows says so
                await self._write(self.queue.hand, had, step=f"{name}/{recipient}")
        fresh = [each for each in events if RELEASED not in handed[each.id]]
        done = [row["id"] for row in rows if row["id"] not in failures]
        await self._finish(done, fresh, sorted(failures))
        for event_id, reason in failures.items():
            await self._fail(event_id, reason, attempt)
        return len(done)

    async def _read(self, rows: list[Row]) -> tuple[list[Event], dict[str, str]]:
        """The rows' events in their order, and what cannot be read; rows of erased events have none."""
        content = {row["id"]: row for row in rows}
        if self.lane != NEWS:
            found = await self.door.fetch(RELAY, EVENTS, of_tenant=self.tenant, ids=list(content))
            content = {row["id"]: row for row in found}
        events, failures = [], {}
        for row in rows:
            if row["id"] not in content:
                continue
            try:
                event = _event(self.tenant, content[row["id"]])
                for _, one in self._mine(event):  # an unknown kind waits for a worker that knows it
                    one.tenants(event)
                events.append(event)
            except Exception as error:  # whatever its snapshot makes of the reading
                failures[row["id"]] = f"unreadable: {type(error).__name__}"
        return events, failures

    def _mine(self, event: Event) -> list[tuple[str, Subscriber]]:
        """This lane's subscribers under the names by which it is noted who has had the event."""
        found: dict[str, Subscriber] = {}
        for each in self.subscribers[event.kind]:
            if each.lane == self.lane:
                found[f"{each.name}+" if each.name in found else each.name] = each
        return list(found.items())

    async def _hand(self, one: Subscriber, tenant: str, events: list[Event]) -> dict[str, str]:
        """All events in one transaction of the recipient; what fails or takes too long is halved, down to one."""
        if clock.monotonic() - self.leased > LEASE.total_seconds() / 3:
            await self._write(self.queue.renew, [each.id for each in events], lease=LEASE)
            self.leased = clock.monotonic()
        reason = await _hand(self.door, one, tenant, events, self.lane.patience)
        if reason is None:
            return {}
        if len(events) == 1:
            return {events[0].id: reason}
        middle = len(events) // 2
        failures = await self._hand(one, tenant, events[:middle])
        return failures | await self._hand(one, tenant, events[middle:])

    async def _finish(self, done: list[str], events: list[Event], failed: list[str]) -> None:
        """Marks what is done, and gives the later lanes their rows, whatever became of the news: both or neither."""
        rows: list[dict[str, Any]] = [
            {
                "tenant_id": self.tenant,
                "event_id": event.id,
                "lane": lane,
                "next_attempt_at": None,
                "attempts": 0,
                "last_error": None,
                "handed": [],
                "dead_at": None,
            }
            for event in (events if self.lane == NEWS else ())
            for lane in {one.lane.name for one in self.subscribers[event.kind]} - {NEWS.name}
        ]
        async with self.door.transaction(RELAY) as tx:
            if rows:
                await tx.fetch(LATER, of_tenant=self.tenant, rows=rows)
            if rows and failed:
                await tx.fetch(self.queue.hand, **self.same, ids=failed, step=RELEASED)
            if done:
                await tx.fetch(self.queue.done, **self.same, ids=done)

    async def _fail(self, event_id: str, reason: str, attempt: int) -> None:
        dead = attempt >= ATTEMPTS
        pause = timedelta(seconds=min(2 ** (attempt - 1), LONGEST_PAUSE))
        await self._write(self.queue.fail, [event_id], error=reason, pause=pause, dead=dead)
        what = {"tenant": self.tenant, "lane": self.lane.name, "event_id": event_id, "error": reason}
        if not dead:
            self.telemetry.log.warning("event_failed", attempt=attempt, **what)
            return
        self.telemetry.log.error("dead_letter", attempt=attempt, **what)
        if DEAD_LETTER in self.subscribers:
            await self._tell()

    async def _tell(self) -> None:
        """The tenant's administrators, once a day: something of theirs does not arrive and an operator must look."""
        now = clock.now()
        async with self.door.transaction(tenant_scope(self.tenant)) as tx:
            emit(
                tx,
                tenant=self.tenant,
                kind=DEAD_LETTER,
                recipients=[Recipient(self.tenant, "administrator")],
                snapshot={
                    "subject": {"name": "平台内部投递", "owner_name": ""},
                    "message": "有事项的后续通知或处理多次未成，已停止自动重试；请联系平台运维人员处理。",
                },
                trace_id="",
                now=now,
                once=stable_id("dead_letter", self.tenant, f"{now:%Y-%m-%d}"),
            )

    async def _write(self, statement: Any, ids: list[str], **more: Any) -> list[Row]:
        return await self.door.fetch(RELAY, statement, **self.same, ids=ids, **more)


def _event(tenant: str, row: Row) -> Event:
    recipients = msgspec.convert(row["recipients"], list[Recipient])
    return Event(
        row["id"],
        tenant,
        row["kind"],
        recipients,
        row["snapshot"],
        row["trace_id"],
        row["created_at"],
        row["traceparent"],
    )


async def _hand(door: Door, one: Subscriber, tenant: str, events: list[Event], patience: float) -> str | None:
    """One transaction of the recipient; None, or why it did not come about."""
    deadline = asyncio.timeout(patience)
    try:
        async with door.transaction(tenant_scope(tenant)) as tx, deadline:
            await one.run(tx, tenant, events)
            await tx.flush()
    except TimeoutError:
        if not deadline.expired():
            raise  # the database's connections are all in use, or it does not answer
        return f"{one.name}: timeout"
    except Exception as error:
        # The database is away: nobody's fault, the lease runs out and the events come again. But an internal error of
        # the server may be this event's own, each time anew.
        if away(error) and not isinstance(error, asyncpg.InternalServerError):
            raise
        state = getattr(error, "sqlstate", None) or getattr(error, "code", "")
        return f"{one.name}: {type(error).__name__} {state}".strip()[:200]
    return None


async def revive(door: Door) -> int:
    """Gives dead letters one more attempt: called when a worker starts, since whatever was wrong may be mended.

    Only those that have lain for an hour, so that one that ends the worker cannot end it again and again.
    """
    return sum([len(await door.fetch(RELAY, each, attempts=ATTEMPTS - 1)) for each in REVIVE])


async def sweep(door: Door, ring: Callable[[str], None], telemetry: Telemetry) -> None:
    """Rings for every tenant with due events: what a lost ring, a killed worker or a backoff left behind."""
    rows = await door.fetch(RELAY, WAITING)
    lag = max((row["late"].total_seconds() for row in rows), default=0.0)
    telemetry.gauge("tongjian_outbox_lag_seconds", "How long the longest waiting event has been due", lag)
    for row in rows:
        ring(row["tenant_id"])
    (dead,) = await door.fetch(RELAY, DEAD)
    oldest = 0.0 if dead["oldest"] is None else max(0.0, dead["oldest"].total_seconds())
    telemetry.gauge(
        "tongjian_outbox_oldest_seconds", "Age of the oldest event that has not reached all", oldest
    )
    telemetry.gauge("tongjian_dead_letters", "Events that were given up and wait for an operator", dead["n"])
