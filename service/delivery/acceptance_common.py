"""What the deeds of acceptance, evaluation and orders share: tiers, desks, days."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from service.kit.errors import FieldError, invalid
from service.kit.outbox import Recipient
from service.measures.lifecycle import procedure_of
from service.measures.offices import Tier
from service.measures.organs import ROLES, THREE, Slot, deciding_tier
from service.projects.case import Case
from service.projects.deeds import Desk
from service.projects.phases import fact_day, not_after, not_before, tier_desks


def plain(value: Any) -> Any:
    """A struct as JSON-ready values for a record."""
    return msgspec.to_builtins(value)


def told_by(desk: Desk, day: date, what: str, article: int) -> None:
    """What is reported has happened."""
    not_after(day, desk.today, "/on", what, article=article)


def after_confirmed(desk: Desk, day: date, what: str) -> None:
    """Art. 30: what is accepted was confirmed before; an acceptance of an earlier day was of what nobody confirmed."""
    for name in ("data_confirmed", "crypto_confirmed"):
        not_before(day, fact_day(desk.case, name), "/on", f"{what}（两项确认之后）", article=30)


def accepting_tier(case: Case) -> Tier:
    """Art. 32: cities accept their projects, also those that the province's leading group decided on."""
    return Tier.PROVINCE if case.declarer is Tier.PROVINCE else Tier.CITY


def judging_tier(case: Case) -> Tier:
    """Whose organs decide on the case (R5)."""
    procedure = procedure_of(case.route, case.declarer)
    return Tier.CITY if procedure is None else deciding_tier(procedure)


def three_desks(case: Case, tier: Tier) -> list[Recipient]:
    """General office, DRC and finance of a tier (arts 32, 40)."""
    return tier_desks(case, tier, *(ROLES[tier][slot] for slot in THREE))


def desk_of(case: Case, tier: Tier, slot: Slot) -> list[Recipient]:
    return tier_desks(case, tier, ROLES[tier][slot])


def fault(pointer: str, code: str, detail: str) -> Any:
    """One fault of a body."""
    return invalid([FieldError(pointer, code, detail)])
