"""Calendar arithmetic as the Measures mean it (R6, R7): months are calendar months, days are legal days."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """The same day so many calendar months later (or earlier); the month's last day where there is no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_years(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 28 February (R6: that end day is excluded)."""
    return add_months(day, 12 * years)
