"""How many duties there are, running: with what is not folded yet it is exact, at any number of cases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Date

from service.kit.tables import moment, table, text, uuid
from service.obligations.counted_as import FIGURES


def _cell() -> list[Column[Any]]:
    """Where a figure counts: by whom it is seen, its kind, the month it is due in, and from which day on."""
    days = [Column(name, Date, nullable=False) for name in ("month", "day")]
    return [text("reach"), text("code"), *days]


def _figures() -> list[Column[int]]:
    return [Column(name, BigInteger, nullable=False) for name in FIGURES]


# Figures change as days pass: a cell says by how much from its day on, so those of today are the sum of what lies
# before. Every change stands there twice, under its month and under its day: whole months are added up, and the days
# of the month that has begun.
duty_totals = table(
    "duty_totals",
    text("span"),
    *_cell(),
    *_figures(),
    CheckConstraint("span IN ('month', 'day')", name="ck_duty_totals_span"),
    key=("span", "day", "reach", "code", "month"),
)

# Written with each change of a case's duties, folded into `duty_totals` every second by the worker.
duty_deltas = table("duty_deltas", uuid("id"), *_cell(), *_figures(), moment("at"), key=("id",))
