"""What is owed as it stands on the day it is read: true to the day, whether or not the worker has looked yet.

A reading derives anew what an act or a new day has left behind (current.py), as far as it reaches in one reading. What
time alone changes of a row that was not reached (a day that passes, a rest that begins or ends, a full trial run)
follows from the row and the day: lists, counts, filters, calendars and evidence read it here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Date,
    DateTime,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from service.measures.duties import Halt, Status
from service.obligations.models import obligations

W = obligations.c
TODAY = bindparam("today", type_=Date)
FULL_BY_ITSELF = "trial_run"  # art. 30: a least period, which nobody can be late with


def _word(text: str) -> Any:
    return literal_column(f"'{text}'", Text)


_pause = func.jsonb_array_elements(W.pauses).column_valued("pause")
_day = func.to_char(TODAY, "YYYY-MM-DD")
_until = _pause.op("->>")(_word("until"))
RESTS = and_(
    W.done_on.is_(None),
    W.state.in_([_word(Status.OPEN.value), _word(Status.LAPSED.value)]),
    exists(
        select(literal_column("1")).where(
            _pause.op("->>")(_word("reason")) != _word(Halt.EXTENSION.value),
            _pause.op("->>")(_word("since")) <= _day,
            or_(_until.is_(None), _until >= _day),
        )
    ),
)
_open = W.state == _word(Status.OPEN.value)
_full = and_(W.code == _word(FULL_BY_ITSELF), _open, W.due <= TODAY, ~RESTS)
STATE = case(
    (RESTS, _word(Status.OPEN.value)),
    (_full, _word(Status.DONE.value)),
    (and_(_open, W.due < TODAY), _word(Status.LAPSED.value)),
    else_=W.state,
)
DONE_ON = case((_full, W.due), else_=W.done_on)
SHOWN = (
    *(column for column in W if column.name not in ("state", "paused", "done_on")),
    cast(STATE, Text).label("state"),
    RESTS.label("paused"),
    DONE_ON.label("done_on"),
)
OWED_NOW = and_(W.state.in_([_word(Status.OPEN.value), _word(Status.LAPSED.value)]), ~_full)


def month_of(day: Any) -> Any:
    """The first day of its month; of a proof that never runs out the last month that there is."""
    first = cast(func.date_trunc(literal_column("'month'"), cast(day, DateTime)), Date)
    return func.least(first, literal_column("DATE '9999-12-01'"))


# What a duty is counted as, by the names of the totals (counted_as.py): on the day itself, whatever it was before.
_done = literal_column("'done'") == STATE
_late = W.due < DONE_ON
_is_open = literal_column("'open'") == STATE
FIGURE_OF = {
    "open": _is_open,
    "lapsed": literal_column("'lapsed'") == STATE,
    "paused": RESTS,
    "soon": and_(_is_open, W.due <= TODAY + literal_column("30")),
    "done": and_(_done, func.coalesce(~_late, literal_column("true"))),
    "done_late": and_(_done, _late),
}
