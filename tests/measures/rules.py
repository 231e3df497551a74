"""By which the tests of single rules ask: what is decided, what is refused, which gate shut."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from service.measures.facts import Facts, parse_facts
from service.measures.gates import GatedCase
from service.measures.lifecycle import Action, Holder, NotAllowed, Refusal, State, step
from service.measures.local_checks import LocalCheck
from service.measures.offices import Divisions, Tier
from service.measures.parameters import RuleBook
from service.measures.routing import Decision, route

ON = date(2026, 3, 2)
RECORDED = datetime(2026, 3, 1, tzinfo=UTC)
# Two checks of a city's own (art. 5).
CHECKS = [
    LocalCheck("local_cloud", "notice", "是否接入市级平台"),
    LocalCheck("local_staff", "in_principle", "运维人员", ("new", "expand"), 450_000_000),
]
CITY, REVIEW = "city_filing", "provincial_review"


def decided(plain: dict[str, Any], book: RuleBook, divisions: Divisions, **changes: Any) -> Decision:
    facts = parse_facts(plain | changes, divisions)
    assert isinstance(facts, Facts)
    return route(facts, book, ON)


def refused(
    state: State,
    action: Action,
    role: str,
    holder: Holder,
    facts: Mapping[str, Any] = {},
    *,
    way: str = REVIEW,
    tier: Tier = Tier.CITY,
    on: date = ON,
) -> NotAllowed | None:
    try:
        step(
            state,
            action,
            route=way,
            declarer_tier=tier,
            holder=holder,
            roles=[role],
            gated=GatedCase(on, facts),
        )
    except NotAllowed as refusal:
        return refusal
    return None


def shut_by(refusal: NotAllowed | None, article: int) -> bool:
    return refusal is not None and refusal.reason is Refusal.GATE_SHUT and refusal.article == article


def codes(decision: Decision) -> set[str]:
    return {finding.code for finding in decision.findings}
