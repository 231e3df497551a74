"""A cell as it comes out of a file, in a form that JSON holds: text, or a kind and a value."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from math import isfinite

# Text is a string; "" nothing; ["n", number], ["b", flag], ["d", ISO date], ["e", what the program shows].
Cell = str | list[object]
ERRORS = frozenset(("#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#DATA!"))


def cell_of(value: object) -> Cell:
    """What the spreadsheet library read, tagged with its kind."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return ["b", value]
    if isinstance(value, int | float):
        return (
            ["n", value] if isfinite(value) else ["e", "#NUM!"]
        )  # `inf`, `NaN` and 1e400 written as a number
    if isinstance(value, datetime):
        return ["d", value.date().isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, time | timedelta):
        return ["e", "时间"]
    text = str(value)
    return ["e", text] if text in ERRORS else text


def shown(cell: Cell) -> str:
    """How it looks, for the answer."""
    if isinstance(cell, str):
        return cell
    kind, value = cell
    if kind == "b":
        return "是" if value else "否"
    if kind == "n" and isinstance(value, float):
        return format(value, ".15g") if not value.is_integer() else str(int(value))
    return str(value)


def empty(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()
