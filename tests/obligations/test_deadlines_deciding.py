"""Every deadline at its edges: the day before, the day itself, the day after; what rests; whose it is.

From the need to the budget (arts 8, 9, 18 to 20, 23, 39), and what owes nothing.
"""

from __future__ import annotations

from datetime import date

import pytest

from service.measures.deadlines import Status, due
from service.measures.lifecycle_states import Procedure, State
from service.measures.offices import Tier
from service.measures.rule_entries import Basis
from tests.obligations.days import DEPARTMENT, FILING, REVIEW, case, edges, none, on, the


@pytest.mark.parametrize(
    ("procedure", "article", "tier"), [(DEPARTMENT, 8, Tier.PROVINCE), (REVIEW, 9, Tier.CITY)]
)
def test_art_8_9_needs_are_reported_by_the_end_of_june(
    procedure: Procedure, article: int, tier: Tier
) -> None:
    owed = edges(State.NEED_DRAFT, "need_report", "2026-06-30", procedure=procedure, created="2026-03-01")
    assert (owed.article, owed.basis, owed.duty.tier, owed.duty.of_owner) == (article, Basis.LAW, tier, True)
    created_late = the(case(State.NEED_DRAFT, "2026-07-02", procedure, created="2026-07-01"), "need_report")
    assert created_late.due == date(2027, 6, 30)
    on_the_day = the(case(State.NEED_DRAFT, "2026-06-30", procedure, created="2026-06-30"), "need_report")
    assert (on_the_day.due, on_the_day.status) == (date(2026, 6, 30), Status.OPEN)
    reported = case(State.NEED_REPORTED, "2026-07-02", procedure, created="2026-03-01")
    assert none(reported, "need_report")


def test_art_9_a_submitted_need_is_the_citys_to_report_and_a_returned_one_joins_the_next_round() -> None:
    held = the(case(State.NEED_SUBMITTED, "2026-06-01", REVIEW, created="2026-03-01"), "need_report")
    assert held.duty.roles == ("gatekeeper",)
    back = the(
        case(State.NEED_RETURNED, "2026-09-02", REVIEW, created="2026-03-01", since="2026-09-01"),
        "need_report",
    )
    assert (back.due, back.duty.of_owner) == (date(2027, 6, 30), True)


def test_art_8_r6_an_entry_stands_until_the_day_before_two_years_are_over() -> None:
    entry = {"library": on("2024-03-05", valid_until="2026-03-05")}
    owed = edges(State.IN_LIBRARY, "library_expiry", "2026-03-04", procedure=REVIEW, facts=entry)
    assert owed.article == 9
    counted = the(
        case(State.IN_LIBRARY, "2025-01-01", REVIEW, facts={"library": on("2024-02-29")}), "library_expiry"
    )
    assert counted.due == date(2026, 2, 27)  # 28 February is the excluded end day
    declared = {**entry, "declared": on("2026-03-04")}
    assert (
        the(case(State.SUBMITTED, "2026-03-09", REVIEW, facts=declared), "library_expiry").status
        is Status.DONE
    )


def test_arts_8_19_what_came_back_is_declared_again_while_its_entry_stands() -> None:
    """R6: returned by the province, it waits under the same two years; the city's own approval asks for no entry."""
    back = {"library": on("2024-03-05", valid_until="2026-03-05"), "declared": on("2025-05-01")}
    edges(State.RETURNED, "library_expiry", "2026-03-04", procedure=REVIEW, facts=back)
    edges(State.RETURNED, "library_expiry", "2026-03-04", procedure=DEPARTMENT, facts=back)
    assert none(case(State.RETURNED, "2026-01-01", FILING, facts=back), "library_expiry")


@pytest.mark.parametrize(("procedure", "tier"), [(FILING, Tier.CITY), (REVIEW, Tier.PROVINCE)])
def test_art_18_the_agency_reports_in_practice_days(procedure: Procedure, tier: Tier) -> None:
    state = State.GATEKEPT if procedure is FILING else State.WITH_PROVINCE
    facts = {"appraisal_commissioned": on("2026-03-02")}
    owed = edges(state, "appraisal", "2026-04-01", procedure=procedure, facts=facts)
    assert (owed.duty.tier, owed.duty.roles, owed.basis) == (tier, ("agency",), Basis.PRACTICE)
    facts["appraised"] = on("2026-03-01", verdict="revise")  # an earlier one does not answer a new commission
    assert the(case(state, "2026-03-20", procedure, facts=facts), "appraisal").status is Status.OPEN
    facts["appraised"] = on("2026-03-10", verdict="pass")
    assert the(case(state, "2026-03-20", procedure, facts=facts), "appraisal").done_on == date(2026, 3, 10)


def test_art_19_the_joint_review_and_each_awaited_opinion_have_practice_days() -> None:
    facts = {"joint_review_opened": on("2026-04-01", slots=["drc", "finance"])}
    owed = edges(State.IN_JOINT_REVIEW, "joint_review", "2026-04-21", procedure=REVIEW, facts=facts)
    assert (owed.duty.roles, owed.basis, owed.article) == (("office",), Basis.PRACTICE, 19)
    opinions = {"drc": date(2026, 4, 3), "finance": date(2026, 3, 1)}  # finance spoke in an earlier review
    made = case(State.IN_JOINT_REVIEW, "2026-04-12", REVIEW, facts=facts, opinions=opinions)
    said = the(made, "joint_review_opinion", "2026-04-01.drc")
    late = the(made, "joint_review_opinion", "2026-04-01.finance")
    assert (said.status, late.status, late.due) == (Status.DONE, Status.LAPSED, date(2026, 4, 11))


def test_art_23_the_filing_is_due_in_practice_days_and_says_that_it_is_practice() -> None:
    facts = {"approved": on("2026-02-01")}
    owed = edges(State.CITY_APPROVED, "filing", "2026-02-11", facts=facts)
    assert (owed.basis, owed.article, owed.duty.roles) == (Basis.PRACTICE, 23, ("gatekeeper",))
    shorter = the(
        case(State.CITY_APPROVED, "2026-02-02", facts=facts, figures={"filing.practice_days": 5}), "filing"
    )
    assert shorter.due == date(2026, 2, 6)
    filed = the(case(State.FILED, "2026-03-01", facts=facts, filed="2026-02-10"), "filing")
    assert (filed.status, filed.done_on) == (Status.DONE, date(2026, 2, 10))


def test_art_39_a_question_on_a_filing_is_answered_in_practice_days() -> None:
    facts = {"approved": on("2026-01-01")}
    asked = {"q1": (date(2026, 2, 1), None)}
    owed = edges(State.FILED, "filing_query", "2026-02-11", facts=facts, filed="2026-01-05", queries=asked)
    assert (owed.duty.roles, owed.article) == (("gatekeeper",), 39)
    told = {"q1": (date(2026, 2, 1), date(2026, 2, 3))}
    made = case(State.FILED, "2026-03-01", facts=facts, filed="2026-01-05", queries=told)
    assert the(made, "filing_query").status is Status.DONE


@pytest.mark.parametrize("state", [State.DRAFT, State.WITHDRAWN, State.TERMINATED, State.RETIRED])
def test_what_has_ended_or_not_begun_owes_nothing(state: State) -> None:
    facts = {"approved": on("2025-01-01"), "started": on("2025-02-01"), "accepted": on("2025-12-01")}
    assert due(case(state, "2026-05-01", facts=facts)) == []


@pytest.mark.parametrize(
    "state", [State.CITY_APPROVED, State.STARTED, State.FINAL_INSPECTED, State.EVALUATED]
)
def test_art_20_the_budget_stays_owed_until_it_is_whole(state: State) -> None:
    approved = {"approved": on("2026-02-01", amount_fen=300)}
    owed = the(case(state, "2026-06-01", facts=approved), "budget")
    assert (owed.due, owed.status, owed.duty.roles) == (date(2026, 3, 3), Status.LAPSED, ("finance",))
    part = {**approved, "budget": on("2026-03-01", issued_fen=299)}
    assert the(case(state, "2026-06-01", facts=part), "budget").status is Status.LAPSED
    whole = {**approved, "budget": on("2026-03-01", issued_fen=300)}
    assert the(case(state, "2026-06-01", facts=whole), "budget").done_on == date(2026, 3, 1)
    shared = [{"source": "city_fiscal", "amount_fen": 100}, {"source": "social_capital", "amount_fen": 200}]
    mixed = {
        **approved,
        "budget": on("2026-03-01", issued_fen=100),
        "funding": on("2026-02-02", lines=shared),
    }
    assert the(case(state, "2026-06-01", facts=mixed), "budget").status is Status.DONE
    assert none(
        case(state, "2026-06-01", facts={**mixed, "funding": on("2026-02-02", lines=shared[1:])}), "budget"
    )
    assert none(case(state, "2026-06-01", facts={**approved, "imported": on("2026-05-01")}), "budget")


@pytest.mark.parametrize("state", [State.CITY_APPROVED, State.STARTED, State.SUSPENDED, State.EVALUATED])
def test_art_23_a_filing_stays_owed_however_far_the_project_has_come(state: State) -> None:
    facts = {"approved": on("2026-02-01"), "started": on("2026-03-01")}
    owed = the(case(state, "2026-06-01", facts=facts), "filing")
    assert (owed.due, owed.status) == (date(2026, 2, 11), Status.LAPSED)
    brought = {**facts, "imported": on("2026-05-01", document="批复及备案材料")}
    assert none(case(state, "2026-06-01", facts=brought), "filing")


def test_art_9_a_need_below_the_limit_owes_no_30_june() -> None:
    """Arts 5, 9, R39: it is settled in the city's own round; a department's owes it whatever the amount (art. 8)."""
    for state in (State.NEED_SUBMITTED, State.NEED_GATEKEPT, State.NEED_RETURNED):
        assert none(case(state, "2026-07-10", FILING, created="2026-01-10"), "need_report")
        assert not none(case(state, "2026-07-10", REVIEW, created="2026-01-10"), "need_report")
    draft = {"created": "2026-01-10", "declarer": Tier.CITY}
    assert none(case(State.NEED_DRAFT, "2026-07-10", None, below_limit=True, **draft), "need_report")
    assert not none(case(State.NEED_DRAFT, "2026-07-10", None, below_limit=False, **draft), "need_report")
    department = {"created": "2026-01-10", "declarer": Tier.PROVINCE, "below_limit": True}
    assert not none(case(State.NEED_DRAFT, "2026-07-10", None, **department), "need_report")
