"""The table of adoptions and of an app's status, by itself."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.measures.adoption import (
    HOLDERS,
    LIVE,
    MOVES,
    STEPS,
    Adoption,
    AppStatus,
    Desk,
    Reach,
    Refused,
    Step,
    Verb,
    confirmed_by_itself,
    move,
    possible,
    step,
)

ADOPTERS = {"county.user", "county.unit", "city.unit"}
PROVIDERS = {"province.app_provider", "city.app_provider"}
# Written from the issue, not from the table: state → side → verb → where it leads.
EXPECTED: dict[Adoption, dict[str, dict[str, str]]] = {
    Adoption.REQUESTED: {
        "city": {"confirm": "confirmed", "refuse": "refused"}, "adopter": {"withdraw": "withdrawn"}, "provider": {},
    },
    Adoption.CONFIRMED: {
        "city": {}, "adopter": {"withdraw": "withdrawn"}, "provider": {"provision": "active", "decline": "declined"},
    },
    Adoption.ACTIVE: {
        "city": {"end": "ended"}, "adopter": {"end": "ended", "rate": "active"},
        "provider": {"suspend": "suspended", "end": "ended"},
    },
    Adoption.SUSPENDED: {
        "city": {"end": "ended"}, "adopter": {"end": "ended", "rate": "suspended"},
        "provider": {"resume": "active", "end": "ended"},
    },
    Adoption.ENDED: {"city": {}, "adopter": {"rate": "ended"}, "provider": {}},
    Adoption.REFUSED: {"city": {}, "adopter": {}, "provider": {}},
    Adoption.DECLINED: {"city": {}, "adopter": {}, "provider": {}},
    Adoption.WITHDRAWN: {"city": {}, "adopter": {}, "provider": {}},
}  # fmt: skip
ROLES = {"city": {"city.gatekeeper"}, "adopter": ADOPTERS, "provider": PROVIDERS}


def stepped(state: Adoption, verb: Verb, side: Desk, role: str) -> Step | Refused:
    try:
        return step(state, verb, side, {role})
    except Refused as refusal:
        return refusal


@pytest.mark.parametrize("state", Adoption)
@pytest.mark.parametrize("who", ["city", "adopter", "provider"])
def test_every_verb_at_every_state_by_everybody(state: Adoption, who: str) -> None:
    side = Desk.PROVIDER if who == "provider" else Desk.ADOPTER
    for verb, role in itertools.product(Verb, ROLES[who]):
        expected = EXPECTED[state][who].get(verb.value)
        found = stepped(state, verb, side, role)
        if isinstance(found, Refused):
            assert expected is None, (verb, role)
            assert 1 <= found.article <= 45, (verb, role)
            assert "第" in found.detail, (verb, role)
        else:
            assert found.target.value == expected, (verb, role)
            assert found.articles, (verb, role)
        listed = {each.verb: each.allowed for each in possible(state, side, {role})}
        assert listed.get(verb, False) is (expected is not None), (verb, role)


@given(st.sampled_from(list(Adoption)), st.sampled_from(list(Verb)), st.sampled_from(list(Desk)))
def test_nobody_without_a_role_moves_anything(state: Adoption, verb: Verb, side: Desk) -> None:
    with pytest.raises(Refused):
        step(state, verb, side, {"province.office", "city.supervisor", "county.nobody"})


def test_no_refusal_says_no_twice() -> None:
    """Two of them read as that it must be done."""
    for state, verb, side in itertools.product(Adoption, Verb, Desk):
        with pytest.raises(Refused) as refused:
            step(state, verb, side, ())
        assert "不能不" not in refused.value.detail


def test_what_is_over_stays_over_and_every_state_is_reached() -> None:
    over = set(Adoption) - set(LIVE)
    for row in STEPS.values():
        assert row.source not in over or row.target is row.source
    assert {row.target for row in STEPS.values()} | {Adoption.REQUESTED} == set(Adoption)
    assert set(HOLDERS) == set(Adoption)
    endings = {"refuse", "withdraw", "decline", "suspend", "end"}
    assert all(row.reason is (row.verb.value in endings) for row in STEPS.values())


@pytest.mark.parametrize("reach", Reach)
@pytest.mark.parametrize("cost", [0, 1, 120000])
@pytest.mark.parametrize("city", [True, False])
def test_only_what_the_province_gives_away_needs_nobody(reach: Reach, cost: int, city: bool) -> None:
    expected = reach is Reach.PROVINCE and cost == 0 and not city
    assert confirmed_by_itself(reach, cost, city_confirmation=city) is expected


def test_the_life_of_an_app() -> None:
    allowed = {("pilot", "available"), ("available", "pilot"), ("pilot", "retired"), ("available", "deprecated"),
               ("deprecated", "available"), ("deprecated", "retired")}  # fmt: skip
    for source in AppStatus:
        for target in AppStatus:
            if (source.value, target.value) in allowed:
                assert move(source, target) is MOVES[source, target]
            else:
                with pytest.raises(Refused) as refusal:
                    move(source, target)
                assert refusal.value.article == 3
