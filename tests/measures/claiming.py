"""A declaration with claims of its own, decided as the service decides it."""

from __future__ import annotations

from datetime import date
from typing import Any

from service.measures.answers import Paper
from service.measures.claims import settled, told
from service.measures.facts import Facts, parse_facts
from service.measures.known import Known
from service.measures.routing import Decision, route
from service.rulebook.loader import base_divisions, base_rulebook
from tests.factories import ANSWERS, NEGATIVE

OWNER = "南昌市政府办公室"
PAPER = Paper("省政府办公厅", "赣府厅字〔2026〕5号", date(2026, 1, 20))
OLD = Paper("省政府", "赣府发〔2023〕8号", date(2023, 3, 1))  # of before every day that is drawn
NOTHING = Known()
BASE: dict[str, Any] = {
    "on": "2026-03-02",
    "declarant": {"tier": "city", "division": "360100"},
    "project_class": "other",
    "kind": "new",
    "investment_yuan": "8000000.00",
    "fiscal_funds": True,
    "classified": False,
    "reuse_check": "checked",
    "negative": NEGATIVE,
    **ANSWERS,
}


def facts(**changes: Any) -> Facts:
    return parse_facts({**BASE, **changes}, base_divisions())


def decided(facts: Facts, known: Known = NOTHING, *, entry: bool = False) -> Decision:
    counted = settled(facts, known, OWNER, entry=entry)
    return told(route(counted, base_rulebook(), facts.on, owner=OWNER), facts, known, OWNER, entry=entry)
