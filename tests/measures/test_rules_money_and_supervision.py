"""One short test per hard rule, named after its article (arts 33-42: money, evaluation, supervision).

What `python -m tests.mutations` switches off fails here.
"""

from __future__ import annotations

from datetime import date

import pytest

from service.kit.authz import Policy
from service.measures.funding import FundingRefused, check_lines
from service.measures.lifecycle import Action, Holder, State
from tests.measures.rules import CITY, refused, shut_by


def test_art_40_who_owes_no_self_evaluation_retires_without_one() -> None:
    """Arts 40, 45: twelve months that were over on the last day before the Measures, and those over on their first."""
    args = (State.ACCEPTED, Action.RETIRE, "city.unit", Holder.OWNER)
    before = {"accepted": {"on": "2022-03-01"}, "operation": {"on": "2022-09-27"}}
    assert refused(*args, before, way=CITY) is None
    assert shut_by(refused(*args, before | {"operation": {"on": "2022-09-28"}}, way=CITY), 40)
    assert shut_by(refused(*args, {"accepted": {"on": "2025-01-01"}}, way=CITY), 40)


def test_arts_33_34_35_the_sources_sum_to_the_whole() -> None:
    check_lines([60, 40], 100)
    with pytest.raises(FundingRefused):
        check_lines([60, 39], 100)


def test_art_38_nothing_is_paid_without_a_budget() -> None:
    args = (State.FILED, Action.RECORD_PAYMENT, "city.unit", Holder.OWNER)
    assert shut_by(refused(*args, way=CITY), 38)
    assert refused(*args, {"budget": {"on": "2026-01-01"}}, way=CITY) is None


def test_art_39_who_supervises_reads_and_changes_nothing() -> None:
    """Art. 39: supervision sees every case; what was sealed nobody edits."""
    lines = Policy().lines
    acts = {line.act for line in lines if line.role == "supervisor" and line.obj == "project"}
    assert "read" in acts
    assert not acts & {"edit", "submit", "delete", "declare", "approve"}
    assert refused(State.SUBMITTED, Action.EDIT, "city.unit", Holder.CITY) is not None


def test_art_40_evaluation_opens_six_months_after_the_later_day() -> None:
    facts = {"accepted": {"on": "2026-01-10"}, "operation": {"on": "2026-02-10"}}
    args = (State.ACCEPTED, Action.EVALUATE, "city.unit", Holder.OWNER)
    assert shut_by(refused(*args, facts, on=date(2026, 8, 9)), 40)
    assert refused(*args, facts, on=date(2026, 8, 10)) is None


def test_art_41_measures_follow_an_order_that_lapsed() -> None:
    facts = {"orders": {"on": "2026-01-01", "open": {"o": {"due": "2026-03-01"}}}}
    args = (State.STARTED, Action.SUSPEND, "province.office", Holder.OWNER)
    early = refused(*args, facts, on=date(2026, 3, 1))
    assert shut_by(early, 41)
    # Told before whose order it is: an organ waits for the day, and does not look for another organ.
    assert early is not None and early.gate == "order_lapsed"
    assert refused(*args, facts, on=date(2026, 3, 2)) is None


def test_art_42_the_whole_history_is_for_those_who_ask_who_answers() -> None:
    """Art. 42: audit and evidence are open to auditors and supervisors of both tiers."""
    reading = {
        (line.tier, line.role) for line in Policy().lines if (line.obj, line.act) == ("evidence", "read")
    }
    assert {
        ("city", "auditor"),
        ("province", "auditor"),
        ("city", "supervisor"),
        ("province", "supervisor"),
    } <= reading
