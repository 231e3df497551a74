"""What an office has in hand: cases at every desk, made by one of its people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from service.kit.ids import new_id
from tests.conftest import Caller
from tests.identity.conftest import TENANT
from tests.lives import builder

IN_HAND = {  # how far each has come at home, and for how much
    "draft": ("drafted", "4000000.00"),
    "submitted": ("submitted", "4000000.00"),
    "filed": ("approved", "4000000.00"),
    "province": ("gatekept", "9000000.00"),
}


async def lives(who: Caller, as_user: Any) -> dict[str, str]:
    """A draft, a case at the gatekeeper's desk, one filed, one with the province."""
    city = builder(as_user)("city.unit", TENANT)
    office = replace(city, find=lambda tenant, desk: who if desk == city.owner else city.find(tenant, desk))
    found = {}
    for name, (waypoint, amount) in IN_HAND.items():
        case = office.life(name=f"{new_id()[-12:]}系统", facts={"investment_yuan": amount})
        await case.at(waypoint)
        if name == "province":
            await case.hand_over()
        elif name == "filed":
            await case.file("city.gatekeeper")
        found[name] = case.id
    return found
