"""One short test per hard rule, named after its article (arts 2-23, 43: from the need to the filing).

What `python -m tests.mutations` switches off fails here.
"""

from __future__ import annotations

from typing import Any

import pytest

from service.kit.authz import Policy
from service.measures.completeness import Asked, missing_materials
from service.measures.declaration import Materials
from service.measures.facts import Kind
from service.measures.gates import GATES, GatedCase
from service.measures.lifecycle import Action, Holder, Refusal, State
from service.measures.offices import Tier
from service.measures.organs import Slot, who
from service.measures.requirements import BASE, required
from service.measures.routing import Route
from tests.measures.rules import CITY, ON, codes, refused, shut_by


def test_art_2_without_fiscal_money_nothing_is_declared_here(decide: Any) -> None:
    assert decide(fiscal_funds=False).route is Route.OUT_OF_SCOPE
    assert decide().route is Route.CITY_FILING


def test_art_4_each_organ_has_its_own_seat_and_no_other() -> None:
    """Art. 4: kinds of organ with powers of their own; in both tiers different roles fill the seats."""
    for tier in (Tier.PROVINCE, Tier.CITY):
        seats = {slot: who(tier, slot) for slot in Slot}
        assert all(seats.values())
        confirming = {seats[Slot.DATA], seats[Slot.CRYPTO], seats[Slot.FINANCE]}
        assert len(confirming) == 3


def test_art_5_the_city_organs_stand_where_the_provincial_ones_stand() -> None:
    """Art. 5, R5: the same deed, by the organ of the deciding tier and by no other."""
    passed = {"approved": {"on": "2026-01-01"}}
    assert (
        refused(State.TRIAL_RUN, Action.CONFIRM_DATA, "city.data_office", Holder.OWNER, passed, way=CITY)
        is None
    )
    other = refused(
        State.TRIAL_RUN, Action.CONFIRM_DATA, "province.data_office", Holder.OWNER, passed, way=CITY
    )
    assert other is not None
    assert other.reason is Refusal.WRONG_ROLE


def test_art_8_split_projects_are_not_submitted() -> None:
    facts = {"split": {"on": "2026-01-01", "confirmed": True}}
    assert shut_by(refused(State.DRAFT, Action.SUBMIT, "city.unit", Holder.OWNER, facts), 8)
    assert refused(State.DRAFT, Action.SUBMIT, "city.unit", Holder.OWNER) is None


@pytest.mark.parametrize(
    ("project_class", "yuan", "way"),
    [
        ("other", "5000000.00", Route.PROVINCIAL_REVIEW),
        ("other", "4999999.99", Route.CITY_FILING),
        ("infrastructure", "10000000.00", Route.PROVINCIAL_REVIEW),
        ("infrastructure", "9999999.99", Route.CITY_FILING),
    ],
)
def test_art_9_the_line_is_where_the_figures_say(
    decide: Any, project_class: str, yuan: str, way: Route
) -> None:
    assert decide(project_class=project_class, investment_yuan=yuan).route is way


def test_art_9_no_budget_without_a_passed_affordability_assessment() -> None:
    facts = {
        "declared": {"substance": "x"},
        "appraised": {"on": "2026-01-01", "verdict": "pass", "substance": "x"},
        "major_investment": {"on": "2026-01-01", "major": True},
    }
    args = (State.APPROVED, Action.ISSUE_BUDGET, "province.finance", Holder.OWNER)
    assert shut_by(refused(*args, facts), 9)
    assert refused(*args, facts | {"affordability": {"on": "2026-01-02", "passed": True}}) is None


def test_art_9_each_organ_that_funds_is_bound_by_its_own_assessment() -> None:
    """Arts 9, 34, R38: the city's no shuts the city's share and not the province's; without a word another's serves."""
    base = {
        "declared": {"substance": "x"},
        "appraised": {"on": "2026-01-01", "verdict": "pass", "substance": "x"},
    }
    city = (State.APPROVED, Action.ISSUE_SHARE, "city.finance", Holder.OWNER)
    province = (State.APPROVED, Action.ISSUE_SHARE, "province.finance", Holder.OWNER)

    def said(**tiers: bool) -> dict[str, Any]:
        major = {"on": "2026-01-01", "major": True, "tiers": {"province": True}}
        return base | {"major_investment": major, "affordability": {"on": "2026-01-02", "tiers": tiers}}

    assert shut_by(refused(*city, said(city=False, province=True)), 9)
    assert refused(*province, said(city=False, province=True)) is None
    assert shut_by(refused(*province, said(city=True, province=False)), 9)
    assert refused(*city, said(city=True, province=False)) is None
    assert refused(*city, said(province=True)) is None
    assert shut_by(refused(*city, said(province=False)), 9), "major, and nothing has passed"
    own = {"major_investment": {"on": "2026-01-01", "major": True, "tiers": {"city": True}}}
    assert shut_by(refused(*city, base | own), 9)


def test_art_11_data_sharing_is_confirmed_before_acceptance() -> None:
    """Arts 11, 30: sharing that nobody confirmed keeps a project from being accepted."""
    told = GATES["data_confirmed"].test
    assert told(GatedCase(ON)) is not None
    assert told(GatedCase(ON, {"data_confirmed": {"on": "2026-01-01", "passed": True}})) is None


def test_art_12_a_joint_project_has_one_framework_before_its_review() -> None:
    facts = {
        "declared": {"substance": "x", "joint": True},
        "appraised": {"on": "2026-01-01", "verdict": "pass", "substance": "x"},
    }
    args = (State.WITH_PROVINCE, Action.OPEN_JOINT_REVIEW, "province.office", Holder.PROVINCE)
    assert shut_by(refused(*args, facts, tier=Tier.PROVINCE), 12)
    assert refused(*args, facts | {"framework": {"on": "2026-01-02"}}, tier=Tier.PROVINCE) is None
    city = (State.GATEKEPT, Action.APPROVE, "city.approver", Holder.CITY)
    assert shut_by(refused(*city, facts, way="city_filing"), 12), "arts 5, 12, R48: the city's own too"
    assert refused(*city, facts | {"framework": {"on": "2026-01-02"}}, way="city_filing") is None
    moved = facts | {"declared": {"substance": "x", "joint": True, "led_by": "province"}}
    assert refused(*city, moved, way="city_filing") is None, (
        "moved to the city by amended law: not stranded (R23)"
    )
    own = facts | {"declared": {"substance": "x", "joint": True, "led_by": "city"}}
    assert shut_by(refused(*city, own, way="city_filing"), 12)
    assert shut_by(refused(*args, moved, tier=Tier.PROVINCE), 12)


def test_art_13_nothing_starts_before_its_approval() -> None:
    """Art. 13: from no state before an approval is there a way to a start."""
    named = {"responsible": {"on": "2026-01-01"}}
    for state in (State.DRAFT, State.SUBMITTED, State.GATEKEPT, State.WITH_PROVINCE, State.IN_JOINT_REVIEW):
        assert refused(state, Action.START, "city.unit", Holder.OWNER, named) is not None
    assert refused(State.APPROVED, Action.START, "city.unit", Holder.OWNER, named) is None


def test_art_14_state_secrets_are_refused_and_nothing_is_kept(decide: Any) -> None:
    found = decide(classified=True)
    assert found.route is Route.REFUSED_CLASSIFIED
    assert not found.inputs


def test_art_15_a_leadership_resolution_is_among_the_materials() -> None:
    asked = Asked(Kind.NEW, 100, required(BASE, None, Kind.NEW, 100), on=ON)
    empty = missing_materials(Materials(), asked)
    assert any(each.pointer.startswith("/resolution") for each in empty)
    assert any(each.pointer == "/plan/crypto" for each in empty)


def test_art_16_what_is_evidenced_is_named_as_priority(decide: Any) -> None:
    assert decide(national_or_provincial_deployment=True, participating_offices=["乙局"]).priority
    assert not decide().priority


def test_art_17_each_of_the_seven_cases_asks_for_a_reason(decide: Any) -> None:
    found = decide(negative={"own_hardware": True})
    assert [f.item for f in found.findings if f.article == 17 and f.item] == [1]


def test_art_18_nothing_unappraised_is_reviewed() -> None:
    args = (State.WITH_PROVINCE, Action.OPEN_JOINT_REVIEW, "province.office", Holder.PROVINCE)
    facts = {"declared": {"substance": "x"}}
    assert shut_by(refused(*args, facts), 18)
    passed = {"appraised": {"on": "2026-01-01", "verdict": "pass", "substance": "x"}}
    assert refused(*args, facts | passed) is None
    assert shut_by(refused(*args, {"declared": {"substance": "y"}} | passed), 18)


def test_art_19_what_is_not_in_the_library_needs_a_reason(decide: Any) -> None:
    above = {"investment_yuan": "5000000.00"}
    assert "not_in_library" in codes(decide(**above))
    assert "not_in_library" not in codes(decide(**above, in_library=True))
    assert "not_in_library" not in codes(decide(**above, national_or_provincial_deployment=True))


def test_art_20_no_approval_against_the_leading_group() -> None:
    facts = {
        "declared": {"substance": "x"},
        "appraised": {"on": "2026-01-01", "verdict": "pass", "substance": "x"},
        "leading_group": {"on": "2026-02-01", "decision": "reject"},
    }
    args = (State.LEADING_GROUP_DECIDED, Action.PROVINCE_APPROVE, "province.drc", Holder.PROVINCE)
    assert shut_by(refused(*args, facts), 20)
    agreed = facts | {"leading_group": {"on": "2026-02-01", "decision": "approve"}}
    assert refused(*args, agreed) is None


def test_art_23_a_county_is_asked_why_it_builds_itself(decide: Any) -> None:
    county = {"declarant": {"tier": "county", "division": "360102"}}
    assert "county_reuse_first" in codes(decide(**county))
    assert "county_reuse_first" not in codes(decide(**county, featured_county_scenario=True))


def test_art_23_a_filing_is_no_permission_and_cannot_be_refused() -> None:
    """Art. 23: nobody of the province has a line that rejects a filing; a city's approver approves."""
    lines = Policy().lines
    assert not [line for line in lines if line.obj.startswith("filing") and line.act in ("reject", "refuse")]
    approving = {
        (line.tier, line.role) for line in lines if (line.obj, line.act) == ("project.city_filing", "approve")
    }
    assert approving == {("city", "approver")}


def test_art_18_an_approval_of_before_the_measures_needs_no_appraisal_after_the_fact() -> None:
    args = (State.APPROVED, Action.ISSUE_BUDGET, "province.finance", Holder.OWNER)
    assert refused(*args, {"approved": {"on": "2023-09-27"}}) is None
    assert shut_by(refused(*args, {"approved": {"on": "2023-09-28"}}), 18)


def test_art_43_party_and_mass_bodies_declare_as_others_do(decide: Any) -> None:
    party = decide(declarant={"tier": "city", "division": "360100", "office_kind": "party"})
    assert party.route is Route.CITY_FILING
    assert 43 in party.articles
