"""Keeps obligations: after every event of a case, and every day for what changes by time alone."""

from __future__ import annotations

from collections.abc import Collection, MutableMapping, Sequence
from datetime import date, datetime, timedelta

from service.event_kinds import ABOUT_CASES
from service.kit import clock
from service.kit.clock import legal_day
from service.kit.db import RELAY, Door, Tx, tenant_scope
from service.kit.errors import ServiceError
from service.kit.ids import NIL, Ref, parse_ref
from service.kit.outbox import Event, Recipient, emit
from service.kit.relay import Subscriber
from service.kit.telemetry import Telemetry
from service.obligations.counting import count_all, uncount, verify
from service.obligations.current import look
from service.obligations.deriving import calendar, refresh
from service.obligations.queries import ALL_CASES, LATE, TENANTS, UNSEEN, YEARS
from service.obligations.reminding import Moment, remind
from service.obligations.statements import ALARM, FORGET_ORPHANS, FORGET_OWED
from service.obligations.watching import verify_watched, watch_all
from service.projects.submission import PROVINCE

BATCH = 100
HORIZON_DAYS = 90  # the calendar should reach further than this


def case_of(event: Event) -> Ref | None:
    """The case an event tells of."""
    try:
        return parse_ref(str((event.snapshot.get("project") or {}).get("id")))
    except ServiceError:
        return None


def _tenants(event: Event) -> Collection[str]:
    ref = case_of(event)
    return () if ref is None else (ref.tenant,)


async def _follow(tx: Tx, tenant: str, events: Sequence[Event]) -> None:
    """Derives anew for the cases the events tell of."""
    now = clock.now()
    ids = {ref.id for ref in map(case_of, events) if ref is not None}
    await keep(tx, tenant, sorted(ids), now, f"obligations:{events[0].id}")


async def keep(tx: Tx, tenant: str, ids: Sequence[str], now: datetime, trace_id: str) -> int:
    """Obligations of the cases as of now, and the reminders that belong to the day; the number of reminders."""
    today = legal_day(now)
    derived = await refresh(tx, tenant, ids, today)
    return await remind(tx, tenant, derived, await calendar(tx), Moment(now, today, trace_id))


follow = Subscriber("obligations", _tenants, _follow)
SUBSCRIBERS = [(follow, ABOUT_CASES)]


async def sweep(door: Door, telemetry: Telemetry, looked: MutableMapping[str, date]) -> int:
    """Looks once a day at every case that may owe something; returns how many. `looked`: tenants done with.

    Only what this worker has not finished is asked for again; another worker's work is found done.
    """
    now = clock.now()
    today, count = legal_day(now), 0
    failed: list[Exception] = []
    for row in await door.fetch(RELAY, TENANTS):
        tenant = row["tenant_id"]
        if looked.get(tenant) == today:
            continue
        try:
            count += await _sweep_tenant(door, tenant, now)
            # What an act left behind while it looked, too: no reading need look so far.
            await look(door, tenant, today)
            await _count(door, tenant, today, telemetry)
            await _tell_late(door, tenant, today, telemetry)
            looked[tenant] = today
        except Exception as error:  # one tenant's trouble is not the others'
            telemetry.log.warning("obligations_not_looked_at", tenant=tenant, error=type(error).__name__)
            failed.append(error)
    await watch_horizon(door, telemetry, now)
    if failed:
        raise failed[0]
    return count


async def _tell_late(door: Door, tenant: str, today: date, telemetry: Telemetry) -> None:
    row = await door.row(tenant_scope(tenant), LATE, tenant_id=tenant, today=today)
    late = 0 if row is None else row["late"]
    telemetry.gauge(
        "tongjian_obligations_late", "Duties that are late, as of the day's look", late, tenant=tenant
    )


async def _count(door: Door, tenant: str, today: date, telemetry: Telemetry) -> None:
    """Counts what is in no totals yet, and holds the totals against the rows; what is wrong is counted anew."""
    await count_all(door, tenant)
    await watch_all(door, tenant)
    wrong = await verify(door, tenant, today) + await verify_watched(door, tenant)
    telemetry.gauge(
        "tongjian_duty_totals_wrong",
        "Running totals of duties and declarations that were wrong at the day's look",
        wrong,
        tenant=tenant,
    )


async def _sweep_tenant(door: Door, tenant: str, now: datetime) -> int:
    today, count, after = legal_day(now), 0, NIL
    async with door.transaction(tenant_scope(tenant)) as tx:
        await tx.fetch(FORGET_ORPHANS, tenant_id=tenant)
    while True:
        async with door.transaction(tenant_scope(tenant)) as tx:
            rows = await tx.fetch(UNSEEN, tenant_id=tenant, today=today, after=after, limit=BATCH)
            await keep(tx, tenant, [row["id"] for row in rows], now, f"obligations:{tenant}:{today}")
        count += len(rows)
        if len(rows) < BATCH:
            return count
        after = rows[-1]["id"]


async def rebuild(door: Door, tenant: str, now: datetime) -> int:
    """Deletes what is owed and derives it anew, reminding of nothing; the same rows come of it."""
    today, count = legal_day(now), 0
    async with door.transaction(tenant_scope(tenant)) as tx:
        await uncount(tx, tenant)
        await tx.fetch(FORGET_OWED, tenant_id=tenant)
        rows = await tx.fetch(ALL_CASES, tenant_id=tenant)
        ids = [row["id"] for row in rows]
        for start in range(0, len(ids), BATCH):
            count += len(await refresh(tx, tenant, ids[start : start + BATCH], today))
    return count


async def watch_horizon(door: Door, telemetry: Telemetry, now: datetime) -> None:
    """The calendar's last day as a metric; once a week the province's office is told when it comes near.

    Administrators have no inbox: they see it in GET /calendar.
    """
    today = legal_day(now)
    rows = await door.fetch(RELAY, YEARS)
    last = horizon([row["year"] for row in rows], today)
    left = (last - today).days
    telemetry.gauge("tongjian_calendar_horizon_days", "Days until the calendar's last covered day", left)
    if left >= HORIZON_DAYS:
        return
    year, week, _ = today.isocalendar()
    async with door.transaction(tenant_scope(PROVINCE)) as tx:
        period = f"{year}-W{week:02d}"
        if not await tx.fetch(ALARM, tenant_id=PROVINCE, name="calendar_horizon", period=period, at=now):
            return
        message = f"工作日历只到{last.isoformat()}，还有{left}天；请导入下一年度节假日安排，否则提醒可能落在节假日。"
        desks = [Recipient(PROVINCE, "office")]
        emit(
            tx,
            tenant=PROVINCE,
            kind="calendar.horizon",
            recipients=desks,
            snapshot={
                "subject": {"id": "calendar", "name": "工作日历", "owner_name": "本系统"},
                "message": message,
                "horizon": last.isoformat(),
            },
            trace_id=f"obligations:{period}",
            now=now,
        )


def horizon(years: Collection[int], today: date) -> date:
    """The last day up to which, from today's year on, every year has been entered; yesterday's year's end if none."""
    year = today.year
    while year in years:
        year += 1
    return date(year, 1, 1) - timedelta(days=1)
