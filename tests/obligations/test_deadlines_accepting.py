"""Every deadline at its edges: the day before, the day itself, the day after; what rests; whose it is.

From the trial run on (arts 30, 32, 36, 38, 40), and what fell due before there were Measures (art. 45).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.measures.deadlines import Halt, Status, due
from service.measures.gates import GATES, GatedCase
from service.measures.lifecycle_states import Procedure, State
from service.measures.offices import Tier
from service.measures.rule_entries import Basis
from tests.obligations.days import DEPARTMENT, FILING, REVIEW, case, edges, none, on, the


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
    assert gate(GatedCase(date(2026, 3, 19), facts)) is not None
    assert gate(GatedCase(date(2026, 3, 20), facts)) is None
    gated = {**facts, "suspended": {"on": "2026-01-01", "from": "trial_run"}}
    resting = the(case(State.SUSPENDED, "2026-06-01", facts=gated), "trial_run")
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


def test_art_41_nothing_rests_any_more_on_the_day_a_project_goes_on() -> None:
    """R44: the day of the suspension rests, the day of the resumption does not."""
    stop = {"on": "2025-07-01", "from": "trial_run", "until": "2026-02-10"}
    facts = {"started": on("2025-02-01"), "trial_run": on("2025-06-01"), "suspended": stop}
    for state, day, resting in (
        (State.SUSPENDED, "2026-02-09", True),
        (State.TRIAL_RUN, "2026-02-10", False),
        (State.TRIAL_RUN, "2026-02-11", False),
    ):
        report = the(case(state, day, facts=facts), "performance_report", "2025")
        assert (report.paused, report.status) == (resting, Status.OPEN if resting else Status.LAPSED)


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


def test_trap_8_what_a_city_shortens_binds_nobody_at_the_province() -> None:
    facts = {"final_inspected": on("2026-01-05")}
    own, province = {"confirmation.practice_days": 1}, {"confirmation.practice_days": 15}
    made = case(State.FINAL_INSPECTED, "2026-01-06", REVIEW, facts=facts, figures=own, provincial=province)
    assert the(made, "data_confirmation").due == date(2026, 1, 20)
    city = case(State.FINAL_INSPECTED, "2026-01-06", FILING, facts=facts, figures=own, provincial=province)
    assert the(city, "data_confirmation").due == date(2026, 1, 6)


def test_art_36_what_was_proposed_stays_kept_in_later_years() -> None:
    facts = {"accepted": on("2026-02-01"), "maintenance": on("2026-08-04", years={"2026": "2026-08-04"})}
    found = {each.key: each for each in due(case(State.ACCEPTED, "2027-03-01", facts=facts))}
    assert (found["2026"].status, found["2026"].done_on) == (Status.DONE, date(2026, 8, 4))
    assert found["2027"].status is Status.OPEN


def test_art_45_nothing_is_owed_of_before_the_measures() -> None:
    """Arts 30, 32, 38, 40, 45: what fell due by 27 September 2023 was never owed; what fell due the day after is."""
    facts = {
        "approved": on("2020-03-02"),
        "started": on("2020-05-06"),
        "trial_run": on("2020-12-01"),
        "final_inspected": on("2021-06-10"),
        "acceptance_applied": on("2021-07-01"),
        "accepted": on("2021-09-10"),
        "operation": on("2022-09-27"),
        "budget": on("2020-04-01", issued_fen=100),
        "payments": on("2021-09-01"),
    }
    for way in (FILING, REVIEW, DEPARTMENT):
        made = case(State.ACCEPTED, "2026-06-01", way, facts=facts)
        assert {each.code for each in due(made)} == {"maintenance_proposal"}, way
    later = facts | {"operation": on("2022-09-28")}
    found = the(case(State.ACCEPTED, "2026-06-01", facts=later), "self_evaluation")
    assert (found.due, found.status) == (date(2023, 9, 28), Status.LAPSED)
    expired = facts | {"certificates": on("2021-01-01", by_kind={"protection_level": "2022-01-01"})}
    found = the(case(State.ACCEPTED, "2026-06-01", facts=expired), "certificate")
    assert found.due == date(2023, 9, 28), "missing since art. 25 asks for it"
