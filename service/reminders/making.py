"""Makes messages: at once for what came, within each person's budget; on working days at his hour, the day's summary.

A message is made in one transaction with the mark on what it tells of, so that it is made once, whoever repeats it.
What comes beyond the budget waits and is told in one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from service.kit import clock
from service.kit.asking import Asker
from service.kit.call import Services
from service.kit.clock import SHANGHAI, legal_day
from service.kit.db import RELAY, Door, Row, Tx, tenant_scope
from service.kit.ids import stable_id
from service.measures.deadlines import Calendar
from service.obligations.deriving import calendar
from service.province import CODE
from service.reminders import words
from service.reminders.queries import (
    DAY_DONE,
    ENDED,
    FORGET,
    MESSAGE,
    OWED,
    PERSON,
    STILL_OWED,
    TAKE_MARKS,
    TENANTS_WITH,
)
from service.reminders.reaching import known_roles, principal_of
from service.reminders.words import Waiting
from service.tasks.counting import MOST_COUNTED, sums
from service.tasks.desks import desks_of

AT_ONCE = 200  # people looked at in a run; the next one is seconds away
GOOD_FOR = timedelta(hours=12)  # what could not be sent by then is not news any more


class Moment(NamedTuple):
    """When messages are made: the day, whether it is a working day, the hour in Jiangxi, and the budget of an hour."""

    now: datetime
    today: date
    working: bool
    hour: int
    budget: int

    @property
    def asked(self) -> dict[str, Any]:
        return {"today": self.today, "working": self.working, "hour": self.hour, "budget": self.budget}


class Maker(NamedTuple):
    """What making needs. `services`: by which somebody's queues are counted, with a door of its own."""

    door: Door
    services: Services
    budget: int
    link: str
    sandbox: bool

    async def run(self) -> int:
        """Everybody to whom something is owed now; returns how many messages were made."""
        at = await self._moment()
        made = 0
        for row in await self.door.fetch(RELAY, OWED, limit=AT_ONCE, **at.asked):
            made += await self._owed_to(row["tenant_id"], str(row["user_id"]), at)
        return made

    async def _moment(self) -> Moment:
        now = clock.now()
        today = legal_day(now)
        days = await _calendar(self.door)
        return Moment(now, today, days.works(today), now.astimezone(SHANGHAI).hour, self.budget)

    async def _owed_to(self, tenant: str, user: str, at: Moment) -> int:
        scope = tenant_scope(tenant)
        who = {"of_tenant": tenant, "user": user}
        person = await self.door.row(scope, PERSON, **who)
        counted = None if person is None else await self._counted(person, at)
        async with self.door.transaction(scope) as tx:
            row = await tx.row(STILL_OWED, **who, **at.asked)
            if row is None or person is None:
                return 0
            if person["disabled_at"] is not None:
                await tx.fetch(FORGET, **who)
                return 0
            return await self._told(tx, row, counted, at)

    async def _told(self, tx: Tx, row: Row, counted: Waiting | None, at: Moment) -> int:
        """The message with what it tells of; nothing where the person may not come in, or nothing is to be told."""
        who = {"of_tenant": row["tenant_id"], "user": str(row["user_id"])}
        purpose = row["mode"]
        key = at.today.isoformat() if purpose == "digest" else at.now.isoformat()
        message = stable_id("reminder", purpose, row["tenant_id"], who["user"], key)
        new = [each["kind"] for each in await tx.fetch(TAKE_MARKS, **who, message=message)]
        if purpose == "digest":
            await tx.fetch(DAY_DONE, **who, today=at.today)
        body = "" if counted is None else self._body(purpose, counted, new)
        if not body:
            return 0
        tx.batch.add(
            MESSAGE,
            expect=None,
            tenant_id=row["tenant_id"],
            id=message,
            user_id=who["user"],
            purpose=purpose,
            channel=row["channel"],
            address=row["address"],
            good_for=GOOD_FOR,
            body=words.whole(body, self.link, sandbox=self.sandbox),
        )
        return 1

    @staticmethod
    def _body(purpose: str, counted: Waiting, new: Sequence[str]) -> str:
        if purpose == "digest":
            return words.digest(counted, new)
        return words.at_once(counted, new) if new else ""

    async def _counted(self, person: Row, at: Moment) -> Waiting | None:
        """What waits for the person, at his own desks and those he stands at; None for whoever may not come in."""
        principal = principal_of(person, known_roles())
        if principal is None:
            return None
        desks = desks_of(Asker(principal, self.services, at.now))
        rows = await sums(self.services.door, principal, desks)
        return Waiting(
            number=sum(min(row["count"], MOST_COUNTED) for row in rows),
            today=sum(row["today"] for row in rows),
            late=sum(row["late"] for row in rows),
            capped=any(row["count"] > MOST_COUNTED for row in rows),
        )


async def _calendar(door: Door) -> Calendar:
    async with door.transaction(tenant_scope(CODE)) as tx:
        return await calendar(tx)


async def forget_ended(door: Door) -> int:
    """The settings of whoever was disabled go, and what was counted of whoever stopped; returns how many."""
    gone, today = 0, legal_day(clock.now())
    for row in await door.fetch(RELAY, TENANTS_WITH):
        async with door.transaction(tenant_scope(row["tenant_id"])) as tx:
            gone += len(await tx.fetch(ENDED, of_tenant=row["tenant_id"], today=today))
    return gone
