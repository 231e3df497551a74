"""Routing over all valid facts: total, explained, ordered, monotone in the amount."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from service.measures.amounts import MAX_FEN
from service.measures.citations import article_label
from service.measures.facts import (
    NEGATIVE_KEYS,
    Declarant,
    Facts,
    Kind,
    ProjectClass,
    ReuseCheck,
    parse_facts,
)
from service.measures.findings import Severity
from service.measures.offices import ART_43_KINDS, OfficeKind, Tier
from service.measures.routing import Route, required_reasons, route
from service.rulebook.loader import base_divisions, base_rulebook

# Boundaries in fen come up often, anything else sometimes.
EDGES = [
    limit + step for limit in (450_000_000, 500_000_000, 900_000_000, 1_000_000_000) for step in (-1, 0, 1)
]
amounts = st.sampled_from([0, 1, *EDGES]) | st.integers(0, MAX_FEN)
CODES = {tier: [row.code for row in base_divisions() if row.tier is tier] for tier in Tier}
RANK = {Severity.GATE: 0, Severity.IN_PRINCIPLE: 1, Severity.NOTICE: 2}


@st.composite
def valid_facts(draw: st.DrawFn) -> Facts:
    tier = draw(st.sampled_from(Tier))
    kind = draw(st.sampled_from(Kind))
    investment = draw(amounts)
    share = investment if kind is Kind.MAINTAIN else draw(st.just(0) | st.integers(0, investment))
    maybe = st.none() | st.booleans()
    return Facts(
        on=draw(st.dates(date(2023, 9, 28), date(2040, 12, 31))),
        declarant=Declarant(tier, draw(st.sampled_from(CODES[tier])), draw(st.sampled_from(OfficeKind))),
        project_class=draw(st.sampled_from(ProjectClass)),
        kind=kind,
        investment_fen=investment,
        maintenance_fen=share,
        fiscal_funds=draw(st.booleans()),
        classified=draw(st.sampled_from([False, False, False, True])),
        participating_offices=tuple(draw(st.lists(st.sampled_from(["甲局", "乙局", " ", ""]), max_size=3))),
        cross_level=draw(st.booleans()),
        national_or_provincial_deployment=draw(st.booleans()),
        featured_county_scenario=draw(st.booleans()),
        in_library=draw(st.booleans()),
        previous_project_accepted=draw(maybe),
        negative=tuple(draw(maybe) for _ in NEGATIVE_KEYS),
        reuse_check=draw(st.sampled_from(ReuseCheck)),
    )


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= char <= "\u9fff" for char in text)


@given(valid_facts())
@settings(max_examples=120, deadline=None)
def test_total_and_explained(facts: Facts) -> None:
    decision = route(facts, base_rulebook(), facts.on)
    assert has_chinese(decision.explanation)
    assert list(decision.articles) == sorted(set(decision.articles))
    assert json.loads(json.dumps(decision.as_dict()))["route"] == decision.route.value
    for finding in decision.findings:
        assert finding.article in decision.articles
        assert has_chinese(finding.message)
        assert finding.reading is None or finding.reading in decision.readings
    for reading in decision.readings:
        assert has_chinese(base_rulebook().reading_on(reading, facts.on).text)
    keys = [(RANK[f.severity], f.article, f.item or 0, f.code) for f in decision.findings]
    assert keys == sorted(keys)
    assert len({f.code for f in decision.findings}) == len(decision.findings)
    assert set(required_reasons(decision)) == {
        f.code for f in decision.findings if f.severity is Severity.IN_PRINCIPLE
    }


@given(valid_facts())
@settings(max_examples=120, deadline=None)
def test_base_citations(facts: Facts) -> None:
    decision = route(facts, base_rulebook(), facts.on)
    found = {finding.article for finding in decision.findings}
    if facts.classified:
        expected: set[int] = {14}
        assert decision.route is Route.REFUSED_CLASSIFIED
        assert not decision.inputs
        assert not decision.findings
    elif not facts.fiscal_funds or facts.declarant.office_kind is OfficeKind.OTHER:
        expected = {2}
        assert decision.route is Route.OUT_OF_SCOPE
        assert not decision.findings
    else:
        province = facts.declarant.tier is Tier.PROVINCE
        expected = {13} | ({8} if province else {9, 23}) | found
        expected |= {43} if facts.declarant.office_kind in ART_43_KINDS else set()
        assert decision.in_scope
        assert not (province and decision.route is Route.CITY_FILING)
        assert ("R5" in decision.readings) == (decision.route is Route.CITY_FILING)
    assert set(decision.articles) == expected


@given(valid_facts(), st.integers(0, MAX_FEN))
@settings(max_examples=120, deadline=None)
def test_monotone_in_the_amount(facts: Facts, more: int) -> None:
    """Raising the investment never brings a project back from the province."""
    raised = facts.investment_fen + more
    share = raised if facts.kind is Kind.MAINTAIN else facts.maintenance_fen
    before = route(facts, base_rulebook(), facts.on)
    after = route(replace(facts, investment_fen=raised, maintenance_fen=share), base_rulebook(), facts.on)
    if before.route is Route.PROVINCIAL_REVIEW:
        assert after.route is Route.PROVINCIAL_REVIEW
    assert before.in_scope == after.in_scope


@given(valid_facts())
@settings(max_examples=120, deadline=None)
def test_facts_survive_the_wire(facts: Facts) -> None:
    again = parse_facts(json.loads(json.dumps(facts.as_dict())), base_divisions())
    assert again == facts


@given(valid_facts())
@settings(max_examples=120, deadline=None)
def test_the_owner_itself_is_no_evidence(facts: Facts) -> None:
    facts = replace(facts, participating_offices=("甲局", " 甲局 "))
    named = route(facts, base_rulebook(), facts.on, owner="甲局")
    alone = route(replace(facts, participating_offices=()), base_rulebook(), facts.on)
    assert [f.code for f in named.findings] == [f.code for f in alone.findings]


def test_article_labels() -> None:
    assert [article_label(n) for n in (1, 9, 10, 17, 20, 23, 45)] == [
        "第一条",
        "第九条",
        "第十条",
        "第十七条",
        "第二十条",
        "第二十三条",
        "第四十五条",
    ]
    assert article_label(17, 7) == "第十七条第七项"
