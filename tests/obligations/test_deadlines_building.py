"""Every deadline at its edges: the day before, the day itself, the day after; what rests; whose it is.

From the approval to the end of building (arts 25, 27, 29, 41).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.measures.deadlines import Calendar, Halt, Status, due, reminder_due
from service.measures.gates import GATES, GatedCase
from service.measures.lifecycle_states import State
from service.measures.offices import Tier
from service.measures.rule_entries import Basis
from tests.obligations.days import ONE, case, edges, none, on, the


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
    assert gate(GatedCase(after, facts)) is None
    if date.fromisoformat(last) > date.fromisoformat(force["until"]):
        assert gate(GatedCase(after - ONE, facts)) is not None


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
    waiting = replace(case(State.FILED, "2025-12-01", facts=facts), gated=upkeep("2025-12-01", facts))
    assert {each.code for each in due(waiting)} <= {"filing"}
    begun = {**facts, "started": on("2025-02-01")}
    running = replace(case(State.STARTED, "2026-03-01", facts=begun), gated=upkeep("2026-03-01", begun))
    assert {(each.code, each.key) for each in due(running) if each.code != "filing"} == {
        ("performance_report", "2025"),
        ("performance_report", "2026"),
        ("maintenance_proposal", "2026"),
    }
    ended = {**begun, "term_ended": on("2026-02-01")}
    over = replace(case(State.TERM_ENDED, "2026-03-01", facts=ended), gated=upkeep("2026-03-01", ended))
    assert {each.code for each in due(over)} - {"filing"} == {
        "performance_report",
        "maintenance_proposal",
        "surplus_return",
    }


def upkeep(today: str, facts: dict[str, Any]) -> GatedCase:
    return GatedCase(date.fromisoformat(today), facts, kind="maintain")


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


def test_art_27_a_year_that_ended_with_the_acceptance_can_still_be_reported() -> None:
    """Art. 27: the year stays owed until it is reported, after the acceptance too."""
    facts = {
        "approved": on("2025-01-10"),
        "started": on("2025-03-01"),
        "final_inspected": on("2026-03-10"),
        "accepted": on("2026-05-10"),
    }
    found = the(case(State.ACCEPTED, "2026-06-01", facts=facts), "performance_report")
    assert (found.key, found.status) == ("2025", Status.LAPSED)
    facts["reports"] = on("2026-06-01", years={"2025": "2026-06-01"})
    assert the(case(State.ACCEPTED, "2026-06-01", facts=facts), "performance_report").status is Status.DONE
