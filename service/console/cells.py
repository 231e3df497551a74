"""What stands in a register's cells: columns by declaration, values as a reader is told them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from service.console.amounts import NOTHING
from service.console.wording import FILTERS, ago, day, until_tone

Row = Mapping[str, Any]
_FELT = ("ago", "until")  # how a list shows days


class Column(NamedTuple):
    """A column of a list, or a line of a thing. `show`: a filter of wording; `under`: a field in small below.

    `art`: the chip of the row's article and basis; `arts`: those of a list of articles. `show` of a day may be `ago`
    or `until`: a list says the day and in small how long ago, or how long until and in small the day; once the field
    `unless` is filled, the term is met and only the day is told. `wide`: left out on narrow screens. `near`: a field
    that, set, marks the amount as close to the limit. `sort`: (order, direction) of the list's own orders, the first
    when the header is chosen first. `only`: there in the one order in which the operation tells the field: in any other
    a dash would say that there is none.
    """

    header: str
    field: str
    show: str = ""
    under: str = ""
    under_show: str = ""
    number: bool = False
    tag: bool = False
    to: str = ""  # an address with {fields} of the row
    wide: bool = False
    unless: str = ""
    near: str = ""
    sort: tuple[tuple[str, str], ...] = ()
    only: str = ""


class Cell(NamedTuple):
    """What stands in a cell. `mark`: a remark beside it; `tone`: the class of a tag or of the text."""

    text: str  # or Markup
    under: str  # or Markup: a login, spelt as it is
    tone: str
    address: str
    mark: str = ""


def value_of(row: Row, field: str) -> Any:
    """A field of an answer; dots go into objects."""
    found: Any = row
    for part in field.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def said(value: Any, show: str) -> str:
    """As a reader is told it: words, or Markup, whatever the answer has there."""
    if show in ("art", "arts"):
        return NOTHING  # chips, which the list draws
    if isinstance(value, bool) and not show:
        return "是" if value else "否"
    if isinstance(value, list):
        value = [each.get("name") if isinstance(each, Mapping) else each for each in value]
        return "、".join(said(each, show) for each in value if each is not None) or NOTHING
    if show:
        return _words(FILTERS[show](value))
    if isinstance(value, Mapping):
        return NOTHING
    return NOTHING if value in (None, "") else _words(value)


def _words(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def cells(columns: tuple[Column, ...], row: Row) -> list[Cell]:
    """A row of a list, or the lines of a thing."""
    return [_cell(each, row) for each in columns]


def _cell(column: Column, row: Row) -> Cell:
    value = value_of(row, column.field)
    under = said(value_of(row, column.under), column.under_show) if column.under else ""
    address = column.to.format_map(row) if column.to and _filled(column.to, row) else ""
    show, tone = column.show, ""
    if show in _FELT and value:
        if show == "until" and not (column.unless and value_of(row, column.unless)):
            tone = until_tone(value)
            under = " · ".join(part for part in (day(value), under) if part not in ("", NOTHING))
        else:
            show, under = "day", under or (ago(value) if show == "ago" else "")
    if column.tag:
        tone = FILTERS[f"{column.show}_tone"](value)
    mark = "近" if column.near and value_of(row, column.near) else ""
    return Cell(said(value, show), under, tone, address, mark)


def _filled(address: str, row: Row) -> bool:
    return all(row.get(part.partition("}")[0]) for part in address.split("{")[1:])
