"""Sends what is due: taken with a lease, sent, settled; and a breaker per way out, so that nothing waits for one that
is down. Not being answered is no attempt of a message's: it waits until it is no news any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple

from service.kit import clock
from service.kit.db import RELAY, Door, Row, tenant_scope
from service.kit.telemetry import Telemetry
from service.reminders import words
from service.reminders.actions import code_message
from service.reminders.codes import GOOD_FOR, code_of
from service.reminders.queries import DUE, HEALTH, SETTLE, TAKE
from service.reminders.transports import Outcome, Outgoing, Transport

AT_ONCE = 4  # sent at once of one tenant by one way
OPENS_AFTER = 3  # failures in a row that speak of the other side
FIRST_PAUSE, LONGEST_PAUSE = 15.0, 600.0
PAUSES = tuple(timedelta(minutes=each) for each in (1, 5, 15, 60, 180))
WAITING, DEAD = "tongjian_reminders_waiting_seconds", "tongjian_reminders_dead"
PAUSED = "tongjian_reminders_paused"
Key = tuple[str, str]  # tenant, channel


@dataclass
class Breaker:
    """Closed; open after some failures in a row, for a time that doubles; then one message tries. Of one process."""

    clock: Callable[[], float] = clock.monotonic
    failures: int = 0
    until: float = 0.0
    trying: bool = False

    @property
    def open(self) -> bool:
        """Whether nothing is to be sent now."""
        return self.failures >= OPENS_AFTER and (self.trying or self.clock() < self.until)

    def begin(self) -> int:
        """How many may be sent now: one where it is only a trial."""
        if self.failures < OPENS_AFTER:
            return AT_ONCE
        self.trying = True
        return 1

    def note(self, outcomes: list[Outcome]) -> float:
        """What a round says of the other side; returns the seconds until it is asked again, 0 when it answers."""
        self.trying = False
        down = [each for each in outcomes if each.kind == "down"]
        if not down:
            self.failures = 0 if outcomes else self.failures
            return 0.0
        self.failures += 1
        pause = FIRST_PAUSE * 2 ** min(max(self.failures - OPENS_AFTER, 0), 10)
        pause = max(min(pause, LONGEST_PAUSE), *(each.wait for each in down))
        self.until = self.clock() + pause
        return float(pause)


class Settled(NamedTuple):
    """How a message stands after an attempt."""

    outcome: str
    tried: int
    pause: timedelta
    error: str | None


def settled(attempts: int, outcome: Outcome, pause: float) -> Settled:
    """Sent; given up where it was refused or tried often enough; else again later. Pure."""
    if outcome.kind == "sent":
        return Settled("sent", attempts + 1, timedelta(), None)
    if outcome.kind == "down":
        return Settled("pending", attempts, timedelta(seconds=pause), outcome.code)
    tried = attempts + 1
    if outcome.kind == "refused" or tried > len(PAUSES):
        return Settled("dead", tried, timedelta(), outcome.code)
    wait = max(PAUSES[tried - 1], timedelta(seconds=outcome.wait))
    return Settled("pending", tried, wait, outcome.code)


@dataclass
class Sender:
    """On the worker: `round` sends a few of what is due for (tenant, channel)."""

    door: Door
    transports: Mapping[str, Transport]
    telemetry: Telemetry
    secret: str
    patience: float
    sandbox: bool = False
    breakers: dict[str, Breaker] = field(default_factory=dict)

    async def round(self, key: Key) -> bool:
        """Whether there may be more to send at once. No connection is held while the other side is waited for."""
        tenant, channel = key
        transport, breaker = self.transports.get(channel), self.breakers.setdefault(channel, Breaker())
        if transport is None or breaker.open:
            return False
        scope, limit = tenant_scope(tenant), breaker.begin()
        lease = timedelta(seconds=2 * self.patience + 30)
        outcomes: list[Outcome] = []
        try:
            async with self.door.transaction(scope) as tx:
                rows = await tx.fetch(TAKE, of_tenant=tenant, channel=channel, limit=limit, lease=lease)
            good = [row for row in rows if row["stands"] and not row["expired"] and self._current(row)]
            outcomes = list(await asyncio.gather(*(transport.send(self._outgoing(row)) for row in good)))
        finally:
            pause = breaker.note(outcomes)
        by_id = {row["id"]: outcome for row, outcome in zip(good, outcomes, strict=True)}
        async with self.door.transaction(scope) as tx:
            for row in rows:
                done = _judged(row, by_id.get(row["id"]), pause)
                tx.batch.add(
                    SETTLE, expect=None, of_tenant=tenant, of_id=row["id"], leased=row["leased"], **done
                )
                told = {"outcome": done["outcome"], "error": done["error"], "purpose": row["purpose"]}
                self.telemetry.log.info("reminder", tenant=tenant, channel=channel, message=row["id"], **told)
        return len(rows) == limit and not pause

    def _current(self, row: Row) -> bool:
        return bool(row["purpose"] != "code" or code_message(row) == row["id"])

    def _outgoing(self, row: Row) -> Outgoing:
        text = row["body"]
        if row["purpose"] == "code":
            minutes = int(GOOD_FOR.total_seconds() // 60)
            text = words.whole(words.code(code_of(self.secret, row), minutes), "", sandbox=self.sandbox)
        return Outgoing(row["id"], row["address"], words.subject(row["purpose"]), text)

    async def sweep(self, ring: Callable[[Key], None]) -> None:
        """Rings for whatever is due, and tells how it stands."""
        for row in await self.door.fetch(RELAY, DUE):
            ring((row["tenant_id"], row["channel"]))
        rows = {row["channel"]: row for row in await self.door.fetch(RELAY, HEALTH)}
        for channel in self.transports:
            found: Mapping[str, Any] = rows.get(channel) or {}
            breaker = self.breakers.get(channel)
            paused = breaker is not None and breaker.open
            for name, meaning, value in (
                (WAITING, "How old the oldest unsent reminder is", found.get("waiting")),
                (DEAD, "Reminders given up within a day", found.get("dead")),
                (PAUSED, "Whether a way of reminding is not answered", paused),
            ):
                self.telemetry.gauge(name, meaning, float(value or 0), channel=channel)


def _judged(row: Row, outcome: Outcome | None, pause: float) -> dict[str, Any]:
    """What is written of a message; one that nobody wants any more is dropped, one that is late is given up."""
    if outcome is not None:
        return settled(row["attempts"], outcome, pause)._asdict()
    dead = row["stands"] and row["expired"] and row["purpose"] != "code"
    return Settled(
        "dead" if dead else "dropped", row["attempts"], timedelta(), "expired" if row["expired"] else None
    )._asdict()
