"""The spelling of JSON on every wire: times are RFC 3339 in UTC with six digits and Z, whoever renders them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, func, literal_column

from service.kit.money import yuan

# msgspec leaves out the fraction of a whole second. Its end stands first: that is looked for at once and found seldom.
_WHOLE_SECOND = re.compile(rb'Z"(?<="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")')
_FEN = re.compile(r'"(\w+)_fen": ?(\d+|null)')
_UTC: ColumnElement[str] = literal_column("'UTC'")
_FORM: ColumnElement[str] = literal_column("""'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'""")


def encode(value: Any) -> bytes:
    """JSON of plain data and Structs."""
    return _WHOLE_SECOND.sub(b'.000000Z"', msgspec.json.encode(value))


def spelt(moment: datetime) -> str:
    """A moment as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def in_yuan(text: str) -> str:
    """JSON text with every `…_fen` member of whole fen (the unit of what gates read) as `…_yuan`."""
    return _FEN.sub(_as_yuan, text) if "_fen" in text else text


def _as_yuan(found: re.Match[str]) -> str:
    value = found[2] if found[2] == "null" else f'"{yuan(int(found[2]))}"'
    return f'"{found[1]}_yuan": {value}'


def wire_time(column: Any) -> ColumnElement[str]:
    """A moment as `encode` spells it, in SQL; NULL stays NULL."""
    return func.to_char(func.timezone(_UTC, column), _FORM)
