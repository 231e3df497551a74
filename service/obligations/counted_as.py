"""As what a duty counts on which days: the totals' half of reading.py, which says the same of one row in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from service.measures.duties import Halt, Status
from service.measures.lifecycle_states import INITIAL, UNDECLARED, State
from service.obligations.reading import FULL_BY_ITSELF

ALWAYS = date(2000, 1, 1)  # what counts from the first day on; no duty is as old
SOON = timedelta(days=30)
_DAY = timedelta(days=1)
_OWED = (Status.OPEN.value, Status.LAPSED.value)
_SENT_BACK = frozenset({State.NEED_RETURNED, State.WITHDRAWN})
# What the totals count, in this order: open, late, resting, due soon, kept in time, kept late.
FIGURES = ("open", "lapsed", "paused", "soon", "done", "done_late")
Vector = tuple[int, ...]
_NOTHING: Vector = (0,) * len(FIGURES)


class Cell(NamedTuple):
    """Where a duty counts: who sees it, its kind, the month it is due in, and from which day on."""

    reach: str
    code: str
    month: date
    day: date


# Whose totals a case's duties are in. Nobody's: a draft's, which few may see and are read one by one.
NOBODY, TENANT, PROVINCE = "nobody", "tenant", "province"


def reach_of(case: Mapping[str, Any]) -> str:
    """Who sees the case, as row level security has it (migration 0028): a need its city alone until it is reported."""
    state = State(case["state"])
    if state in INITIAL:
        return NOBODY
    never = state in _SENT_BACK and case["submissions"] == 0 and case["origin"] == "declared"
    return TENANT if never or state in UNDECLARED else PROVINCE


def _rests(row: Mapping[str, Any]) -> list[tuple[date, date | None]]:
    """The days on which it rests: from, and up to and including; None: it lasts."""
    if row["done_on"] is not None or row["state"] not in _OWED:
        return []
    return [
        (date.fromisoformat(each["since"]), date.fromisoformat(each["until"]) if each["until"] else None)
        for each in row["pauses"]
        if each["reason"] != Halt.EXTENSION.value
    ]


def _after(day: date | None) -> date:
    """The day after it; a proof that never runs out is due on the last day that there is."""
    return date.max if day is None or day == date.max else day + _DAY


def counted_as(row: Mapping[str, Any], day: date) -> Vector:
    """What it counts as on a day, by the order of FIGURES."""
    state, due, done_on = row["state"], row["due"], row["done_on"]
    rests = any(since <= day and (until is None or day <= until) for since, until in _rests(row))
    if rests:
        state = Status.OPEN.value
    elif state == Status.OPEN.value and row["code"] == FULL_BY_ITSELF and due <= day:
        state, done_on = Status.DONE.value, due
    elif state == Status.OPEN.value and due < day:
        state = Status.LAPSED.value
    done, late = state == Status.DONE.value, done_on is not None and due < done_on
    is_open = state == Status.OPEN.value
    told = (
        is_open,
        state == Status.LAPSED.value,
        rests,
        is_open and due - SOON <= day,
        done and not late,
        done and late,
    )
    return tuple(map(int, told))


def counted(reach: str, rows: Iterable[Mapping[str, Any]]) -> dict[Cell, Vector]:
    """What the rows add to the totals: by day what each counts as from then on, less what it was before."""
    found: dict[Cell, Vector] = {}
    for row in rows if reach != NOBODY else ():
        due, before = row["due"], _NOTHING
        days = {ALWAYS, due - SOON, due, _after(due)}
        for since, until in _rests(row):
            days |= {since, _after(until)}
        for day in sorted(each for each in days if each >= ALWAYS):
            now = counted_as(row, day)
            if now != before:
                cell = Cell(reach, row["code"], due.replace(day=1), day)
                found[cell] = plus(found.get(cell, _NOTHING), plus(now, before, -1))
            before = now
    return found


def plus(one: Vector, other: Vector, sign: int = 1) -> Vector:
    """The sum, or the difference."""
    return tuple(a + sign * b for a, b in zip(one, other, strict=True))


def difference(now: Mapping[Cell, Vector], before: Mapping[Cell, Vector]) -> dict[Cell, Vector]:
    """What has to be added to the totals so that they count `now` in place of `before`."""
    cells = {
        cell: plus(now.get(cell, _NOTHING), before.get(cell, _NOTHING), -1) for cell in {**now, **before}
    }
    return {cell: vector for cell, vector in cells.items() if any(vector)}
