"""What falls due when, for whom and why: derived from dated facts, state, procedure, rule book and calendar.

Nothing here is typed in by a person, and no deadline rolls over a holiday (law.md, trap 7): reminders come earlier.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from service.measures.deadlines_declaring import DECLARING
from service.measures.deadlines_delivering import DELIVERING
from service.measures.duties import (
    HALT_ARTICLES,
    HALT_NAMES,
    TITLES,
    CaseOnDay,
    Duty,
    Halt,
    Obligation,
    Pause,
    Status,
)
from service.measures.figures import documents_of, forget, noting
from service.measures.lifecycle_states import TERMINAL, State
from service.measures.periods import IN_FORCE

__all__ = [
    "HALT_ARTICLES",
    "HALT_NAMES",
    "OWES_NOTHING",
    "TITLES",
    "Calendar",
    "CaseOnDay",
    "Duty",
    "Halt",
    "Obligation",
    "Pause",
    "Status",
    "due",
    "reminder_due",
]

# A draft is under no article yet, and what has ended owes nothing more.
OWES_NOTHING = (TERMINAL - {State.FUNDS_RECALLED}) | {State.DRAFT}
# Days before the due date on which is reminded, from the first to the last.
BEFORE = (30, 7, 1)
_DAY = timedelta(days=1)


def due(case: CaseOnDay) -> list[Obligation]:
    """Every obligation of the case on its day, kept ones included, by due date; the same facts give the same list."""
    if case.state in OWES_NOTHING:
        return []
    # Art. 45: whatever fell due before the Measures were in force was never owed under them.
    found = [each for each in _derived(case) if each.due >= IN_FORCE]
    return sorted(found, key=lambda each: (each.due, each.code, each.key))


def _derived(case: CaseOnDay) -> Iterator[Obligation]:
    """What each rule derives, with the documents that amended the figures it had asked for until then."""
    figures, provincial = noting(case.gated.figures), noting(case.provincial)
    asking = replace(case, gated=replace(case.gated, figures=figures), provincial=provincial)
    for rule in (*DECLARING, *DELIVERING):
        forget(figures, provincial)
        for each in rule(asking):
            found = documents_of(figures, provincial)
            yield replace(each, amended_by=found) if found else each


@dataclass(frozen=True)
class Calendar:
    """Working days: Monday to Friday, save what the State Council's yearly notice says of single days."""

    special: Mapping[date, bool] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        """Whether offices are open."""
        told = self.special.get(day)
        return day.weekday() < 5 if told is None else told

    def on_or_before(self, day: date) -> date:
        """The last working day not after `day`."""
        while not self.works(day):
            day -= _DAY
        return day

    def on_or_after(self, day: date) -> date:
        """The first working day not before `day`."""
        while not self.works(day):
            day += _DAY
        return day


def reminder_points(owed: Obligation, calendar: Calendar) -> list[tuple[str, date]]:
    """The days of its reminders as (name, working day), the earliest first: nobody is reminded on a holiday.

    A day before the duty began is left out; one that only moved before it comes on the first working day instead.
    """
    own: Iterable[tuple[str, date]] = owed.points
    wanted = [*own, *((f"{n}d", owed.due - n * _DAY) for n in BEFORE)]
    points = []
    for name, day in sorted(wanted, key=lambda each: each[1]):
        if day < owed.since:
            continue
        lands = calendar.on_or_before(day)
        lands = lands if lands >= owed.since else calendar.on_or_after(owed.since)
        if lands <= owed.due:
            points.append((name, lands))
    return points


def reminder_due(owed: Obligation, calendar: Calendar, today: date) -> str | None:
    """The reminder that belongs to today, given once each: the latest point reached, or `lapsed`; None when resting.

    A point that a stopped service missed is made up for by the next working day's look, never by two at once.
    """
    if owed.status not in (Status.OPEN, Status.LAPSED) or owed.paused or not calendar.works(today):
        return None
    if owed.status is Status.LAPSED:
        return "lapsed"
    reached = [name for name, day in reminder_points(owed, calendar) if day <= today]
    return reached[-1] if reached else None
