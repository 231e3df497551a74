"""Whatever is answered, known or declared: no bare claim needs less, and what was declared is read as it was."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from service.measures.answers import NO_ANSWERS, SLOT, Answers, Claim
from service.measures.facts import Facts, Kind, ProjectClass, ReuseCheck, parse_facts
from service.measures.known import Known, known_of
from service.measures.offices import Tier
from service.measures.routing import Decision, required_reasons
from service.rulebook.loader import base_divisions, base_rulebook
from tests.factories import ANSWERS
from tests.measures.claiming import BASE, OLD, decided, facts
from tests.measures.test_properties import valid_facts

maybe = st.none() | st.booleans()
answers = st.builds(
    Answers,
    unifications=st.tuples(maybe, maybe, maybe, maybe, maybe),
    exchange=maybe,
    plan=st.sampled_from(["", "无", "经共享交换平台提供"]),
    catalogue=st.sampled_from([(), ("/",), ("办件信息",)]),
    evidence=st.dictionaries(st.sampled_from(Claim), st.just(OLD)),
)
known = st.builds(
    Known,
    previous=st.booleans(),
    linked=st.booleans(),
    registered=st.frozensets(st.sampled_from(["甲局", "乙局"])),
    papers=st.frozensets(st.sampled_from([*SLOT.values(), "sharing_plan"])),
    unread=st.sampled_from([(), ("扫描件.pdf",)]),
    planned=st.booleans(),
)


def hardness(decision: Decision) -> int:
    return len(required_reasons(decision))


@given(valid_facts(), answers, known, st.booleans())
@settings(max_examples=100, deadline=None)
def test_no_bare_claim_ever_needs_less(declared: Facts, said: Answers, knows: Known, entry: bool) -> None:
    """Whatever else is declared: a claim without proof leaves at least what its honest denial leaves, and the route."""
    declared = replace(declared, classified=False, answers=replace(said, evidence={}))
    knows = replace(knows, linked=False, previous=False, registered=frozenset())
    honest = replace(
        declared,
        in_library=False,
        national_or_provincial_deployment=False,
        featured_county_scenario=False,
        cross_level=False,
        participating_offices=(),
        previous_project_accepted=None if declared.previous_project_accepted is None else False,
    )
    claimed, denied = decided(declared, knows, entry=entry), decided(honest, knows, entry=entry)
    assert claimed.route == denied.route
    assert set(required_reasons(denied)) <= set(required_reasons(claimed))
    assert {f.code for f in denied.findings} <= {f.code for f in claimed.findings}


@given(valid_facts(), answers, known, st.booleans())
@settings(max_examples=100, deadline=None)
def test_what_was_declared_and_known_survives_its_sealing(
    declared: Facts, said: Answers, knows: Known, entry: bool
) -> None:
    declared = replace(declared, answers=said)
    again = parse_facts(json.loads(json.dumps(declared.as_dict())), base_divisions())
    assert again == declared
    assert known_of(json.loads(json.dumps(knows.as_dict()))) == knows
    if not declared.classified:
        first, second = decided(declared, knows, entry=entry), decided(again, knows, entry=entry)
        assert first.as_dict() == second.as_dict()
        for reading in first.readings:
            assert base_rulebook().reading_on(reading, declared.on)


def test_old_declarations_are_read_as_they_are() -> None:
    bare = {key: value for key, value in BASE.items() if key not in ANSWERS}
    assert parse_facts(bare, base_divisions()).answers == NO_ANSWERS
    assert not set(parse_facts(bare, base_divisions()).as_dict()) & {"unifications", "sharing", "evidence"}
    assert (
        facts().declarant.tier,
        facts().kind,
        facts().project_class,
        facts().reuse_check,
    ) == (Tier.CITY, Kind.NEW, ProjectClass.OTHER, ReuseCheck.CHECKED)
