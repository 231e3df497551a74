"""A small model of the Measures, written from the articles and not from the lifecycle table.

A life is what was done and when. `unlawful(life, action, who)` names the article that an act would break, or None;
it says nothing about acts the Measures do not order.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from service.measures.lifecycle import Action as A

ORDERING = {"order_rectification", "close_order", "criticise", "defer_funds", "lift_deferral", "suspend", "resume",
            "resume_trial_run", "terminate", "recall_funds"}  # fmt: skip
OWNERS = {"city.unit", "city.portal", "county.unit", "province.department"}
DECISIVE = {"gatekeep_pass", "gatekeep_return", "approve", "hand_over", "province_return", "province_approve",
            "issue_budget", "issue_share", "appraise", "conclude_appraisal", "commission_appraisal",
            "open_joint_review",
            "close_joint_review", "record_leading_group", "accept", "return_acceptance", "delegate_acceptance",
            "confirm_data", "confirm_crypto", "enter_library", "score", "need_gatekeep", "need_reject", "need_return",
            "decide_change", "assess_affordability", "give_acceptance_opinion", "propose_maintenance"}  # fmt: skip


NEED_APPRAISAL = {"open_joint_review", "province_approve", "issue_budget", "enter_library"}


def months_on(day: date, months: int) -> date:
    """So many calendar months later, by counting them one by one."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass
class Life:
    """What was done: (day, act, outcome) in order; `text` numbers the declared texts, `today` moves on."""

    departmental: bool
    provincial: bool
    today: date = date(2026, 1, 5)
    done: list[tuple[date, str, Any]] = field(default_factory=list)
    text: int = 0
    joint: bool = False

    def last(self, *acts: str, since: str | None = None) -> tuple[date, str, Any] | None:
        """The latest of the acts, after the latest `since` when given."""
        for entry in reversed(self.done):
            if entry[1] in acts:
                return entry
            if since is not None and entry[1] == since:
                return None
        return None

    def day(self, *acts: str) -> date | None:
        found = self.last(*acts)
        return found[0] if found else None

    @property
    def approved(self) -> date | None:
        return self.day("approve", "province_approve")

    @property
    def appraised_for(self) -> Any:
        """(verdict, number of the text) of the latest appraisal."""
        found = self.last("appraise", "conclude_appraisal")
        return found[2] if found else None

    @property
    def lapsed_order(self) -> bool:
        opened = [entry for entry in self.done if entry[1] == "order_rectification"]
        closed = {entry[2] for entry in self.done if entry[1] == "close_order"}
        return any(number not in closed and due < self.today for _, _, (number, due) in opened)


def _sequence(life: Life, act: str) -> int | None:
    """Which must have come before (arts 13, 18-20, 23, 24, 30, 32, 40)."""
    since = "submit"
    if act in NEED_APPRAISAL and life.appraised_for != ("pass", life.text):
        return 18
    if act == "record_leading_group":
        closed = life.last("close_joint_review", since=since)
        if closed is None or not closed[2]:
            return 19
    if act == "province_approve":
        decided = life.last("record_leading_group", since=since)
        if decided is None or decided[2] != "approve":
            return 20
    if act == "open_joint_review" and life.joint and not life.last("agree_framework", since=since):
        return 12
    if act == "file" and not life.last("approve", since=since):
        return 23
    if act == "approve" and not life.last("gatekeep_pass", since=since):
        return 23
    if act == "start" and (life.approved is None or life.day("name_responsible") is None):
        return 13
    if act == "begin_trial_run" and life.day("start") is None:
        return 30
    if act == "retire" and life.day("evaluate") is None:
        return 40
    return None


def _money(life: Life, act: str) -> int | None:
    if act in ("issue_budget", "issue_share"):
        assessed = life.last("assess_affordability", since="submit")
        if assessed is not None and not assessed[2]:
            return 9
        if life.approved is None:
            return 18
    if act in ("record_payment", "reverse_payment") and not life.last("issue_budget", "issue_share"):
        return 38
    if act in ("record_payment", "issue_budget", "issue_share"):
        deferred, lifted = life.last("defer_funds"), life.last("lift_deferral")
        if deferred and (not lifted or life.done.index(lifted) < life.done.index(deferred)):
            return 41
    return None


def _time(life: Life, act: str) -> int | None:
    if act == "final_inspect":
        begun = life.day("begin_trial_run")
        if begun is None or life.today < months_on(begun, 6):
            return 30
    if act == "recall_funds":
        if life.approved is None or life.today <= months_on(life.approved, 6) or life.day("start"):
            return 29
        force = life.last("record_force_majeure")
        if force is not None and (force[2] is None or force[2] >= life.today):
            return 29
    if act == "evaluate":
        accepted, operating = life.day("accept", "report_delegated"), life.day("record_operation")
        if accepted is None or operating is None or life.today < months_on(max(accepted, operating), 6):
            return 40
    if act in ("accept", "report_delegated"):
        if life.day("final_inspect") is None:
            return 30
        for confirmation in ("confirm_data", "confirm_crypto"):
            found = life.last(confirmation)
            if found is None or not found[2]:
                return 30
    if act in ("suspend", "terminate", "criticise", "defer_funds") and not life.lapsed_order:
        return 41
    return None


def _actors(life: Life, act: str, who: str) -> int | None:
    """Who has no business with it (arts 4, 5, 23; the pen)."""
    if who.endswith(
        (".administrator", ".user", ".expert", ".app_provider", ".security_admin", ".supervisor")
    ):
        return 4
    if act in DECISIVE and who in OWNERS:
        return 4
    if life.departmental and not who.startswith("province."):
        return 8
    if not life.provincial and who.startswith("province.") and act not in ORDERING:
        # Below the limit only filing and arts 23, 39, 41 reach the province.
        return 23
    if act == "province_approve" and who != "province.drc":
        return 20
    return None


def unlawful(life: Life, action: A, who: str) -> int | None:
    """The article the act would break now, or None."""
    act = action.value
    if life.last("retire", "terminate", "recall_funds", "withdraw"):
        return 42
    for rule in (_sequence(life, act), _money(life, act), _time(life, act), _actors(life, act, who)):
        if rule is not None:
            return rule
    return None


def next_day(life: Life, days: int) -> None:
    life.today += timedelta(days=days)
