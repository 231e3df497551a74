"""What a case offers, roles × states × acts: exactly what the table, the gates and the operations take (arts 12-41)."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from service.measures.gated_case import GatedCase
from service.measures.lifecycle import NotAllowed, Refusal, step
from service.measures.lifecycle_states import TERMINAL, UNDECLARED, WORKING, Action, Holder, State
from service.measures.lifecycle_table import TRANSITIONS
from service.measures.offers import Offer, desks, later, offers
from service.measures.offices import Tier
from service.measures.organs import INVITED, ROLES, THREE, Slot
from service.measures.side_acts import (
    CHECK_REUSE,
    DRAW,
    EDIT_FRAMEWORK,
    INVITE,
    OPEN_FRAMEWORK,
    OPINION,
    SET_STANDARD,
    SIDE_ACTS,
    SIGN_FRAMEWORK,
    UPLOAD,
    Obstacle,
    Place,
)

Facts = dict[str, Any]
ACTIONS = frozenset(Action)
TODAY = date(2026, 3, 2)
INVITATIONS = ([slot.value for slot in THREE], [slot.value for slot in (*THREE, *INVITED)])
UNDERWAY: dict[str, Any] = {
    "declared": {"submission": 1},
    "appraisal_commissioned": {"appraisal": 1, "submission": 1},
}
WAYS = [
    ("provincial_review", Tier.CITY), ("provincial_review", Tier.COUNTY), ("provincial_review", Tier.PROVINCE),
    ("city_filing", Tier.CITY), ("city_filing", Tier.COUNTY), (None, Tier.COUNTY), (None, Tier.PROVINCE),
]  # fmt: skip


def told(
    state: State,
    route: str | None,
    tier: Tier,
    role: str,
    dated: Facts,
    *,
    barred: dict[str, str] | None = None,
    holder: Holder = Holder.OWNER,
    kind: str | None = None,
    reported: bool = True,
) -> dict[str, Offer]:
    gated = GatedCase(TODAY, dated, kind=kind)
    found = offers(Place(state, route, tier, reported), holder, (role,), gated, barred or {})
    assert all(bool(each.why_not) is not each.allowed and each.articles for each in found)
    assert len({each.action for each in found}) == len(found)
    return {each.action: each for each in found}


def offered(state: State, route: str | None, tier: Tier, role: str, dated: Facts, **more: Any) -> set[str]:
    return {name for name, each in told(state, route, tier, role, dated, **more).items() if each.allowed}


# A case on which nothing was done yet, and one on which everything was: between them every gate is shut and open.
NOTHING: Facts = {}
MUCH: Facts = UNDERWAY | {
    "declared": {"submission": 1, "joint": True},
    "framework": {},
    "joint_review_opened": {"slots": [slot.value for slot in Slot]},
}


OBSTACLES = {
    Refusal.WRONG_STATE: Obstacle.STATE,
    Refusal.WRONG_ROUTE: Obstacle.ROUTE,
    Refusal.NOT_HOLDER: Obstacle.PEN,
    Refusal.GATE_SHUT: Obstacle.GATE,
}
GUESSED = {  # the way that a case without one takes by this act
    Action.SUBMIT: "city_filing",
    Action.NEED_SUBMIT: "provincial_review",
    Action.NEED_REPORT: "provincial_review",
}


def refusal_of(
    state: State, action: Action, role: str, route: str | None, tier: Tier, holder: Holder, gated: GatedCase
) -> NotAllowed | None:
    """What the step (and so the operation) would say; None where it is permitted."""
    way = route or GUESSED.get(action)
    try:
        step(state, action, route=way, declarer_tier=tier, holder=holder, roles=(role,), gated=gated)
    except NotAllowed as refusal:
        return refusal
    return None


def told_as_refused(action: Action, mine: bool, offer: Offer | None, refusal: NotAllowed) -> None:
    """Not offered where it is another desk's or the clock's; else offered shut, for the refusal's reason."""
    if offer is None:
        done_by_clock = action in (Action.LAPSE, Action.APPRAISE)
        others = refusal.reason in (Refusal.WRONG_ROLE, Refusal.NOT_HOLDER)
        assert done_by_clock or not mine or others
        return
    assert mine and offer.obstacle is OBSTACLES[refusal.reason], (action, offer)
    assert offer.why_not == refusal.detail


def told_as_permitted(state: State, action: Action, role: str, offer: Offer | None, dated: Facts) -> None:
    """Open, but for what the clock does, or another act, or what needs somebody who does not take part."""
    if action is Action.LAPSE or (action is Action.APPRAISE and role.endswith(".agency")):
        assert offer is None
    elif action is Action.AGREE_FRAMEWORK and not dated:
        assert offer and offer.obstacle is Obstacle.GATE, "nobody else takes part"
    else:
        assert offer and offer.allowed, (state, action, role)


@pytest.mark.long
@pytest.mark.parametrize(("route", "tier"), WAYS)
def test_an_act_of_the_table_is_offered_where_the_step_is_permitted_and_told_by_the_same_reason(
    route: str | None, tier: Tier
) -> None:
    """All states × holders × roles × acts, with gates: the offer says what `step` (and so the operation) would say."""
    compared = 0
    for state, dated in product(State, (NOTHING, MUCH)):
        rows = [row for row in TRANSITIONS.values() if row.source is state]
        acts = {row.action for row in rows}
        roles = {role for row in rows for role in row.who} | {"county.user"}
        gated = GatedCase(TODAY, dated)
        for holder, role in product(Holder, sorted(roles)):
            shown = told(state, route, tier, role, dated, holder=holder)
            assert shown.keys() & ACTIONS <= acts
            for action in acts:
                compared += 1
                offer = shown.get(action.value)
                refusal = refusal_of(state, action, role, route, tier, holder, gated)
                if refusal is None:
                    told_as_permitted(state, action, role, offer, dated)
                else:
                    mine = any(row.action is action and role in row.who for row in rows)
                    told_as_refused(action, mine, offer, refusal)
    assert compared > 5_000


@pytest.mark.parametrize("invited", INVITATIONS, ids=["the three", "all"])
@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_an_opinion_is_every_invited_slots_until_the_review_closes(invited: list[str], closed: bool) -> None:
    dated: Facts = {"joint_review_opened": {"slots": invited}}
    if closed:
        dated["joint_review"] = {"agreed": True}
    ways = [
        ("provincial_review", Tier.CITY, Tier.PROVINCE),
        ("provincial_review", Tier.PROVINCE, Tier.PROVINCE),
        ("city_filing", Tier.CITY, Tier.CITY),
    ]
    for state, (route, declarer, organs) in product(State, ways):
        for tier, slot in product((Tier.CITY, Tier.PROVINCE), Slot):
            role = f"{tier.value}.{ROLES[tier][slot]}"
            expected = (
                state is State.IN_JOINT_REVIEW
                and not closed
                and tier is organs
                and any(ROLES[tier][each] == ROLES[tier][slot] and each.value in invited for each in Slot)
            )
            assert (OPINION in offered(state, route, declarer, role, dated)) is expected, (state, role)


def test_the_draw_is_the_commissioned_agencys_while_the_appraisal_goes_on() -> None:
    over = UNDERWAY | {"appraised": {"appraisal": 1, "verdict": "pass"}}
    for state, tier in product(State, (Tier.CITY, Tier.PROVINCE)):
        for role in sorted(set(ROLES[tier].values())):
            name = f"{tier.value}.{role}"
            here = state in (State.NEED_REPORTED, State.WITH_PROVINCE, State.GATEKEPT)
            expected = here and role == "agency" and tier is Tier.PROVINCE
            assert (DRAW in offered(state, "provincial_review", Tier.CITY, name, UNDERWAY)) is expected
            for dated in (dict[str, Any](), over):
                assert DRAW not in offered(state, "provincial_review", Tier.CITY, name, dated)


def test_whose_earlier_hands_bar_him_is_told_so() -> None:
    dated = {"joint_review_opened": {"slots": ["drc"]}}
    role = "province.drc"
    place = (State.IN_JOINT_REVIEW, "provincial_review", Tier.CITY)
    assert OPINION in offered(*place, role, dated)
    barred = {role: "您曾为项目单位经办，须由另一人办理"}
    shown = told(*place, role, dated, barred=barred)
    assert shown[OPINION].obstacle is Obstacle.PERSON
    assert not [name for name, each in shown.items() if each.allowed and name not in (UPLOAD,)]


def test_a_framework_is_the_deciding_centres_while_the_case_lies_there_and_somebody_else_takes_part() -> None:
    """Art. 12, R48: the centre opens and edits it, owner and centre sign it, and nobody once it is agreed."""
    joint: Facts = {"declared": {"joint": True}}
    agreed = joint | {"framework": {"edition": 1}}
    for state, (route, tier) in product(State, WAYS[:5]):
        organs = "city" if route == "city_filing" else "province"
        here = {
            "city": (State.SUBMITTED, State.GATEKEPT),
            "province": (State.NEED_REPORTED, State.APPRAISED, State.WITH_PROVINCE),
        }[organs]
        pen = Holder(organs)
        centre = f"{organs}.info_centre"
        leads = {OPEN_FRAMEWORK, EDIT_FRAMEWORK, "agree_framework"}
        now = offered(state, route, tier, centre, joint, holder=pen)
        assert (now & leads == leads) is (state in here) is (SIGN_FRAMEWORK in now), (state, route)
        assert not offered(state, route, tier, centre, NOTHING, holder=pen) & (leads | {SIGN_FRAMEWORK})
        done = offered(state, route, tier, centre, agreed, holder=pen)
        assert not done & {OPEN_FRAMEWORK, SIGN_FRAMEWORK}
        assert (EDIT_FRAMEWORK in done) is (state in here), "a change asks for new signatures"


def test_links_are_the_owners_once_the_lead_was_reported() -> None:
    for state, reported in product(State, (False, True)):
        now = offered(state, "provincial_review", Tier.CITY, "city.unit", NOTHING, reported=reported)
        expected = reported and state not in UNDECLARED | TERMINAL
        assert ({INVITE, SET_STANDARD} <= now) is expected, state
        assert not {INVITE, SET_STANDARD} & offered(
            state, "provincial_review", Tier.CITY, "city.gatekeeper", NOTHING
        )


def test_files_are_taken_until_the_case_has_ended_and_a_text_at_work_is_its_owners() -> None:
    for state in State:
        assert (UPLOAD in offered(state, "city_filing", Tier.CITY, "city.unit", NOTHING)) is (
            state not in TERMINAL
        )
        shown = told(state, "city_filing", Tier.CITY, "province.drc", NOTHING)[UPLOAD]
        expected = Obstacle.STATE if state in TERMINAL else Obstacle.PEN if state in WORKING else None
        assert shown.obstacle is expected
        assert UPLOAD not in told(state, "city_filing", Tier.CITY, "city.administrator", NOTHING)


def test_reuse_is_checked_on_a_new_build_at_work() -> None:
    for state, kind in product(State, ("new", "maintain")):
        shown = told(state, None, Tier.COUNTY, "county.unit", NOTHING, kind=kind)
        assert (CHECK_REUSE in shown) is ("edit" in shown), state
        if CHECK_REUSE in shown:
            assert shown[CHECK_REUSE].allowed is (kind == "new")


def test_every_act_beside_the_table_is_somebodys() -> None:
    for act in SIDE_ACTS:
        place = Place(sorted(act.states)[0], "provincial_review", Tier.CITY)
        assert act.who(place) or act.along is not None, act.name


def test_other_desks_are_told_with_what_they_may_do_now() -> None:
    place = Place(State.SUBMITTED, "city_filing", Tier.CITY)
    found = desks(place, Holder.CITY, GatedCase(TODAY, NOTHING))
    assert {"gatekeep_pass", "gatekeep_return"} <= {each.action for each in found["city.gatekeeper"]}
    assert "withdraw" in {each.action for each in found["city.unit"]}
    assert not {"province.office", "province.drc"} & {
        role for role, acts in found.items() if any(each.action != UPLOAD for each in acts)
    }


def test_what_comes_later_is_told_with_its_state_and_nothing_of_another_route() -> None:
    place = Place(State.SUBMITTED, "city_filing", Tier.CITY)
    acts = {each.action: each for each in later(place, ("city.approver",))}
    assert acts["approve"].obstacle is Obstacle.STATE and "之后" in acts["approve"].why_not
    assert not later(place, ("province.drc",)) or "province_approve" not in {
        each.action for each in later(place, ("province.drc",))
    }
    assert later(Place(State.DRAFT, None, Tier.CITY), ("city.approver",)) == [], "no route, no promise"
