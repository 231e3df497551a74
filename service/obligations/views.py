"""Rows as answers, and whose they are."""

from __future__ import annotations

from datetime import date
from typing import Any

from service.kit.authn import Principal
from service.kit.db import Row
from service.kit.ids import Ref
from service.kit.roles import Roles
from service.kit.rows import of_row
from service.measures.deadlines import HALT_NAMES, TITLES, Duty, Halt
from service.measures.duties import desks_of
from service.measures.offices import Tier
from service.obligations.schemas import DutyView, ObligationView, PauseView
from service.obligations.texts import ground

# Who sees what is due in the whole of their reach; the others see what they have to do themselves.
OVERSEEING = frozenset(
    {
        "office",
        "drc",
        "finance",
        "supervisor",
        "auditor",
        "gatekeeper",
        "approver",
        "portal",
        "unit",
        "department",
    }
)


def oversees(principal: Principal) -> bool:
    """Whether the caller sees other desks' duties too."""
    return not OVERSEEING.isdisjoint(principal.roles)


def mine(principal: Principal) -> dict[str, Any]:
    """The filter of the caller's own duties: the owners' for who declares, the desk's for organs.

    Who declares for all offices reads the owners of each tier as a desk, whose duties an index has in order.
    """
    if principal.office is not None:
        return {"owner": True}
    if "portal" in principal.roles:
        return {"desks": [Duty(tier).desk for tier in Tier]}
    return {"desks": desks_of(principal.tier, principal.roles)}


def _duty(duty: Duty, roles: Roles, owner: str) -> DutyView:
    if duty.of_owner:
        return DutyView("owner", duty.tier.value, [], owner)
    names = [roles.names[duty.tier.value, role] for role in duty.roles]
    return DutyView("organ", duty.tier.value, list(duty.roles), "、".join(names))


def view(row: Row, today: date, roles: Roles) -> ObligationView:
    """A row of the list as an answer."""
    duty = Duty(Tier(row["duty_tier"]), tuple(row["duty_roles"]))
    above = Duty(duty.supervisor, ("supervisor",))
    pauses = [
        PauseView(
            each["reason"],
            HALT_NAMES[Halt(each["reason"])],
            date.fromisoformat(each["since"]),
            date.fromisoformat(each["until"]) if each["until"] else None,
            each["article"],
        )
        for each in row["pauses"]
    ]
    return of_row(
        ObligationView,
        row,
        id=str(Ref(row["tenant_id"], row["id"])),
        title=TITLES[row["code"]],
        project_id=str(Ref(row["tenant_id"], row["project_id"])),
        owner_office_id=row["office_id"],
        tenant=row["tenant_id"],
        days_left=(row["due"] - today).days,
        ground=ground(row["article"], row["basis"], row["amended_by"]),
        duty=_duty(duty, roles, row["owner_name"]),
        escalates_to=_duty(above, roles, row["owner_name"]),
        pauses=pauses,
        late=row["state"] == "lapsed" or bool(row["done_on"] and row["done_on"] > row["due"]),
    )
