"""Lists whose lines PostgreSQL renders: a page comes as one row, since fifty cost the driver three times as much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, LargeBinary, Select, Text, func, literal_column, select

from service.kit.call import Call
from service.kit.db import Row
from service.kit.listing import Listing
from service.kit.naming import Line
from service.kit.paging import Asked, Wish
from service.kit.statements import AT_MOST, Statement
from service.kit.wire import CODE, END

_END_BYTE, _CODE_BYTE = END.encode(), CODE.encode()
_ONE: ColumnElement[Any] = literal_column("1")
_END: ColumnElement[str] = literal_column(f"E'\\x{ord(END):02x}'", Text)


class Shown(NamedTuple):
    """A page: its lines with their codes, the cursor of the next one, the headers that lead there."""

    lines: list[Line]
    cursor: str | None
    headers: dict[str, str]


@dataclass(frozen=True, eq=False)
class Lines(Listing):
    """A list whose rows are read as lines too. `line`: a row as text with its codes behind it (wire.json_text)."""

    line: ColumnElement[str] = field(kw_only=True)
    _packed: dict[Wish, Statement] = field(default_factory=dict)

    def packed(self, wish: Wish) -> Statement:
        """A page as one row: its lines, how many rows were found, the place of the last line in the order. Parameters
        as those of `statement`; its `limit` is one more than are shown.
        """
        if wish not in self._packed:
            self._packed[wish] = Statement(self._pack(wish))
        return self._packed[wish]

    def _pack(self, wish: Wish) -> Select[Any]:
        page = self._page(wish, self.line.label("line")).subquery("page_of_lines")
        placed = select(*page.c, func.row_number().over().label("place")).subquery("placed")
        c = placed.c
        lines = func.string_agg(c.line, _END).filter(c.place < AT_MOST)
        last = c.place == AT_MOST - _ONE
        return select(
            func.textsend(lines, type_=LargeBinary).label("lines"),
            func.count().label("found"),
            *(
                func.array_agg(c[name]).filter(last)[_ONE].label(name)
                for name, _ in self.orders[wish.order].columns
            ),
        ).select_from(placed)

    async def shown(self, call: Call, query: Asked, wish: Wish, given: Mapping[str, Any]) -> Shown:
        """The page that a query asks for."""
        placed, more = self.placed(call, wish, given, query.cursor)
        (row,) = await call.door.fetch(call.scope, self.packed(placed), **more, limit=query.limit + 1)
        cursor = self.cursor(call, wish, given, row) if row["found"] > query.limit else None
        return Shown(taken_apart(row), cursor, self.headers(query, cursor))


def taken_apart(row: Row) -> list[Line]:
    """The lines of a page that came as one row."""
    if not row["lines"]:
        return []
    parts = [each.partition(_CODE_BYTE) for each in row["lines"].split(_END_BYTE)]
    return [(line, _codes(codes)) for line, _, codes in parts]


@lru_cache(4096)
def _codes(told: bytes) -> tuple[str, ...]:
    """What stands behind a line; few differ."""
    return tuple(told.decode().split(CODE))
