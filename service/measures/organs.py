"""The organs of art. 4 and who stands in their place in a city (art. 5, reading R5).

One code runs review, delivery and acceptance for both tiers: it asks here which role holds a slot.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from service.measures.lifecycle_states import Procedure
from service.measures.offices import Tier
from service.vocabulary import names


class Slot(StrEnum):
    """A power of art. 4, 18-20, 30, 32, 36 or 40, whoever holds it in a tier."""

    GENERAL_OFFICE = "general_office"
    DRC = "drc"
    FINANCE = "finance"
    LEADING_GROUP = "leading_group"
    AGENCY = "agency"
    INFO_CENTRE = "info_centre"
    CYBER = "cyber"
    PUBLIC_SECURITY = "public_security"
    CRYPTO = "crypto"
    DATA = "data"
    SECRECY = "secrecy"
    ARCHIVES = "archives"
    AUDIT = "audit"


SLOT_NAMES: Mapping[Tier, Mapping[Slot, str]] = {
    tier: {slot: names("organ")[f"{tier.value}.{slot.value}"] for slot in Slot}
    for tier in (Tier.PROVINCE, Tier.CITY)
}

_PROVINCE: Mapping[Slot, str] = {
    Slot.GENERAL_OFFICE: "office",
    Slot.DRC: "drc",
    Slot.FINANCE: "finance",
    Slot.LEADING_GROUP: "leading_group_secretary",
    Slot.AGENCY: "agency",
    Slot.INFO_CENTRE: "info_centre",
    Slot.CYBER: "cyber",
    Slot.PUBLIC_SECURITY: "public_security",
    Slot.CRYPTO: "crypto_organ",
    Slot.DATA: "data_office",
    Slot.SECRECY: "secrecy",
    Slot.ARCHIVES: "archives",
    Slot.AUDIT: "auditor",
}
# In a city the desk that gatekeeps stands for the general office, the one that approves for the DRC (R5).
_CITY: Mapping[Slot, str] = {**_PROVINCE, Slot.GENERAL_OFFICE: "gatekeeper", Slot.DRC: "approver"}
ROLES: Mapping[Tier, Mapping[Slot, str]] = {Tier.PROVINCE: _PROVINCE, Tier.CITY: _CITY}

# Arts 14, 18, 19, 32, 40: the three that announce, review, accept and evaluate together.
THREE = (Slot.GENERAL_OFFICE, Slot.DRC, Slot.FINANCE)
# Who may be invited to a joint review (art. 19: together with the departments concerned).
INVITED = (
    Slot.INFO_CENTRE,
    Slot.CYBER,
    Slot.PUBLIC_SECURITY,
    Slot.CRYPTO,
    Slot.DATA,
    Slot.SECRECY,
    Slot.ARCHIVES,
)
# Art. 41: every department supervises within its duties.
SUPERVISING = (*THREE, *(slot for slot in INVITED if slot is not Slot.INFO_CENTRE), Slot.AUDIT)


def deciding_tier(procedure: Procedure) -> Tier:
    """Whose organs decide on a case: the city's on the filing route (R5), the province's otherwise."""
    return Tier.CITY if procedure is Procedure.CITY_FILING else Tier.PROVINCE


@cache
def who(tier: Tier, *slots: Slot) -> tuple[str, ...]:
    """The "tier.role" names that hold the slots in a tier."""
    return tuple(f"{tier.value}.{ROLES[tier][slot]}" for slot in slots)


def slot_of(tier: Tier, roles: tuple[str, ...] | frozenset[str]) -> tuple[Slot, ...]:
    """The slots that bare role names hold in a tier."""
    return tuple(slot for slot, role in ROLES[tier].items() if role in roles)
