"""One short test per hard rule, named after its article (arts 24-32: building and acceptance).

What `python -m tests.mutations` switches off fails here.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from service.measures import building
from service.measures.lifecycle import Action, Holder, State
from service.measures.offices import Tier
from tests.measures.rules import CITY, refused, shut_by


def test_art_24_a_start_without_somebody_who_answers_is_shown() -> None:
    """应当: a finding and no gate (arts 13, 39)."""
    assert refused(State.APPROVED, Action.START, "city.unit", Holder.OWNER) is None
    approved, started = date(2026, 2, 1), date(2026, 3, 1)

    def shown(**other: bool) -> tuple[str, ...]:
        settled = {"responsible": True, "unfiled": False, "supervised": True}
        return building.start_findings(approved, started, **(settled | other))

    assert shown() == ()
    assert shown(responsible=False) == ("responsible_missing",)
    assert shown(unfiled=True) == ("started_before_filing",)
    assert shown(supervised=False) == ("supervision_missing",), "art. 26"


def test_arts_12_18_the_day_of_an_approval_beside_what_it_rests_on() -> None:
    day, before, after = date(2026, 2, 1), date(2026, 1, 31), date(2026, 2, 2)

    def shown(appraised: date | None, framework: date | None, *, owed: bool = False) -> tuple[str, ...]:
        return building.approval_findings(day, appraised, framework, owed=owed)

    assert shown(day, day) == shown(before, None) == shown(None, None) == ()
    assert shown(after, after) == ("approved_unappraised", "approved_before_framework")
    assert shown(None, before, owed=True) == ("approved_unappraised",)


def test_art_29_money_is_taken_back_after_half_a_year_only() -> None:
    facts = {"approved": {"on": "2026-01-31"}}
    args = (State.APPROVED, Action.RECALL_FUNDS, "province.finance", Holder.OWNER)
    due = date(2026, 7, 31)  # R7: six calendar months
    assert shut_by(refused(*args, facts, on=due), 29)
    assert refused(*args, facts, on=due + timedelta(days=1)) is None


def test_art_30_six_months_of_trial_run() -> None:
    facts = {"trial_run": {"on": "2026-01-15"}}
    args = (State.TRIAL_RUN, Action.FINAL_INSPECT, "city.unit", Holder.OWNER)
    assert shut_by(refused(*args, facts, on=date(2026, 7, 14)), 30)
    assert refused(*args, facts, on=date(2026, 7, 15)) is None


def test_art_30_both_confirmations_stand_before_acceptance() -> None:
    agreed = {"acceptance_opinions": {"on": "2026-01-01", "slots": {"general_office": True, "finance": True}}}
    data = {"data_confirmed": {"on": "2026-01-01", "passed": True}}
    crypto = {"crypto_confirmed": {"on": "2026-01-01", "passed": True}}
    args = (State.ACCEPTANCE_APPLIED, Action.ACCEPT, "province.drc", Holder.PROVINCE)
    for lacking in (data, crypto):
        assert shut_by(refused(*args, agreed | lacking, tier=Tier.PROVINCE), 30)
    assert refused(*args, agreed | data | crypto, tier=Tier.PROVINCE) is None


@pytest.mark.parametrize(
    ("fact", "action", "who"),
    [
        ("data_confirmed", Action.CONFIRM_DATA, "city.data_office"),
        ("crypto_confirmed", Action.CONFIRM_CRYPTO, "city.crypto_organ"),
    ],
)
def test_art_30_money_is_barred_by_a_failed_confirmation_and_of_before_by_no_missing_one(
    fact: str, action: Action, who: str
) -> None:
    """Arts 30, 45, R33: the last day before the Measures, and the first under them."""
    other = {"data_confirmed", "crypto_confirmed"} - {fact}
    passed = {name: {"on": "2026-01-01", "passed": True} for name in other}
    money = (State.ACCEPTED, Action.PROPOSE_MAINTENANCE, "city.gatekeeper", Holder.OWNER)
    confirm = (State.ACCEPTED, action, who, Holder.OWNER)
    for accepted, free in (("2023-09-27", True), ("2023-09-28", False)):
        facts = passed | {"accepted": {"on": accepted}}
        assert (refused(*money, facts, way=CITY) is None) is free
        assert refused(*confirm, facts, way=CITY) is None, "either may still be confirmed"
        failed = facts | {fact: {"on": "2026-01-02", "passed": False}}
        assert shut_by(refused(*money, failed, way=CITY), 30)
        assert refused(*confirm, failed, way=CITY) is None
        done = facts | {fact: {"on": "2026-01-03", "passed": True}}
        assert refused(*money, done, way=CITY) is None
        assert shut_by(refused(*confirm, done, way=CITY), 30)


def test_art_32_acceptance_is_decided_with_the_two_other_organs() -> None:
    confirmed = {
        "data_confirmed": {"on": "2026-01-01", "passed": True},
        "crypto_confirmed": {"on": "2026-01-01", "passed": True},
    }
    args = (State.ACCEPTANCE_APPLIED, Action.ACCEPT, "province.drc", Holder.PROVINCE)
    against = {
        "acceptance_opinions": {"on": "2026-01-01", "slots": {"general_office": True, "finance": False}}
    }
    assert shut_by(refused(*args, confirmed | against, tier=Tier.PROVINCE), 32)
