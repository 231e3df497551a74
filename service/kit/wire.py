"""The spelling of JSON on every wire: times are RFC 3339 in UTC with six digits and Z, whoever renders them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, LargeBinary, Text, func, literal_column
from sqlalchemy.dialects.postgresql import JSON

from service.kit.money import yuan

# msgspec leaves out the fraction of a whole second. Its end stands first: that is looked for at once and found seldom.
_WHOLE_SECOND = re.compile(rb'Z"(?<="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")')
_FEN = re.compile(r'"(\w+)_fen": ?(\d+|null)')
_UTC: ColumnElement[str] = literal_column("'UTC'")
_FORM: ColumnElement[str] = literal_column("""'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'""")


def encode(value: Any) -> bytes:
    """JSON of plain data and Structs."""
    return _WHOLE_SECOND.sub(b'.000000Z"', msgspec.json.encode(value))


def settled(text: bytes) -> bool:
    """Whether JSON is spelt as `encode` would leave it."""
    return _WHOLE_SECOND.search(text) is None


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


def utf8(text: Any) -> ColumnElement[bytes]:
    """A text as its bytes, for what goes out as it stands: to decode and encode it costs a microsecond for a KB."""
    return func.convert_to(text, literal_column("'UTF8'"), type_=LargeBinary)


def sent(value: Any) -> ColumnElement[bytes]:
    """A jsonb value as PostgreSQL sends it, for what goes out as it stands: read it with `unsent`."""
    return func.jsonb_send(value, type_=LargeBinary)


def unsent(data: bytes | None) -> bytes | None:
    """The JSON of `sent`, which stands behind one byte for the form; None stays None."""
    return data[1:] if data else None


class Spelt(NamedTuple):
    """A value of an object in SQL, as text: its place in `format`, and what is put there, never NULL."""

    form: str
    value: ColumnElement[Any]


_NULL: ColumnElement[Any] = literal_column("'null'", Text)
_QUOTE: ColumnElement[str] = literal_column("'\"'", Text)


def coded(value: Any, *, null: bool = False) -> Spelt:
    """A text without anything to escape: a code, an id, an amount, a moment. `null`: whether it may be NULL."""
    if not null:
        return Spelt('"%s"', value)
    return Spelt("%s", func.coalesce(_QUOTE + value + _QUOTE, _NULL))


def free(text: Any) -> Spelt:
    """A text that people write; it may be NULL."""
    return Spelt("%s", func.coalesce(func.to_json(text, type_=JSON), literal_column("'null'::json", JSON)))


def plain(value: Any) -> Spelt:
    """A number that is not NULL, or what is JSON already."""
    return Spelt("%s", value)


# Between lines, and before each code that is told behind a line: JSON holds neither unescaped (RFC 8259, 7).
END, CODE = "\x1e", "\x1f"


def json_text(members: Mapping[str, Spelt], *codes: Any) -> ColumnElement[str]:
    """An object for lists whose lines PostgreSQL renders: to the byte what `json_build_object` makes of it, which looks
    up the type of every name and value anew in every row: a page took it a quarter longer (decision 0271).
    `codes`: what stands behind it, each after a CODE.
    """
    form = ", ".join(f'"{name}" : {spelt.form}' for name, spelt in members.items())
    behind = f"\\x{ord(CODE):02x}%s" * len(codes)
    line = literal_column(f"E'{{{form}}}{behind}'" if codes else f"'{{{form}}}'", Text)
    return func.format(line, *(spelt.value for spelt in members.values()), *codes, type_=Text)


def json_line(members: Mapping[str, Spelt]) -> ColumnElement[bytes]:
    """The same as bytes: nobody reads it as text on its way out."""
    return utf8(json_text(members))
