"""A past: what was done, when, and with which outcome; days, sums and orders told from it. Pure: nobody acts here."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any


def months_on(day: date, months: int) -> date:
    """So many calendar months later, by counting them one by one."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@dataclass
class Past:
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
        return bool(self.lapsed_orders)

    @property
    def lapsed_orders(self) -> set[Any]:
        """Orders not closed whose day is over, or that were rectified in vain: closed with ("failed", number)."""
        opened = dict(entry[2] for entry in self.done if entry[1] == "order_rectification")
        ends = [entry[2] for entry in self.done if entry[1] == "close_order"]
        vain = {end[1] for end in ends if isinstance(end, tuple)}
        return {n for n, due in opened.items() if n not in ends and (due < self.today or n in vain)}

    @property
    def last_start(self) -> date:
        """Art. 29: half a year, and as many days as were found to be force majeure and began before it was over."""
        assert self.approved is not None
        found = {outcome[0] for _, act, outcome in self.done if act == "decide_force_majeure" and outcome[1]}
        ends = {outcome: on for on, act, outcome in self.done if act == "end_force_majeure"}
        limit = months_on(self.approved, 6)
        for on, act, outcome in self.done:
            if act == "record_force_majeure" and outcome[0] in found and on <= limit:
                end = on if outcome[1] else ends.get(outcome[0], self.today)
                limit += timedelta(days=(end - on).days)
        return limit

    @property
    def rested(self) -> int:
        """Days for which the trial run stood suspended."""
        days, since = 0, None
        for on, act, _ in self.done:
            if act == "suspend":
                since = on
            elif act == "begin_trial_run":
                days = 0
            elif act == "resume_trial_run" and since is not None:
                days += (on - since).days
        return days

    def sum_of(self, *acts: str) -> int:
        """Fen of all the acts that name an amount."""
        return sum(outcome for _, act, outcome in self.done if act in acts and type(outcome) is int)

    @property
    def left(self) -> int:
        """Issued, not spent, not given back."""
        return self.sum_of("issue_budget", "issue_share", "reverse_payment") - self.sum_of(
            "record_payment", "return_surplus", "recall_funds", "settle"
        )


def next_day(life: Past, days: int) -> None:
    life.today += timedelta(days=days)
