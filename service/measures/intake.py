"""Which needs are taken in when (arts 8, 9, 14), and how long a library entry stands (arts 8, 9; R6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.measures.offices import Tier
from service.measures.periods import add_years

DEADLINES: Mapping[bool, str] = {True: "intake.department_deadline", False: "intake.city_deadline"}


@dataclass(frozen=True, slots=True)
class Round:
    """A year's round as announced (art. 14). Days inclusive; `reopened_*`: practice, beyond it (law.md, trap 6)."""

    opens: date
    closes: date
    kinds: frozenset[str]
    reopened_from: date | None = None
    reopened_until: date | None = None

    def reopened_on(self, day: date) -> bool:
        """Whether the organs take needs in again on the day."""
        return (
            self.reopened_from is not None
            and self.reopened_until is not None
            and self.reopened_from <= day <= self.reopened_until
        )


class Basis(StrEnum):
    """Why a need is taken into the year's round."""

    IN_WINDOW = "in_window"
    REOPENED = "reopened"
    DEPLOYMENT = "deployment"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why it is not: a stable code and the Chinese sentence."""

    code: str
    detail: str


def deadline_key(declarer: Tier) -> str:
    """The parameter of the reporting deadline: art. 8 for departments, art. 9 for cities."""
    return DEADLINES[declarer is Tier.PROVINCE]


def article_of(declarer: Tier) -> int:
    """Art. 8 orders the departments' needs, art. 9 the cities'."""
    return 8 if declarer is Tier.PROVINCE else 9


def take_in(
    announced: Round | None, day: date, deadline: date, kind: str, *, deployment: bool, cited: bool
) -> Basis | Refused:
    """Arts 8, 9, 14: into the year's open round, or late on a ground that practice accepts (law.md, trap 6).

    Without an announced round the legal window stands by itself: 1 January up to the deadline, that day included.
    """
    opens = announced.opens if announced else date(day.year, 1, 1)
    closes = announced.closes if announced else deadline
    if announced is not None and kind not in announced.kinds:
        return Refused("intake_kind", "本年度申报通知不征集该类项目（第十四条）")
    if day < opens:
        return Refused("intake_closed", f"本年度征集自 {opens.isoformat()} 起，尚未开始（第十四条）")
    if day <= closes:
        return Basis.IN_WINDOW
    if announced is not None and announced.reopened_on(day):
        return Basis.REOPENED
    if deployment and cited:
        return Basis.DEPLOYMENT
    return Refused(
        "intake_closed",
        f"本年度征集已于 {closes.isoformat()} 截止；"
        "按管理惯例，须引用国家或省重大部署，或由征集机构重新开放（非条文规定）",
    )


def valid_until(entered: date, years: int) -> date:
    """Arts 8, 9, R6: the first day on which an entry no longer stands; 29 February ends on 28 February."""
    return add_years(entered, years)


def stands(fact: Mapping[str, object], day: date) -> bool:
    """R6: whether the entry a case carries is valid on the day, the end day excluded."""
    until, entered = fact.get("valid_until"), fact.get("on")
    if not isinstance(until, str) or not isinstance(entered, str):
        return False
    return date.fromisoformat(entered) <= day < date.fromisoformat(until)


def rank(in_plan: bool, priority: Collection[int]) -> int:
    """The list's order (arts 8, 16): plan items first, then priority projects by their item, then the rest."""
    return (0 if in_plan else 10) + (min(priority) if priority else 9)
