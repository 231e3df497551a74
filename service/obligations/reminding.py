"""Reminders: on working days, once each, to whoever has the duty; after the lapse also to who supervises them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.kit.db import Row, Tx
from service.kit.ids import Ref
from service.kit.outbox import Recipient, emit
from service.measures.deadlines import TITLES, Calendar, Duty, Obligation, Status, reminder_due
from service.measures.duties import ALSO_TOLD
from service.measures.offices import Tier
from service.obligations.deriving import Derived
from service.obligations.statements import REMIND
from service.obligations.texts import ADVICE, ground, told
from service.projects.submission import PROVINCE

AT_ONCE = 50  # reminders to a statement: one statement holds some 1600 rows, and a year's end brings more


@dataclass(frozen=True)
class Moment:
    """When reminders are given: the instant, its legal day, and what the trail names as their cause."""

    now: datetime
    today: date
    trace_id: str


def home(tier: Tier, tenant: str) -> str:
    """The tenant of a tier's desks."""
    return PROVINCE if tier is Tier.PROVINCE else tenant


def desks_of(duty: Duty, case: Row) -> list[Recipient]:
    """Whose inbox: the owner's office (and the portal that declares for a city), or the organ's desks."""
    tenant, office = case["tenant_id"], case["office_id"]
    if not duty.of_owner:
        return [Recipient(home(duty.tier, tenant), role) for role in duty.roles]
    if duty.tier is Tier.PROVINCE:
        return [Recipient(tenant, "department", office)]
    return [Recipient(tenant, "unit", office), Recipient(tenant, "portal")]


async def remind(tx: Tx, tenant: str, derived: Sequence[Derived], calendar: Calendar, at: Moment) -> int:
    """Gives what is to be given today and has not been; a row per reminder makes it once, whoever repeats this."""
    wanted: dict[tuple[str, str], tuple[Row, Obligation]] = {}
    for each in derived:
        for row_id, owed in each.owed.items():
            point = reminder_due(owed, calendar, at.today)
            if point is not None:
                wanted[row_id, point] = (each.case, owed)
    if not wanted:
        return 0
    rows = [
        {
            "tenant_id": tenant,
            "office_id": case["office_id"],
            "obligation_id": row_id,
            "due": owed.due,
            "point": point,
            "given_on": at.today,
        }
        for (row_id, point), (case, owed) in sorted(wanted.items(), key=lambda item: item[0])
    ]
    fresh = await tx.fetch(REMIND, of_tenant=tenant, rows=rows)
    for number, row in enumerate(fresh, 1):
        case, owed = wanted[row["obligation_id"], row["point"]]
        _tell(tx, case, owed, row["obligation_id"], at)
        if number % AT_ONCE == 0:
            await tx.flush()
    return len(fresh)


def _tell(tx: Tx, case: Row, owed: Obligation, row_id: str, at: Moment) -> None:
    desks = desks_of(owed.duty, case)
    snapshot = _snapshot(case, owed, row_id, at.today)
    late = owed.status is Status.LAPSED
    steps = {desk.role: ADVICE[owed.code] for desk in desks}
    _emit(
        tx,
        case,
        "obligation.lapsed" if late else "obligation.reminder",
        desks,
        {**snapshot, "steps": steps},
        at,
    )
    if late:
        tier = owed.duty.supervisor
        above = [Recipient(home(tier, case["tenant_id"]), "supervisor"), *_also(case, owed)]
        steps = dict.fromkeys((desk.role for desk in above), "请督促责任方办理，或了解逾期原因。")
        _emit(tx, case, "obligation.escalated", above, {**snapshot, "steps": steps}, at)


def _also(case: Row, owed: Obligation) -> list[Recipient]:
    """Who else hears of this lapse."""
    owner = Duty(Tier(case["tier"]))
    found = [desk for duty in ALSO_TOLD.get(owed.code, ()) for desk in desks_of(duty or owner, case)]
    return [desk for desk in found if desk not in desks_of(owed.duty, case)]


def _emit(tx: Tx, case: Row, kind: str, desks: list[Recipient], snapshot: dict[str, Any], at: Moment) -> None:
    emit(
        tx,
        tenant=case["tenant_id"],
        kind=kind,
        recipients=desks,
        snapshot=snapshot,
        trace_id=at.trace_id,
        now=at.now,
    )


def _snapshot(case: Row, owed: Obligation, row_id: str, today: date) -> dict[str, Any]:
    basis = owed.basis.value
    return {
        "project": {
            "id": str(Ref(case["tenant_id"], case["id"])),
            "tenant": case["tenant_id"],
            "external_ref": case["external_ref"],
            "name": case["name"],
            "owner_name": case["owner_name"],
            "owner_office_id": case["office_id"],
            "state": case["state"],
            "route": case["route"],
        },
        "obligation": {
            "id": str(Ref(case["tenant_id"], row_id)),
            "code": owed.code,
            "title": TITLES[owed.code],
            "due": owed.due.isoformat(),
            "state": owed.status.value,
            "article": owed.article,
            "basis": basis,
            "ground": ground(owed.article, basis, owed.amended_by),
            "amended_by": list(owed.amended_by),
        },
        "message": told(owed, today),
    }
