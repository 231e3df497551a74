"""What-if's lean decision is `route`'s, on any facts, any amended rules and any city's overlays."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.measures.facts import Facts, ReuseCheck, parse_facts
from service.measures.law import Law
from service.measures.parameters import RuleBook
from service.measures.routing import route
from service.measures.rule_entries import Clause, ClauseMode, Overlay, Value
from service.measures.whatif import (
    READ,
    Project,
    Reclassify,
    Timeline,
    judge,
    reclassified,
    rules_on,
    several_offices_in,
    steady_findings,
)
from service.replay.whatif import Replay, Wish
from service.rulebook.book import RuleBooks
from service.rulebook.loader import base_divisions, base_rulebook
from tests.measures.rules import CHECKS, RECORDED
from tests.measures.test_properties import EDGES, valid_facts

flags, limits = st.booleans(), st.sampled_from(EDGES) | st.integers(0, 2_000_000_000)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **{key: limits for key in READ if key.startswith("limit.") and key != "limit.figure_included"},
    **{key: flags for key in READ if key.startswith("maintenance_excluded.")},
    "limit.figure_included": flags,
    "integration.either_suffices": flags,
    "near_line.percent": st.integers(1, 100),
}
changes = st.fixed_dictionaries({}, optional=VALUES)
overlays = st.fixed_dictionaries(
    {},
    optional={
        "near_line.percent": st.integers(1, 90),
        "findings.extra": st.lists(st.sampled_from(CHECKS), unique=True).map(
            lambda checks: tuple(check.as_text() for check in checks)
        ),
        "review.city_steps": st.sampled_from(["direct", "appraisal", "full"]),
    },
)


def lean(facts: Facts, owner: str | None, settled: int | None = None) -> Project:
    return Project(
        facts.declarant.tier.value,
        facts.declarant.office_kind.value,
        facts.project_class.value,
        facts.kind.value,
        facts.investment_fen,
        facts.maintenance_fen,
        facts.fiscal_funds,
        several_offices_in(facts.participating_offices, owner),
        facts.cross_level,
        facts.national_or_provincial_deployment,
        facts.featured_county_scenario,
        facts.in_library,
        facts.reuse_check is ReuseCheck.CHECKED,
        facts.previous_project_accepted,
        facts.negative,
        settled,
    )


def amended(given: dict[str, Value]) -> RuleBook:
    """The value on every day, whatever lines the files have gained: each entry of the key is said anew."""
    book = base_rulebook()
    return book.with_entries(
        *(
            replace(row, value=given[row.key], recorded_at=datetime(2030, 1, 1, tzinfo=UTC))
            for row in book.entries
            if row.key in given
        )
    )


def overlaid(book: RuleBook, own: dict[str, Value], start: date) -> RuleBook:
    return replace(
        book,
        overlays=tuple(Overlay("360100", key, value, start, RECORDED) for key, value in own.items()),
        tenant="360100",
    )


@given(
    valid_facts(),
    changes,
    overlays,
    st.dates(date(2023, 9, 28), date(2041, 1, 1)),
    st.sampled_from([None, "甲局"]),
    st.none() | limits,
)
@settings(max_examples=120, deadline=None)
def test_it_decides_as_route_does(
    facts: Facts,
    given_: dict[str, Value],
    own: dict[str, Value],
    start: date,
    owner: str | None,
    settled: int | None,
) -> None:
    facts = replace(facts, classified=False)
    truth = route(facts, overlaid(amended(given_), own, start), facts.on, owner=owner, settled_fen=settled)
    project = lean(facts, owner, settled)
    timeline = Timeline(overlaid(base_rulebook(), own, start), given_)
    way, codes = judge(project, timeline.on(facts.on.isoformat())[1])
    assert way == truth.route.value
    assert sorted([*codes, *steady_findings(project)]) == sorted(f.code for f in truth.findings)
    before = route(facts, overlaid(base_rulebook(), own, start), facts.on, owner=owner, settled_fen=settled)
    way, codes = judge(project, timeline.on(facts.on.isoformat())[0])
    assert (way, {*codes, *steady_findings(project)}) == (
        before.route.value,
        {f.code for f in before.findings},
    )


CLAUSES = [
    None,
    Clause(ClauseMode.STAY),
    Clause(ClauseMode.NEXT_DESK),
    Clause(ClauseMode.FROM_STATE, "gatekept"),
]


@given(
    valid_facts(),
    changes,
    overlays,
    st.dates(date(2023, 9, 28), date(2041, 1, 1)),
    st.integers(-40, 3),
    st.sampled_from(CLAUSES),
    st.dictionaries(st.sampled_from(["submitted", "gatekept", "with_province"]), st.integers(-10, 10)),
    st.booleans(),
)
@settings(max_examples=120, deadline=None)
def test_what_was_decided_by_the_law_of_a_case_is_found_again(
    facts: Facts,
    given_: dict[str, Value],
    own: dict[str, Value],
    start: date,
    taken_in: int,
    clause: Clause | None,
    reached: dict[str, int],
    by_the_province: bool,
) -> None:
    """R21: the stored version and what was left aside give the rules of the case, not those of its day.

    Taken in around the day on which the law changed, decided after it: where either book could have been meant.
    """

    def near(days: int) -> date:
        return max(start + timedelta(days=days), date(2023, 9, 28))

    facts = replace(facts, classified=False, fiscal_funds=True, on=near(facts.investment_fen % 30))
    base = base_rulebook()
    later = [
        replace(
            base.entry_on(key, start), value=value, effective_from=start, recorded_at=RECORDED, clause=clause
        )
        for key, value in given_.items()
    ]
    city = overlaid(base.with_entries(*later), own, start)
    province = base.with_entries(*later)
    law = Law(near(taken_in), None, {state: near(days) for state, days in reached.items()})
    governing = (province if by_the_province else city).under(law)
    truth = route(facts, governing, facts.on)
    timeline = Timeline(city, {}, province)
    was, _ = timeline.on(facts.on.isoformat(), truth.rulebook_version, truth.left_aside)
    project = lean(facts, None)
    way, codes = judge(project, was)
    assert (way, {*codes, *steady_findings(project)}) == (truth.route.value, {f.code for f in truth.findings})


def test_the_law_of_a_case_is_looked_up_by_version_and_by_what_it_was_spared() -> None:
    """The same in figures: taken in before the line was eight million, decided after it."""
    start = date(2051, 1, 1)  # after any line that the files may gain
    base = base_rulebook()
    row = replace(
        base.entry_on("limit.other", start), value=1_800_000_000, effective_from=start, recorded_at=RECORDED
    )
    was = base.number_on("limit.other", start)
    book = base.with_entries(row)
    timeline = Timeline(book, {})
    old = book.under(Law(date(2050, 12, 1)))
    for version, aside, line in (
        (old.version(start), old.left_aside(start), was),
        (book.version(start), (), 1_800_000_000),
        (None, (), 1_800_000_000),
        (None, old.left_aside(start), was),
    ):
        assert timeline.on("2051-02-01", version, aside)[0].limit["other"] == line, (version, aside)


@pytest.mark.parametrize(
    ("settled", "limit", "way"),
    [
        (
            600_000_000,
            550_000_000,
            "provincial_review",
        ),  # what the leading group decided on reaches this line too
        (600_000_000, 600_000_000, "provincial_review"),
        (600_000_000, 600_000_001, "city_filing"),  # it would never have come to the leading group
    ],
)
def test_a_settled_route_stays_only_where_it_would_have_been_settled(
    plain: dict[str, Any], settled: int, limit: int, way: str
) -> None:
    """R22, decision 0143: six million decided by the leading group, approved at four."""
    facts = parse_facts({**plain, "investment_yuan": "4000000.00"}, base_divisions())
    row = {
        "tenant_id": "360100",
        "id": "x",
        "name": "",
        "owner_name": "甲局",
        "state": "approved",
        "holder": "owner",
        "route": "provincial_review",
        "facts": json.dumps(facts.as_dict()),
        "rulebook": None,
        "settled": True,
        "settled_fen": str(settled),
    }
    replayed = Replay(RuleBooks(base_rulebook(), base_divisions()), Wish({"limit.other": limit}, []))
    moved = replayed.judge([row])  # type: ignore[list-item]
    assert replayed.tally.not_as_recorded == 0
    assert [each.route_after for each in moved] == ([] if way == "provincial_review" else [way])


def test_integration_that_needs_both_kinds_of_evidence() -> None:
    rules = rules_on(base_rulebook(), date(2026, 3, 2))
    both = [
        Reclassify("integration", "other", several_offices=False),
        Reclassify("integration", "other", cross_level=False),
    ]
    project = Project(
        "city",
        "administrative",
        "integration",
        "new",
        600_000_000,
        0,
        True,
        True,
        False,
        False,
        False,
        True,
        True,
        None,
        (False,) * 6,
    )
    assert judge(project, rules) == ("city_filing", ())
    assert judge(reclassified(project, both), rules) == ("provincial_review", ())
    proven = project._replace(cross_level=True)
    assert reclassified(proven, both) == proven
