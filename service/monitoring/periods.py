"""Months as the figures count them, and the period before: as long, ending where the other begins."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple


class Period(NamedTuple):
    """Months from the first to the last, both counted in (`2026-01`)."""

    first: str
    last: str

    @property
    def months(self) -> int:
        return _number(self.last) - _number(self.first) + 1

    @property
    def before(self) -> Period:
        """The period before this one."""
        return Period(shifted(self.first, -self.months), shifted(self.first, -1))

    @property
    def days(self) -> tuple[date, date]:
        """Its first day, and the first that is no longer in it."""
        return _first_day(self.first), _first_day(shifted(self.last, 1))

    @property
    def last_day(self) -> date:
        return self.days[1] - timedelta(days=1)


def shifted(month: str, by: int) -> str:
    """The month so many later."""
    number = _number(month) + by
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _first_day(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)
