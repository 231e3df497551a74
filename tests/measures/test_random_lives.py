"""Random lives against a model of the Measures written without the table (lives.py): 500 of 40 steps.

Whatever is tried, by whomever, in whatever order and on whatever day: no illegal order, gate or date is passed.
"""

from __future__ import annotations

import os
from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from service.kit.roles import load_roles
from service.measures.gates import GatedCase
from service.measures.lifecycle import (
    TERMINAL,
    TRANSITIONS,
    Action,
    Holder,
    NotAllowed,
    Procedure,
    State,
    Transition,
    step,
)
from service.measures.offices import Tier
from tests.measures.facts_of_lives import facts_of
from tests.measures.life import Past, months_on, next_day
from tests.measures.lives import unlawful

PEOPLE = sorted(f"{tier}.{role}" for tier, role in load_roles().valid)
ACTIONS = sorted(Action, key=lambda action: action.value)
REACHED: Counter[str] = Counter()
LIVES = int(os.environ.get("TONGJIAN_LIVES", "150"))


class Lives(RuleBasedStateMachine):
    """One life; `attempt` tries anything, `go_on` something that is open."""

    @initialize(
        procedure=st.sampled_from(Procedure),
        need=st.booleans(),
        joint=st.booleans(),
        county=st.booleans(),
        ahead=st.integers(0, 30),
        then=st.sampled_from(["delivered", "ordered"]),
    )
    def begin(
        self, procedure: Procedure, need: bool, joint: bool, county: bool, ahead: int, then: str
    ) -> None:
        departmental = procedure is Procedure.DEPARTMENTAL
        self.tier = Tier.PROVINCE if departmental else Tier.COUNTY if county else Tier.CITY
        self.route = "city_filing" if procedure is Procedure.CITY_FILING else "provincial_review"
        self.procedure = procedure
        self.life = Past(departmental, self.route == "provincial_review", joint=joint)
        # Below the limit there is no need to report.
        self.state = State.NEED_DRAFT if need and self.life.provincial else State.DRAFT
        self.holder = Holder.OWNER
        self._go_ahead(ahead, DELIVERED if then == "delivered" else ORDERED)

    def _go_ahead(self, steps: int, delivery: list[Action]) -> None:
        """So many acts of an ordinary life, so that later ones are tried from late states too."""
        ordinary = [*ORDINARY[self.procedure], *delivery]
        if self.state is State.NEED_DRAFT:
            ordinary = [*NEED[self.life.departmental], *ordinary]
        for action in ordinary[:steps]:
            next_day(self.life, 190 if action in (Action.FINAL_INSPECT, Action.EVALUATE) else 3)
            row = TRANSITIONS.get((self.state, action, self.procedure))
            assert row is None or self._try(action, row.who[0], 0), action
            if row is None:
                return

    def _try(self, action: Action, who: str, outcome: Any) -> bool:
        gated = GatedCase(self.life.today, facts_of(self.life), {"review.city_steps": "direct"})
        if action is Action.DELETE:
            return False
        wrong = unlawful(self.life, action, who)
        try:
            row = step(
                self.state,
                action,
                route=self.route,
                declarer_tier=self.tier,
                holder=self.holder,
                roles=[who],
                gated=gated,
            )
        except NotAllowed as refused:
            assert refused.detail
            assert 1 <= refused.article <= 45
            return False
        assert wrong is None, f"art. {wrong} broken by {who} {action} at {self.state}: {self.life.done}"
        assert self.state not in TERMINAL
        if row.holder_before is not None:
            assert row.holder_before is self.holder, "only one desk has the pen"
        if action in (Action.SUBMIT, Action.NEED_SUBMIT) or (
            action is Action.NEED_REPORT and self.life.departmental
        ):
            self.life.text = outcome
        self.life.done.append((self.life.today, action.value, self._outcome(action, outcome, who)))
        self.state, self.holder = row.target, row.holder_after or self.holder
        REACHED[self.state.value] += 1
        event(self.state.value)
        return True

    def _outcome(self, action: Action, outcome: int, who: str) -> Any:
        """What came of the act: mostly well, sometimes not."""
        well = outcome % 4 != 3
        orders = [entry for entry in self.life.done if entry[1] == "order_rectification"]
        match action:
            case Action.APPRAISE:
                return ("pass", self.life.text)
            case Action.CONCLUDE_APPRAISAL:
                return ("pass" if well else "revise", self.life.text)
            case Action.RECORD_LEADING_GROUP:
                return "approve" if well else "return"
            case Action.ORDER_RECTIFICATION:
                return (len(orders), months_later(self.life, outcome % 3))
            case Action.CLOSE_ORDER:
                return len(orders) - 1
            case Action.RECORD_FORCE_MAJEURE:
                return (f"claim {len(self.life.done)}", bool(outcome % 2))
            case Action.DECIDE_FORCE_MAJEURE | Action.END_FORCE_MAJEURE:
                claims = facts_of(self.life)["force_majeure"]["claims"]
                if action is Action.DECIDE_FORCE_MAJEURE:
                    return (
                        next(each["id"] for each in claims if each["state"] == "claimed"),
                        outcome % 3 != 2,
                    )
                return next(
                    each["id"] for each in claims if each["until"] is None and each["state"] != "refused"
                )
            case Action.ASSESS_AFFORDABILITY:
                return (who.partition(".")[0], well)
            case Action.SUSPEND:
                return self.state.value
            case _:
                return well

    @rule(days=st.sampled_from([0, 1, 29, 61, 92, 184, 366]))
    def time_passes(self, days: int) -> None:
        next_day(self.life, days)

    @rule(action=st.sampled_from(ACTIONS), who=st.sampled_from(PEOPLE), outcome=st.integers(0, 7))
    def attempt(self, action: Action, who: str, outcome: int) -> None:
        self._try(action, who, outcome)

    @rule(rng=st.randoms(use_true_random=False), outcome=st.integers(0, 7))
    def go_on(self, rng: Random, outcome: int) -> None:
        """By somebody who may: forward where that is open, else what may open it, backward now and then."""
        for _ in range(4):
            next_day(self.life, rng.choice([0, 3, 40, 190]))
            here = ROWS.get((self.state, self.procedure), [])
            for row in sorted(here, key=lambda row: _rank(row, rng)):
                if self._try(row.action, rng.choice(row.who), outcome):
                    break

    @invariant()
    def an_end_is_an_end(self) -> None:
        if getattr(self, "state", None) in TERMINAL:
            assert not [row for row in TRANSITIONS.values() if row.source is self.state]


ROWS: dict[tuple[State, Procedure], list[Transition]] = {}
for _row in TRANSITIONS.values():
    if not _row.removes:  # a draft that is gone has no more life to tell
        ROWS.setdefault((_row.source, _row.procedure), []).append(_row)
BACKWARD = {"withdraw", "delete", "terminate", "recall_funds", "lapse", "retire", "agree_end"}


def _rank(row: Transition, rng: Random) -> float:
    if row.action.value in BACKWARD or "return" in row.action.value or "reject" in row.action.value:
        return 2.0 if rng.random() < 0.97 else 0.0
    if row.target is not row.source:
        return rng.random() * 1.1
    return rng.random()


def months_later(life: Past, months: int) -> Any:
    return months_on(life.today, months)


A, P = Action, Procedure
_REVIEW = [
    A.COMMISSION_APPRAISAL,
    A.CONCLUDE_APPRAISAL,
    A.AGREE_FRAMEWORK,
    A.OPEN_JOINT_REVIEW,
    A.CLOSE_JOINT_REVIEW,
    A.RECORD_LEADING_GROUP,
    A.PROVINCE_APPROVE,
    A.ISSUE_BUDGET,
]
ORDINARY = {
    P.CITY_FILING: [A.SUBMIT, A.GATEKEEP_PASS, A.AGREE_FRAMEWORK, A.APPROVE, A.FILE],
    P.PROVINCIAL_REVIEW: [A.SUBMIT, A.GATEKEEP_PASS, A.HAND_OVER, *_REVIEW],
    P.DEPARTMENTAL: [A.SUBMIT, *_REVIEW],
}
_APPRAISED = [A.COMMISSION_APPRAISAL, A.CONCLUDE_APPRAISAL, A.APPRAISE]
NEED = {
    True: [A.NEED_REPORT, *_APPRAISED, A.ENTER_LIBRARY],
    False: [A.NEED_SUBMIT, A.NEED_GATEKEEP, A.NEED_REPORT, *_APPRAISED, A.ENTER_LIBRARY],
}
DELIVERED = [
    A.NAME_RESPONSIBLE,
    A.START,
    A.BEGIN_TRIAL_RUN,
    A.FINAL_INSPECT,
    A.CONFIRM_DATA,
    A.CONFIRM_CRYPTO,
    A.APPLY_ACCEPTANCE,
    A.GIVE_ACCEPTANCE_OPINION,
    A.ACCEPT,
    A.RECORD_OPERATION,
    A.EVALUATE,
]
# An order that falls due on its own day and is not answered: whoever issued it may suspend.
ORDERED = [A.NAME_RESPONSIBLE, A.START, A.ORDER_RECTIFICATION, A.SUSPEND]

TestLives = pytest.mark.long(Lives.TestCase)
TestLives.settings = settings(
    max_examples=LIVES,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.long
def test_zz_the_lives_went_far() -> None:
    """A machine that never gets anywhere proves nothing (runs after the machine, in the same file)."""
    if LIVES >= 150:
        for state in ("filed", "budgeted", "in_library", "started", "suspended", "accepted", "evaluated"):
            assert REACHED[state], f"no life reached {state}: {REACHED}"
