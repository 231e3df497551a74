"""A year as a calendar has it: twelve months of weeks, each day as the working calendar says."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple


class Day(NamedTuple):
    """A day of the grid; `day` 0: of another month. `mark`: 休 or 班, where it is not as its weekday says."""

    day: int = 0
    kind: str = ""
    mark: str = ""
    told: str = ""


class Month(NamedTuple):
    """A month: its weeks begin on Monday."""

    name: str
    weeks: list[list[Day]]


def months_of(year: int, said: Iterable[Mapping[str, Any]]) -> tuple[list[Month], int]:
    """The months, and how many days are worked. `said`: days that are not as their weekday (date, working, note)."""
    known = {each["date"]: each for each in said}
    months, working = list[Month](), 0
    for number in range(1, 13):
        weeks = list[list[Day]]()
        for week in Calendar().monthdatescalendar(year, number):
            days = [
                _day(each, known.get(each.isoformat())) if each.month == number else Day() for each in week
            ]
            working += sum(bool(each.day) and each.kind in ("", "on") for each in days)
            weeks.append(days)
        months.append(Month(f"{number} 月", weeks))
    return months, working


def _day(day: date, said: Mapping[str, Any] | None) -> Day:
    if said is None:
        return Day(day.day, "rest" if day.weekday() > 4 else "")
    kind, mark = ("on", "班") if said["working"] else ("off", "休")
    return Day(day.day, kind, mark, said["note"] or "")
