"""Art. 41: who supervises what, when an order has lapsed, and who may act on it (art. 4 parts the duties)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from service.measures.offices import Tier
from service.measures.organs import ROLES, THREE, Slot, slot_of
from service.vocabulary import names

AREAS: Mapping[str, str] = names("order_area")
# Art. 4: each organ within its duties; arts 27, 32, 40 give the three organs building, acceptance and evaluation.
DUTIES: Mapping[Slot, tuple[str, ...]] = {
    Slot.GENERAL_OFFICE: ("construction", "procurement", "data_sharing", "evaluation", "filing"),
    Slot.DRC: ("construction", "procurement", "evaluation"),
    Slot.FINANCE: ("funds", "procurement", "evaluation"),
    Slot.CYBER: ("network_security",),
    Slot.PUBLIC_SECURITY: ("network_security",),
    Slot.CRYPTO: ("cryptography",),
    Slot.DATA: ("data_sharing",),
    Slot.SECRECY: ("secrecy",),
    Slot.ARCHIVES: ("archives",),
    Slot.AUDIT: ("construction", "procurement", "funds"),
}


def organ_for(tier: Tier, roles: Collection[str], area: str) -> Slot | None:
    """The organ among the actor's own whose duties include the area (art. 4), or None.

    Filings go to the leading group's office (art. 23): its office asks for them, no city's does.
    """
    if area == "filing" and tier is not Tier.PROVINCE:
        return None
    for slot in slot_of(tier, tuple(roles)):
        if area in DUTIES.get(slot, ()):
            return slot
    return None


def organ_name(tier: Tier, slot: Slot) -> str:
    """How an order names its organ in the facts: "city.secrecy"."""
    return f"{tier.value}.{slot.value}"


def organs_of(tier: Tier, roles: Collection[str]) -> frozenset[str]:
    """All organs a person acts for."""
    return frozenset(organ_name(tier, slot) for slot in slot_of(tier, tuple(roles)))


def organs_named(names: Collection[str]) -> frozenset[str]:
    """All organs that "tier.role" names act for."""
    found: set[str] = set()
    for name in names:
        tier, _, role = name.partition(".")
        if tier in _WITH_ORGANS:
            found |= organs_of(Tier(tier), (role,))
    return frozenset(found)


_WITH_ORGANS = frozenset(tier.value for tier in ROLES)
_HEADS = frozenset(organ_name(tier, slot) for tier in Tier if tier is not Tier.COUNTY for slot in THREE)


def may_enforce(order: Mapping[str, Any], tier: Tier, roles: Collection[str]) -> bool:
    """Art. 41: measures are taken by the organ that ordered, or by one of the three that decide on projects."""
    return enforces(order, organs_of(tier, roles))


def enforces(order: Mapping[str, Any], organs: frozenset[str]) -> bool:
    """The same of organs by name."""
    return order.get("by") in organs or bool(organs & _HEADS)


def taken_by(order: Mapping[str, Any], tier: Tier, roles: Collection[str]) -> str:
    """Whose a measure is: the organ's whose order lapsed; the province's own where it acts on a city's order."""
    ordered = str(order["by"])
    if tier is not Tier.PROVINCE or ordered.startswith(f"{tier.value}."):
        return ordered
    return next(organ_name(tier, slot) for slot in THREE if ROLES[tier][slot] in roles)


def undoes(measure: Mapping[str, Any], organs: frozenset[str]) -> bool:
    """Art. 41: a measure is ended by the organ whose it is, or one of the three, of its own tier or the province's;
    what the province has stopped, no city lets go on."""
    own = str(measure.get("by", "")).partition(".")[0]
    heads = {head for head in _HEADS if head.partition(".")[0] in (own, Tier.PROVINCE.value)}
    return measure.get("by") in organs or bool(organs & heads)


def lapsed(order: Mapping[str, Any], on: date) -> bool:
    """Art. 41: not rectified by its day (the day itself still counts), or rectified in vain.

    Who answered in time has not lapsed while the organ has yet to look.
    """
    told = order.get("answered_on")
    return bool(order.get("failed")) or date.fromisoformat(order["due"]) < (
        date.fromisoformat(told) if told else on
    )
