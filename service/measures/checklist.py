"""What is handed in, slot by slot: with a declaration (art. 15), at the end of the building (art. 30), in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.measures.facts import Kind
from service.vocabulary import names

BUILD = frozenset(Kind) - {Kind.MAINTAIN}
MAINTENANCE = frozenset({Kind.MAINTAIN})
ALL = frozenset(Kind)
_NONE: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a checklist. `needed`: the kinds of project that must fill it; `phase` tells with what."""

    key: str
    name: str
    article: int
    phase: str
    needed: frozenset[Kind]


def _slots(phase: str, article: int, *rows: tuple[str, frozenset[Kind]]) -> list[Slot]:
    return [Slot(key, names("material_slot")[key], article, phase, needed) for key, needed in rows]


SLOTS: Mapping[str, Slot] = {
    slot.key: slot
    for slot in [
        *_slots(
            "declaration", 15,
            ("resolution", ALL),
            ("basics", ALL),
            ("technical_plan", BUILD),
            ("maintenance_plan", MAINTENANCE),
            ("funding_source", ALL),
        ),
        *_slots(
            "declaration", 11,
            ("sharing_plan", BUILD),
            ("sharing_exemption_basis", _NONE),
        ),
        *_slots("declaration", 25, ("crypto_plan", BUILD)),
        *_slots(
            "declaration", 15,
            ("intensive_plan", BUILD),
            ("security_plan", BUILD),
            ("protection_plan", BUILD),
            ("safe_products_plan", BUILD),
            ("work_secrets_plan", _NONE),
        ),
        *_slots("declaration", 16, ("priority_evidence", _NONE)),
        *_slots("declaration", 19, ("deployment_basis", _NONE)),
        *_slots("declaration", 17, ("previous_acceptance", _NONE)),
        *_slots("declaration", 23, ("featured_scenario_basis", _NONE)),
        *_slots(
            "declaration", 12,
            ("cross_level_basis", _NONE), ("participants_basis", _NONE),
        ),
        *_slots("review", 12, ("framework", _NONE)),
        *_slots("review", 18, ("appraisal_report", _NONE)),
        *_slots("review", 19, ("joint_review_opinion", _NONE)),
        *_slots("review", 9, ("affordability_report", _NONE)),
        *_slots("review", 20, ("approval", _NONE), ("budget", _NONE)),
        *_slots(
            "building", 24,
            ("procurement", _NONE), ("contract", _NONE), ("regime", _NONE),
        ),
        *_slots("building", 25, ("certificate", _NONE)),
        *_slots("building", 26, ("supervision", _NONE)),
        *_slots("building", 27, ("performance_report", _NONE)),
        *_slots(
            "acceptance", 30,
            ("summary", BUILD),
            ("data_report", BUILD),
            ("data_confirmation", BUILD),
            ("safe_products", BUILD),
            ("financial_report", BUILD),
            ("audit_report", BUILD),
            ("test_report", BUILD),
            ("risk_assessment", BUILD),
            ("work_secret_check", _NONE),
            ("crypto_assessment", BUILD),
            ("secrecy_assessment", BUILD),
            ("archives_acceptance", BUILD),
            ("acceptance_opinion", _NONE),
        ),
        *_slots("after", 40, ("self_evaluation", _NONE)),
        *_slots("after", 41, ("rectification", _NONE)),
        *_slots("after", 39, ("other", _NONE)),
    ]
}  # fmt: skip
