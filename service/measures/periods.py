"""Calendar arithmetic as the Measures mean it (R6, R7, R43): months are calendar months, days are legal days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

# Art. 45, R8: what the Measures ask for every year, they ask for from the year they came into force.
IN_FORCE = date(2023, 9, 28)
# A slip of the pen and not a day: nothing a running project can tell lies before it.
EARLIEST = date(2000, 1, 1)


def add_months(day: date, months: int) -> date:
    """The same day so many calendar months later (or earlier); the month's last day where there is no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def annual(text: str, year: int) -> date:
    """A day of the year written as month-day; the month's last where that year has no such day (R43: 02-29)."""
    month, _, day = text.partition("-")
    return date(year, int(month), min(int(day), monthrange(year, int(month))[1]))


def add_years(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 28 February (R6: that end day is excluded)."""
    return add_months(day, 12 * years)


def moved(due: date, begun: date, stops: Iterable[tuple[date, date | None]], today: date) -> date:
    """`due` later by the days that did not count between `begun` and itself (arts 29, 30, 41).

    A stop is (first day, day of its end or None); one that lasts counts up to today, so that the date grows with
    it. A stop that begins after the deadline came too late to move it.
    """
    for first, end in sorted(stops, key=lambda stop: stop[0]):
        start, until = max(first, begun), today if end is None else end
        if start <= due and until > start:
            due += until - start
    return due
