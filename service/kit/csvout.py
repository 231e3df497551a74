"""CSV for spreadsheet programs: UTF-8 with BOM, CRLF, Chinese headers, and no cell that acts as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Generic, TypeVar
from urllib.parse import quote

from service.kit.clock import SHANGHAI

MEDIA_TYPE = "text/csv; charset=utf-8"

# The half-width signs start formulas everywhere, the full-width ones in East Asian editions.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")


class Plain(str):
    """Text that we wrote ourselves, like an amount: it stays as it is, so that a spreadsheet can add it up."""

    __slots__ = ()


Cell = str | int | date | datetime | None
Row = TypeVar("Row")
Columns = Sequence[tuple[str, Callable[[Row], Cell]]]


def cell(value: Cell) -> str:
    """One cell: moments in Beijing time, foreign text disarmed by a leading apostrophe."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    if not isinstance(value, str):
        return str(value)
    if isinstance(value, Plain):
        return value
    # Some programs trim blanks first, so the first visible character counts as well.
    harmless = value[:1] not in _FORMULA and value.lstrip()[:1] not in _FORMULA
    return value if harmless else f"'{value}"


class Sheet(Generic[Row]):
    """A CSV being written; rows are added in pages and rendered at once."""

    def __init__(self, columns: Columns[Row]) -> None:
        self._columns = columns
        self._text = io.StringIO(newline="")
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._writer.writerow([header for header, _ in columns])
        self.rows = 0

    def add(self, items: Iterable[Row]) -> None:
        """Appends one line per item."""
        for item in items:
            self._writer.writerow([cell(read(item)) for _, read in self._columns])
            self.rows += 1

    def bytes(self) -> bytes:
        """The file. The BOM tells Excel that it is UTF-8."""
        return b"\xef\xbb\xbf" + self._text.getvalue().encode()


def disposition(name: str, title: str, day: date, ending: str = "csv") -> dict[str, str]:
    """The header that makes a download of it, with an ASCII name and a Chinese one (RFC 6266)."""
    chinese = quote(f"{title}-{day.isoformat()}.{ending}")
    plain = f"{name}-{day.isoformat()}.{ending}"
    return {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{chinese}"}
