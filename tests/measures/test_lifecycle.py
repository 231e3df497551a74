"""The lifecycle table: sound as data, walked as people would, refused with the article."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from service.kit.roles import load_roles
from service.measures.gates import GATES, GatedCase
from service.measures.lifecycle import (
    INITIAL,
    TERMINAL,
    TRANSITIONS,
    Action,
    Holder,
    NotAllowed,
    Procedure,
    Refusal,
    State,
    mermaid,
    step,
)
from service.measures.lifecycle_rows import AFTER, APPROVED, CLOCK, CLOSING, RUNNING
from service.measures.lifecycle_states import STATE_NAMES
from service.measures.lifecycle_table import ROUTE_FREE
from service.measures.offers import offers
from service.measures.offices import Tier
from service.measures.organs import SUPERVISING, who
from service.measures.side_acts import Obstacle, Place

ROLES = {f"{tier}.{role}" for tier, role in load_roles().valid}
CITY, PROVINCE = Tier.CITY, Tier.PROVINCE


def refusal(*args: object, **options: object) -> NotAllowed:
    with pytest.raises(NotAllowed) as caught:
        step(*args, **options)  # type: ignore[arg-type]
    assert caught.value.detail
    assert 1 <= caught.value.article <= 45
    return caught.value


def test_rows_are_sound() -> None:
    for (state, action, procedure), row in TRANSITIONS.items():
        assert (row.source, row.action, row.procedure) == (state, action, procedure)
        assert row.who
        assert set(row.who) <= ROLES or row.who == CLOCK
        assert row.articles
        assert all(1 <= article <= 45 for article in row.articles)
        assert set(row.guards) <= set(GATES)
    assert {gate for row in TRANSITIONS.values() for gate in row.guards} == set(GATES), (
        "a gate that guards nothing"
    )
    without = set(Action) - {row.action for row in TRANSITIONS.values()}
    assert not without, f"no row of the table says who may do it, and when: {sorted(without)}"


def test_terminal_states_have_no_exit_and_every_other_state_has_one() -> None:
    sources = {row.source for row in TRANSITIONS.values()}
    assert sources == set(State) - TERMINAL


@pytest.mark.parametrize("procedure", list(Procedure))
def test_the_pen_is_consistent(procedure: Procedure) -> None:
    """Every way into a state leaves the pen with a desk that some row out of it expects."""
    rows = [row for row in TRANSITIONS.values() if row.procedure is procedure]
    for row in rows:
        exits = [out.holder_before for out in rows if out.source is row.target]
        kept = row.holder_after or row.holder_before
        assert kept is None or row.target in TERMINAL or {kept, None} & set(exits), (row.source, row.action)
        # A state has one desk, however it was reached; acts without a pen leave it where it is.
        into = {other.holder_after for other in rows if other.target is row.target} - {None}
        assert len(into) <= 1 or row.target in TERMINAL, (row.target, into)


def test_every_state_is_reached() -> None:
    seen = set(INITIAL)
    for _ in State:
        seen |= {row.target for row in TRANSITIONS.values() if row.source in seen}
    assert seen == set(State)


def test_route_free_rows_are_the_same_on_both_local_routes() -> None:
    for (state, action, procedure), row in TRANSITIONS.items():
        # What the city's desk has passed has its route: below the limit it is the owner's again, else it is reported.
        if state is State.NEED_GATEKEPT:
            continue
        if action in ROUTE_FREE and procedure is Procedure.CITY_FILING:
            twin = TRANSITIONS[state, action, Procedure.PROVINCIAL_REVIEW]
            assert (twin.target, twin.who, twin.holder_before) == (row.target, row.who, row.holder_before)


@pytest.mark.parametrize(
    ("route", "tier", "walk"),
    [
        (
            "city_filing",
            CITY,
            [
                "submit city.portal submitted city",
                "gatekeep_pass city.gatekeeper gatekept city",
                "approve city.approver city_approved owner",
                "file city.portal filed owner",
            ],
        ),
        (
            "city_filing",
            Tier.COUNTY,
            [
                "edit county.unit draft owner",
                "submit county.unit submitted city",
                "gatekeep_return city.gatekeeper returned owner",
                "edit county.unit returned owner",
                "submit county.unit submitted city",
                "withdraw county.unit withdrawn owner",
            ],
        ),
        (
            "provincial_review",
            CITY,
            [
                "submit city.unit submitted city",
                "gatekeep_pass city.gatekeeper gatekept city",
                "hand_over city.gatekeeper with_province province",
                "province_return province.office returned owner",
                "withdraw city.unit withdrawn owner",
            ],
        ),
        (
            "provincial_review",
            PROVINCE,
            [
                "submit province.department with_province province",
                "province_return province.office returned owner",
                "submit province.department with_province province",
            ],
        ),
    ],
)
def test_walks(route: str, tier: Tier, walk: list[str]) -> None:
    state, holder = State.DRAFT, Holder.OWNER
    for line in walk:
        action, role, target, desk = line.split()
        row = step(state, Action(action), route=route, declarer_tier=tier, holder=holder, roles=[role])
        state, holder = row.target, row.holder_after or holder
        assert (state.value, holder.value) == (target, desk)


def test_a_draft_lives_before_any_route() -> None:
    for route in (None, "out_of_scope"):
        draft = {"route": route, "declarer_tier": CITY, "holder": Holder.OWNER, "roles": ["city.unit"]}
        assert step(State.DRAFT, Action.DELETE, **draft).removes  # type: ignore[arg-type]
        assert step(State.DRAFT, Action.EDIT, **draft).target is State.DRAFT  # type: ignore[arg-type]
        assert refusal(State.DRAFT, Action.SUBMIT, **draft).reason is Refusal.WRONG_ROUTE


def test_refusals_tell_why() -> None:
    city = {
        "route": "city_filing",
        "declarer_tier": CITY,
        "holder": Holder.CITY,
        "roles": ["city.gatekeeper"],
    }
    assert refusal(State.DRAFT, Action.FILE, **city).reason is Refusal.WRONG_STATE
    assert refusal(State.GATEKEPT, Action.HAND_OVER, **city).reason is Refusal.WRONG_ROUTE
    assert refusal(State.GATEKEPT, Action.APPROVE, **city).reason is Refusal.WRONG_ROLE
    province = {**city, "route": "provincial_review", "roles": ["province.office"]}
    for state, act in (
        (State.GATEKEPT, Action.OPEN_JOINT_REVIEW),
        (State.GATEKEPT, Action.AGREE_FRAMEWORK),
        (State.NEED_GATEKEPT, Action.SUBMIT),
        (State.NEED_GATEKEPT, Action.EDIT),
    ):  # the route passes there, in another state
        told = refusal(state, act, **province)
        assert (told.reason, "不经过" in told.detail) == (Refusal.WRONG_STATE, False)
    owner = {**city, "holder": Holder.OWNER}
    assert refusal(State.SUBMITTED, Action.GATEKEEP_PASS, **owner).reason is Refusal.NOT_HOLDER
    # Art. 23 gives the province no veto over a filing: there is no row to reject one.
    province = {**city, "roles": ["province.office"], "holder": Holder.PROVINCE}
    assert refusal(State.FILED, Action.PROVINCE_RETURN, **province).reason is Refusal.WRONG_STATE


def test_a_shut_gate_is_told_with_its_article() -> None:
    owner = {"route": "city_filing", "declarer_tier": CITY, "holder": Holder.OWNER, "roles": ["city.unit"]}
    nothing = GatedCase(date(2026, 3, 2))
    found = refusal(State.TRIAL_RUN, Action.FINAL_INSPECT, **owner, gated=nothing)
    assert (found.reason, found.gate, found.article) == (Refusal.GATE_SHUT, "trial_run_over", 30)
    tried = GatedCase(date(2026, 9, 1), {"trial_run": {"on": "2026-03-01"}})
    row = step(State.TRIAL_RUN, Action.FINAL_INSPECT, **owner, gated=tried)  # type: ignore[arg-type]
    assert row.target is State.FINAL_INSPECTED


def test_building_waits_for_the_approval_and_for_nothing_else() -> None:
    """Art. 13; a missing filing (art. 23) or name (art. 24) is a finding, so refusing would only teach to lie."""
    owner = {
        "declarer_tier": CITY,
        "holder": Holder.OWNER,
        "roles": ["city.unit"],
        "gated": GatedCase(date(2026, 3, 2)),
    }
    for state, route in (
        (State.CITY_APPROVED, "city_filing"),
        (State.FILED, "city_filing"),
        (State.APPROVED, "provincial_review"),
        (State.BUDGETED, "provincial_review"),
    ):
        assert step(state, Action.START, route=route, **owner).target is State.STARTED  # type: ignore[arg-type]
    assert refusal(State.GATEKEPT, Action.START, route="city_filing", **owner).reason is Refusal.WRONG_STATE


def test_a_filing_is_possible_in_every_later_state_and_only_once() -> None:
    """Art. 23, R26: filing is a fact beside the state."""
    city = {"route": "city_filing", "declarer_tier": CITY, "roles": ["city.gatekeeper"]}
    live = {row.source for row in TRANSITIONS.values() if row.procedure is Procedure.CITY_FILING}
    before = {row.source for row in TRANSITIONS.values() if row.action is Action.APPROVE} | {
        State.DRAFT,
        State.SUBMITTED,
        State.GATEKEPT,
        State.RETURNED,
        State.IN_LIBRARY,
        State.LAPSED,
        State.IN_JOINT_REVIEW,
        State.LEADING_GROUP_DECIDED,
    }
    needs = {state for state in live if state.value.startswith("need_")}
    for state, holder in product(live - before - needs - {State.FILED}, Holder):
        row = step(state, Action.FILE, **city, holder=holder, gated=GatedCase(date(2026, 3, 2)))  # type: ignore[arg-type]
        assert row.target is (State.FILED if state is State.CITY_APPROVED else state)
        done = GatedCase(date(2026, 3, 2), {"filed": {"on": "2026-02-01"}})
        assert refusal(state, Action.FILE, **city, holder=holder, gated=done).gate == "not_filed"


@pytest.mark.parametrize("procedure", list(Procedure))
def test_every_supervising_organ_has_every_measure_until_the_acceptance(procedure: Procedure) -> None:
    """Art. 41: 各部门按照职责分工; orders, criticism and deferral afterwards too (art. 40)."""
    tiers = (Tier.PROVINCE,) if procedure is Procedure.DEPARTMENTAL else (Tier.CITY, Tier.PROVINCE)
    organs = {name for tier in tiers for name in who(tier, *SUPERVISING)}
    built = (*RUNNING, *CLOSING)
    afterwards = (Action.ORDER_RECTIFICATION, Action.CRITICISE, Action.DEFER_FUNDS)
    approved = [state for state in APPROVED if (state, Action.START, procedure) in TRANSITIONS]
    wanted = [
        *product(built, (Action.SUSPEND,)),
        *product((*approved, *built, State.SUSPENDED), (Action.TERMINATE,)),
        *product((*approved, *built, *AFTER, State.SUSPENDED), afterwards),
    ]
    for state, action in wanted:
        assert set(TRANSITIONS[state, action, procedure].who) == organs, (state, action)
    for state in AFTER:
        assert (state, Action.TERMINATE, procedure) not in TRANSITIONS
        assert (state, Action.SUSPEND, procedure) not in TRANSITIONS


def test_every_question_has_an_answer() -> None:
    """Total: a transition or a typed refusal for every state, action, route, tier and desk."""
    allowed = 0
    routes = ("city_filing", "provincial_review", "out_of_scope", "refused_classified", None)
    for state, action, route, tier, holder in product(State, Action, routes, Tier, Holder):
        try:
            step(state, action, route=route, declarer_tier=tier, holder=holder, roles=ROLES)
            allowed += 1
        except NotAllowed as error:
            assert error.detail
    assert allowed > 0


def test_who_sees_no_cases_moves_none() -> None:
    roles = ("administrator", "county.user", "province.supervisor")
    for state, route, tier, holder in product(State, ("city_filing", "provincial_review"), Tier, Holder):
        assert offers(Place(state, route, tier), holder, roles, GatedCase(date(2026, 3, 2))) == []


def test_what_the_state_knows_is_told_to_the_desk_that_does_it() -> None:
    place, gated = Place(State.GATEKEPT, "city_filing", CITY), GatedCase(date(2026, 3, 2))
    found = {each.action: each for each in offers(place, Holder.CITY, ("city.gatekeeper",), gated)}
    assert found["gatekeep_return"].allowed
    assert found["hand_over"].obstacle is Obstacle.ROUTE
    assert "approve" not in found, "another desk's"
    assert found["hand_over"].why_not and found["hand_over"].article


def test_diagram_shows_every_state_and_every_change_of_state() -> None:
    diagram = mermaid()
    assert diagram.startswith("stateDiagram-v2\n")
    assert all(f"    {state.value}: {STATE_NAMES[state]}\n" in diagram for state in State)
    assert "city_approved --> filed: file 第二十三条\n" in diagram
    assert "city_approved --> started: start 第十三条、第二十四条\n" in diagram
    assert "approved --> budgeted: issue_budget 第二十条、第九条、第十八条、第三十四条\n" in diagram
    assert "assess_affordability" not in diagram
