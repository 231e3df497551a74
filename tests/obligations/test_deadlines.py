"""Every deadline at its edges: the day before, the day itself, the day after; what rests; whose it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from service.measures.deadlines import Calendar, CaseOnDay, Halt, Obligation, Status, due, reminder_due
from service.measures.entries import Basis
from service.measures.gates import GATES, Standing
from service.measures.lifecycle_states import Procedure, State
from service.measures.offices import Tier

FILING, REVIEW, DEPARTMENT = Procedure.CITY_FILING, Procedure.PROVINCIAL_REVIEW, Procedure.DEPARTMENTAL
ONE = timedelta(days=1)


def on(day: str, **value: Any) -> dict[str, Any]:
    return {"on": day, **value}


def case(state: State, today: str, procedure: Procedure | None = FILING, **more: Any) -> CaseOnDay:
    facts = {name: value for name, value in more.pop("facts", {}).items() if value is not None}
    figures = more.pop("figures", {})
    tier = Tier.PROVINCE if procedure is DEPARTMENT else Tier.CITY
    for name in ("since", "created", "filed"):
        if isinstance(more.get(name), str):
            more[name] = date.fromisoformat(more[name])
    more.setdefault("created", date(2025, 1, 10))
    return CaseOnDay(
        state,
        procedure,
        more.pop("declarer", tier),
        Standing(date.fromisoformat(today), facts, figures),
        **more,
    )


def the(made: CaseOnDay, code: str, key: str | None = None) -> Obligation:
    found = [each for each in due(made) if each.code == code and key in (None, each.key)]
    assert len(found) == 1, [(each.code, each.key) for each in due(made)]
    return found[0]


def none(made: CaseOnDay, code: str) -> bool:
    return code not in {each.code for each in due(made)}


def edges(state: State, code: str, last: str, **more: Any) -> Obligation:
    """Open on the day before and on the last day itself, late on the day after; the last day's obligation."""
    day = date.fromisoformat(last)
    for today, status in ((day - ONE, Status.OPEN), (day, Status.OPEN), (day + ONE, Status.LAPSED)):
        found = the(case(state, today.isoformat(), **more), code)
        assert (found.due, found.status) == (day, status), (today, found)
    return the(case(state, last, **more), code)


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


def test_art_29_r7_half_a_year_from_the_approval_then_a_person_decides() -> None:
    facts = {"approved": on("2025-08-31")}
    owed = edges(State.FILED, "start", "2026-02-28", facts=facts)
    assert (owed.basis, owed.article) == (Basis.LAW, 29)
    assert owed.points == (("4m", date(2025, 12, 31)), ("5m", date(2026, 1, 31)))
    assert none(case(State.FILED, "2026-02-28", facts=facts), "recall_decision")
    recall = the(case(State.FILED, "2026-03-01", facts=facts), "recall_decision")
    assert (recall.duty.tier, recall.duty.roles, recall.basis) == (Tier.CITY, ("finance",), Basis.PRACTICE)
    assert recall.due == date(2026, 3, 30)
    recalled = the(
        case(State.FUNDS_RECALLED, "2026-04-05", facts=facts, since="2026-03-20"), "recall_decision"
    )
    assert recalled.done_on == date(2026, 3, 20)
    started = case(State.STARTED, "2026-04-05", facts={**facts, "started": on("2026-02-28")})
    assert the(started, "start").status is Status.DONE
    assert none(started, "recall_decision")


def force_of(since: str, until: str | None = None, state: str = "accepted") -> dict[str, Any]:
    """The fact of one claim as it stands after its decision (R28)."""
    claim = {"id": "a", "since": since, "until": until, "state": state, "told": since}
    return on(since, until=until, claims=[claim], earlier_days=0)


@pytest.mark.parametrize(
    ("force", "last"),
    [
        (force_of("2026-01-10", "2026-02-09"), "2026-03-30"),  # thirty days that did not count
        (force_of("2025-08-01", "2025-09-10"), "2026-03-10"),  # before the approval nothing had begun
        (force_of("2026-03-05", "2026-05-05"), "2026-02-28"),  # too late to move what had lapsed
        (force_of("2026-01-10", "2026-02-09", "claimed"), "2026-02-28"),  # nobody has found it yet
        (force_of("2026-01-10", "2026-02-09", "refused"), "2026-02-28"),
        (
            on("2026-01-10", until="2026-02-09", earlier_days=3),
            "2026-03-03",
        ),  # recorded before there were decisions
    ],
)
def test_art_29_force_majeure_moves_the_day_and_the_gate_agrees(force: dict[str, Any], last: str) -> None:
    facts = {"approved": on("2025-08-31"), "force_majeure": force}
    after = max(date.fromisoformat(last), date.fromisoformat(force["until"])) + ONE
    owed = the(case(State.FILED, after.isoformat(), facts=facts), "start")
    assert (owed.due.isoformat(), owed.status) == (last, Status.LAPSED)
    gate = GATES["half_year_over"].test
    assert gate(Standing(after, facts)) is None
    if date.fromisoformat(last) > date.fromisoformat(force["until"]):
        assert gate(Standing(after - ONE, facts)) is not None


def test_art_29_while_force_majeure_lasts_nothing_lapses_and_nobody_is_reminded() -> None:
    facts = {"approved": on("2025-08-31"), "force_majeure": force_of("2026-01-31")}
    owed = the(case(State.FILED, "2026-06-30", facts=facts), "start")
    assert (owed.paused, owed.status, owed.pauses[0].halt) == (True, Status.OPEN, Halt.FORCE_MAJEURE)
    assert owed.due == date(2026, 2, 28) + (date(2026, 6, 30) - date(2026, 1, 31))
    assert reminder_due(owed, Calendar(), date(2026, 6, 30)) is None
    assert none(case(State.FILED, "2026-06-30", facts=facts), "recall_decision")


def test_art_29_a_claim_wants_a_decision_and_rests_nothing() -> None:
    facts = {"approved": on("2025-08-31"), "force_majeure": force_of("2026-01-31", state="claimed")}
    waiting = case(State.FILED, "2026-03-10", facts=facts)
    owed = the(waiting, "force_majeure_decision")
    assert (owed.due, owed.duty.roles, owed.basis) == (date(2026, 2, 15), ("finance",), Basis.PRACTICE)
    assert the(waiting, "start").status is Status.LAPSED
    assert the(waiting, "recall_decision").due == date(2026, 3, 30)
    assert none(case(State.STARTED, "2026-03-10", facts={**facts, "started": on("2026-02-01")}), owed.code)
    late = {**facts, "force_majeure": force_of("2026-03-01")}
    assert the(case(State.FILED, "2026-03-10", facts=late), "start").status is Status.LAPSED


def test_maintenance_owes_reports_and_proposals_but_no_trial_run_start_or_evaluation() -> None:
    """R30: arts 27(3), 36 as ever; 29, 30 and the window of 40 have nothing to run from."""
    facts = {"approved": on("2025-01-10"), "budget": on("2025-01-20", issued_fen=10)}
    waiting = replace(case(State.FILED, "2025-12-01", facts=facts), standing=upkeep("2025-12-01", facts))
    assert {each.code for each in due(waiting)} <= {"filing"}
    begun = {**facts, "started": on("2025-02-01")}
    running = replace(case(State.STARTED, "2026-03-01", facts=begun), standing=upkeep("2026-03-01", begun))
    assert {(each.code, each.key) for each in due(running) if each.code != "filing"} == {
        ("performance_report", "2025"), ("performance_report", "2026"), ("maintenance_proposal", "2026"),
    }  # fmt: skip
    ended = {**begun, "term_ended": on("2026-02-01")}
    over = replace(case(State.TERM_ENDED, "2026-03-01", facts=ended), standing=upkeep("2026-03-01", ended))
    assert {each.code for each in due(over)} - {"filing"} == {
        "performance_report", "maintenance_proposal", "surplus_return",
    }  # fmt: skip


def upkeep(today: str, facts: dict[str, Any]) -> Standing:
    return Standing(date.fromisoformat(today), facts, kind="maintain")


def test_art_27_a_report_for_every_year_at_whose_end_it_is_being_built() -> None:
    facts: dict[str, Any] = {"approved": on("2025-01-10"), "started": on("2025-03-01")}
    made = case(
        State.STARTED,
        "2027-01-01",
        facts={**facts, "reports": on("2025-12-20", years={"2025": "2025-12-20"})},
    )
    by_year = {each.key: each.status for each in due(made) if each.code == "performance_report"}
    assert by_year == {"2025": Status.DONE, "2026": Status.LAPSED, "2027": Status.OPEN}
    last_day = the(case(State.STARTED, "2025-12-31", facts=facts), "performance_report")
    assert (last_day.due, last_day.status, last_day.article) == (date(2025, 12, 31), Status.OPEN, 27)
    ended = {**facts, "trial_run": on("2025-06-01"), "final_inspected": on("2025-12-31")}
    assert none(case(State.FINAL_INSPECTED, "2026-01-05", facts=ended), "performance_report")
    over = {**ended, "final_inspected": on("2026-01-01")}
    assert the(case(State.FINAL_INSPECTED, "2026-01-05", facts=over), "performance_report").key == "2025"


def test_art_25_a_certificate_is_renewed_by_its_last_day() -> None:
    facts = {"started": on("2025-03-01"), "certificates": on("2025-03-01", by_kind={"crypto": "2026-03-01"})}
    owed = edges(State.STARTED, "certificate", "2026-03-01", facts=facts)
    assert (owed.article, owed.key) == (25, "crypto")


def test_art_41_an_order_is_due_on_its_date_and_a_failed_answer_is_late_at_once() -> None:
    order = {"on": "2026-03-01", "due": "2026-04-01", "by": "finance"}
    facts: dict[str, Any] = {"started": on("2025-03-01"), "orders": on("2026-03-01", open={"o1": order})}
    owed = edges(State.STARTED, "rectification", "2026-04-01", facts=facts)
    assert (owed.article, owed.key, owed.duty.of_owner) == (41, "o1", True)
    facts["orders"]["open"]["o1"] = {**order, "failed": True}
    failed = the(case(State.STARTED, "2026-03-10", facts=facts), "rectification")
    assert (failed.status, failed.due) == (Status.LAPSED, date(2026, 4, 1))


def test_art_30_six_months_of_trial_run_then_the_inspection_in_practice_days() -> None:
    facts: dict[str, Any] = {"started": on("2025-01-01"), "trial_run": on("2025-08-31")}
    assert the(case(State.TRIAL_RUN, "2026-02-27", facts=facts), "trial_run").status is Status.OPEN
    assert none(case(State.TRIAL_RUN, "2026-02-27", facts=facts), "final_inspection")
    assert the(case(State.TRIAL_RUN, "2026-02-28", facts=facts), "trial_run").status is Status.DONE
    owed = edges(State.TRIAL_RUN, "final_inspection", "2026-03-30", facts=facts)
    assert (owed.basis, owed.article, owed.since) == (Basis.PRACTICE, 30, date(2026, 2, 28))
    facts["extension"] = on("2026-03-01", until="2026-06-30")
    extended = edges(State.TRIAL_RUN, "final_inspection", "2026-06-30", facts=facts)
    assert [each.halt for each in extended.pauses] == [Halt.EXTENSION]
    assert not extended.paused


def test_art_30_41_a_suspension_moves_the_trial_runs_end_and_the_gate_agrees() -> None:
    stop = on("2026-01-01", until="2026-01-21")
    stop["from"] = "trial_run"
    facts = {"started": on("2025-01-01"), "trial_run": on("2025-08-31"), "suspended": stop}
    before = the(case(State.TRIAL_RUN, "2026-03-19", facts=facts), "trial_run")
    assert (before.due, before.status) == (date(2026, 3, 20), Status.OPEN)
    gate = GATES["trial_run_over"].test
    assert gate(Standing(date(2026, 3, 19), facts)) is not None
    assert gate(Standing(date(2026, 3, 20), facts)) is None
    standing = {**facts, "suspended": {"on": "2026-01-01", "from": "trial_run"}}
    resting = the(case(State.SUSPENDED, "2026-06-01", facts=standing), "trial_run")
    assert (resting.paused, resting.status) == (True, Status.OPEN)


def test_art_30_the_application_follows_the_inspection_unless_extended_in_writing() -> None:
    facts: dict[str, Any] = {"trial_run": on("2025-06-01"), "final_inspected": on("2026-01-05")}
    owed = edges(State.FINAL_INSPECTED, "acceptance_application", "2026-02-04", facts=facts)
    assert owed.basis is Basis.PRACTICE
    longer = {**facts, "extension": on("2026-02-01", until="2026-05-01")}
    edges(State.FINAL_INSPECTED, "acceptance_application", "2026-05-01", facts=longer)
    returned = {**facts, "acceptance_applied": on("2026-01-20")}
    anew = the(
        case(State.FINAL_INSPECTED, "2026-03-01", facts=returned, since="2026-02-20"),
        "acceptance_application",
    )
    assert (anew.status, anew.due) == (Status.OPEN, date(2026, 3, 22))


@pytest.mark.parametrize(("procedure", "tier"), [(FILING, Tier.CITY), (REVIEW, Tier.PROVINCE)])
def test_art_30_confirmations_are_the_deciding_tiers(procedure: Procedure, tier: Tier) -> None:
    facts: dict[str, Any] = {"trial_run": on("2025-06-01"), "final_inspected": on("2026-01-05")}
    more = {"procedure": procedure, "facts": facts}
    data = edges(State.FINAL_INSPECTED, "data_confirmation", "2026-01-20", **more)
    crypto = edges(State.FINAL_INSPECTED, "crypto_confirmation", "2026-01-20", **more)
    assert (data.duty.tier, data.duty.roles) == (tier, ("data_office",))
    assert crypto.duty.roles == ("crypto_organ",)
    facts["data_confirmed"] = on("2026-01-10", passed=False)
    answered = the(case(State.FINAL_INSPECTED, "2026-02-01", procedure, facts=facts), "data_confirmation")
    assert answered.status is Status.DONE


@pytest.mark.parametrize(("procedure", "tier"), [(REVIEW, Tier.CITY), (DEPARTMENT, Tier.PROVINCE)])
def test_art_32_acceptance_is_the_citys_own_or_the_provinces(procedure: Procedure, tier: Tier) -> None:
    facts: dict[str, Any] = {"final_inspected": on("2026-01-05"), "acceptance_applied": on("2026-02-01")}
    more = {"procedure": procedure, "facts": facts}
    decision = edges(State.ACCEPTANCE_APPLIED, "acceptance_decision", "2026-03-03", **more)
    assert decision.duty.tier is tier
    facts["acceptance_opinions"] = on("2026-02-03", slots={"finance": True})
    made = case(State.ACCEPTANCE_APPLIED, "2026-02-17", procedure, facts=facts)
    states = {each.key[11:]: each.status for each in due(made) if each.code == "acceptance_opinion"}
    assert states == {"general_office": Status.LAPSED, "finance": Status.DONE}


def test_art_32_a_delegated_acceptance_is_reported_and_a_citys_is_filed() -> None:
    facts: dict[str, Any] = {
        "final_inspected": on("2026-01-05"),
        "acceptance_applied": on("2026-02-01"),
        "acceptance_delegated": on("2026-02-10"),
    }
    edges(State.ACCEPTANCE_DELEGATED, "acceptance_report", "2026-04-11", procedure=DEPARTMENT, facts=facts)
    facts["accepted"] = on("2026-03-01")
    filing = edges(State.ACCEPTED, "acceptance_filing", "2026-03-11", procedure=REVIEW, facts=facts)
    assert (filing.basis, filing.duty.roles) == (Basis.PRACTICE, ("gatekeeper",))
    for other in (FILING, DEPARTMENT):
        assert none(case(State.ACCEPTED, "2026-03-02", other, facts=facts), "acceptance_filing")
    facts["acceptance_filed"] = on("2026-03-05")
    assert (
        the(case(State.ACCEPTED, "2026-04-01", REVIEW, facts=facts), "acceptance_filing").status
        is Status.DONE
    )


def test_art_40_the_self_evaluation_counts_from_the_later_of_acceptance_and_operation() -> None:
    facts = {"accepted": on("2025-08-31"), "operation": on("2025-05-01")}
    owed = edges(State.ACCEPTED, "self_evaluation", "2026-08-31", facts=facts)
    assert (owed.since, owed.points) == (date(2026, 2, 28), (("opens", date(2026, 2, 28)),))
    later = {**facts, "operation": on("2025-10-10")}
    assert the(case(State.ACCEPTED, "2026-01-01", facts=later), "self_evaluation").due == date(2026, 10, 10)
    assert none(case(State.ACCEPTED, "2026-01-01", facts={"accepted": on("2025-08-31")}), "self_evaluation")


def test_art_36_proposals_by_the_end_of_august_of_both_organs() -> None:
    facts: dict[str, Any] = {"accepted": on("2026-08-31")}
    owed = edges(State.ACCEPTED, "maintenance_proposal", "2026-08-31", procedure=DEPARTMENT, facts=facts)
    assert (owed.duty.roles, owed.article, owed.basis) == (("office", "drc"), 36, Basis.LAW)
    assert none(
        case(State.ACCEPTED, "2026-10-01", facts={"accepted": on("2026-09-01")}), "maintenance_proposal"
    )
    assert the(case(State.ACCEPTED, "2027-01-01", facts=facts), "maintenance_proposal").key == "2027"
    facts["maintenance"] = on("2026-08-20", years={"2026": "2026-08-20"})
    assert the(case(State.ACCEPTED, "2026-09-09", facts=facts), "maintenance_proposal").status is Status.DONE


def test_art_38_what_is_left_goes_back_in_practice_days() -> None:
    facts: dict[str, Any] = {"accepted": on("2026-01-01"), "budget": on("2025-01-01", issued_fen=100)}
    owed = edges(State.ACCEPTED, "surplus_return", "2026-04-01", facts=facts)
    assert (owed.article, owed.basis) == (38, Basis.PRACTICE)
    facts["payments"] = on("2026-02-01", paid_fen=100, returned_fen=0)
    assert none(case(State.ACCEPTED, "2026-04-02", facts=facts), "surplus_return")
    facts["payments"] = on("2026-02-01", paid_fen=90, returned_fen=10)
    assert the(case(State.ACCEPTED, "2026-04-02", facts=facts), "surplus_return").status is Status.DONE


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


def test_trap_8_what_a_city_shortens_binds_nobody_at_the_province() -> None:
    facts = {"final_inspected": on("2026-01-05")}
    own, province = {"confirmation.practice_days": 1}, {"confirmation.practice_days": 15}
    made = case(State.FINAL_INSPECTED, "2026-01-06", REVIEW, facts=facts, figures=own, provincial=province)
    assert the(made, "data_confirmation").due == date(2026, 1, 20)
    city = case(State.FINAL_INSPECTED, "2026-01-06", FILING, facts=facts, figures=own, provincial=province)
    assert the(city, "data_confirmation").due == date(2026, 1, 6)


def test_art_27_45_no_report_is_owed_for_years_before_the_measures() -> None:
    """R8: a project begun in 2015 owes reports from 2023 on."""
    facts = {"approved": on("2015-02-01"), "started": on("2015-03-01")}
    keys = [
        each.key
        for each in due(case(State.STARTED, "2026-01-05", facts=facts))
        if each.code == "performance_report"
    ]
    assert sorted(keys) == ["2023", "2024", "2025", "2026"]


def test_art_41_an_answer_in_time_keeps_the_day_and_a_late_one_its_own() -> None:
    order = {"on": "2026-05-01", "due": "2026-05-20", "failed": False, "answered": True}
    for told, failed, status in (("2026-05-20", False, Status.DONE), ("2026-05-20", True, Status.LAPSED)):
        facts = {
            "orders": on("2026-06-30", open={"o": {**order, "answered_on": told, "failed": failed}}),
            "approved": on("2026-03-01"),
            "started": on("2026-03-02"),
        }
        found = the(case(State.STARTED, "2026-07-01", facts=facts), "rectification")
        assert found.status is status
        assert found.done_on == (date(2026, 5, 20) if status is Status.DONE else None)


@pytest.mark.parametrize("state", [State.CITY_APPROVED, State.FILED])
def test_art_29_the_half_year_runs_from_the_approval_filed_or_not(state: State) -> None:
    assert the(case(state, "2026-09-01", facts={"approved": on("2026-01-10")}), "recall_decision")


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


def test_art_36_what_was_proposed_stays_kept_in_later_years() -> None:
    facts = {"accepted": on("2026-02-01"), "maintenance": on("2026-08-04", years={"2026": "2026-08-04"})}
    found = {each.key: each for each in due(case(State.ACCEPTED, "2027-03-01", facts=facts))}
    assert (found["2026"].status, found["2026"].done_on) == (Status.DONE, date(2026, 8, 4))
    assert found["2027"].status is Status.OPEN


def test_art_45_nothing_is_owed_of_before_the_measures() -> None:
    """Arts 30, 32, 38, 40, 45: what fell due by 27 September 2023 was never owed; what fell due the day after is."""
    facts = {
        "approved": on("2020-03-02"), "started": on("2020-05-06"), "trial_run": on("2020-12-01"),
        "final_inspected": on("2021-06-10"), "acceptance_applied": on("2021-07-01"), "accepted": on("2021-09-10"),
        "operation": on("2022-09-27"), "budget": on("2020-04-01", issued_fen=100), "payments": on("2021-09-01"),
    }  # fmt: skip
    for way in (FILING, REVIEW, DEPARTMENT):
        made = case(State.ACCEPTED, "2026-06-01", way, facts=facts)
        assert {each.code for each in due(made)} == {"maintenance_proposal"}, way
    later = facts | {"operation": on("2022-09-28")}
    found = the(case(State.ACCEPTED, "2026-06-01", facts=later), "self_evaluation")
    assert (found.due, found.status) == (date(2023, 9, 28), Status.LAPSED)
    expired = facts | {"certificates": on("2021-01-01", by_kind={"protection_level": "2022-01-01"})}
    found = the(case(State.ACCEPTED, "2026-06-01", facts=expired), "certificate")
    assert found.due == date(2023, 9, 28), "missing since art. 25 asks for it"


def test_art_27_a_year_that_ended_with_the_acceptance_can_still_be_reported() -> None:
    """Art. 27: the year stays owed until it is reported, after the acceptance too."""
    facts = {"approved": on("2025-01-10"), "started": on("2025-03-01"), "final_inspected": on("2026-03-10"),
             "accepted": on("2026-05-10")}  # fmt: skip
    found = the(case(State.ACCEPTED, "2026-06-01", facts=facts), "performance_report")
    assert (found.key, found.status) == ("2025", Status.LAPSED)
    facts["reports"] = on("2026-06-01", years={"2025": "2026-06-01"})
    assert the(case(State.ACCEPTED, "2026-06-01", facts=facts), "performance_report").status is Status.DONE


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
