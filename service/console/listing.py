"""What every list has: conditions that are seen and can be taken away, how many, an order, files, one row looked at.

A list is its address: whatever is chosen stands in it, so that it can be kept, sent to a colleague and opened again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

from service.console.amounts import NOTHING, in_wan
from service.console.cells import Column, said, value_of
from service.console.visiting import Visit
from service.kit.errors import ServiceError

# Choices up to this many stand side by side; more of them are a list to choose from.
_SIDE_BY_SIDE = 6
_WAN = Decimal(10_000)
# Amounts that may be added up over rows; limits and sums of a row's own may not.
_ADDED = ("amount_yuan", "investment_yuan", "approved_amount_yuan")
_MOMENTS = {"since": "T00:00:00+08:00", "upto": "T23:59:59+08:00"}  # of a day in Jiangxi


class Filter(NamedTuple):
    """A condition of a list: the page's parameter, what it is called, and how it is chosen.

    `choice`: one of `values` (code, words), side by side while they are few; `pick`: chosen from a list; `text`,
    `day`: typed; `since`, `upto`: a day by the calendar, asked as its first or last moment; `wan`: an amount typed
    in 万元, which the operation takes in yuan; `city`: one of the province's cities, asked of its organs only;
    `local`: a choice that the page itself understands, which the operation is not asked. `to`: the operation's
    parameter, where it is another.
    """

    name: str
    label: str
    values: tuple[tuple[str, str], ...] = ()
    kind: Literal["choice", "pick", "text", "day", "since", "upto", "wan", "city", "local"] = "choice"
    to: str = ""
    every: str = "全部"  # what no choice is called

    @property
    def beside(self) -> bool:
        """Whether its choices stand side by side."""
        return self.kind in ("choice", "local") and len(self.values) <= _SIDE_BY_SIDE


class Chip(NamedTuple):
    """A condition at work, and the list without it."""

    text: str
    address: str


class Empty(NamedTuple):
    """An empty list: `when` says what would stand here and when; `then`: what one may do instead.

    Each of `then`: words, address, the operation that it wants ("" none).
    """

    when: str = ""
    then: tuple[tuple[str, str, str], ...] = ()


def asked_of(query: Mapping[str, str], filters: Sequence[Filter]) -> dict[str, str]:
    """The page's conditions as the operation takes them. 400 for an amount that is none."""
    found = {}
    for each in filters:
        value = query.get(each.name)
        if value and each.kind != "local":
            found[each.to or each.name] = (
                _yuan(value) if each.kind == "wan" else value + _MOMENTS.get(each.kind, "")
            )
    return found


def _yuan(text: str) -> str:
    try:
        value = Decimal(text.replace(",", "").replace("，", "").strip())
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or not 0 <= value < 10**9:
        raise ServiceError(400, "malformed_query", "金额请以万元填写数字，例如 400 或 12.5") from None
    return f"{value * _WAN:.2f}"


async def drawn(visit: Visit, filters: Sequence[Filter]) -> list[Filter]:
    """The conditions as this reader is offered them: cities by name to the province's organs, and to nobody else."""
    found = []
    for each in filters:
        if each.kind != "city":
            found.append(each)
        elif visit.tier == "province":
            known = await visit.ask("rulebook_divisions")
            rows = [(row["code"], row["name"]) for row in known["items"] if row["tier"] == "city"]
            found.append(each._replace(values=tuple(rows)))
    return found


def chips(visit: Visit, filters: Sequence[Filter]) -> list[Chip]:
    """The conditions at work, in words."""
    found = []
    for each in filters:
        value = visit.query.get(each.name)
        if value:
            known = dict(each.values)
            words = f"{value} 万元" if each.kind == "wan" else known.get(value, "其他" if known else value)
            found.append(Chip(f"{each.label}：{words}", visit.link(**{each.name: None, "peek": None})))
    return found


def narrow(visit: Visit, found: dict[str, Any], *fields: str) -> dict[str, Any]:
    """Of a list that is told whole: the rows whose fields are as the page's own conditions ask."""
    wanted = visit.picked(*fields)
    rows = [each for each in found["items"] if all(each[name] == value for name, value in wanted.items())]
    return {**found, "items": rows}


def told(found: Mapping[str, Any], *, first: bool) -> str:
    """How many there are. `first`: nothing was turned over yet; a list that goes on says so instead of guessing."""
    items = len(found["items"])
    if found.get("total") is not None:
        return f"{found['total']:,} 项以上" if found.get("more") else f"共 {found['total']:,} 项"
    if found.get("next_cursor"):
        return f"本页 {items} 项，后面还有" if items else "后面还没有看完"
    return f"共 {items} 项" if first else f"本页 {items} 项，已到最后"


def tally(columns: Sequence[Column], found: Mapping[str, Any], *, whole: bool) -> str:
    """What a list that is told whole comes to: how many in each state, and its amounts together; "" otherwise."""
    items = found["items"]
    if not whole or found.get("next_cursor") or found.get("more") or len(items) < 2:
        return ""
    told = []
    tag = next((each for each in columns if each.tag), None)
    counts = Counter(said(value_of(row, tag.field), tag.show) for row in items) if tag else Counter[str]()
    if len(counts) > 1:
        told.append(
            "、".join(f"{words} {count}" for words, count in counts.most_common() if words != NOTHING)
        )
    amount = next((each.field for each in columns if each.show == "wan" and each.field in _ADDED), None)
    if amount:
        total = sum(Decimal(value_of(row, amount) or 0) for row in items)
        told.append(f"合计 {in_wan(str(round(total, -2)))}")  # as finely as its rows, in 万元 to a hundredth
    return "，".join(told)


def files(visit: Visit, file: tuple[str, str] | None, asked: Mapping[str, str]) -> list[tuple[str, str]]:
    """(what it is called, where it is) of the list as a file, with the same conditions; none where it has none."""
    if file is None or not visit.may(file[0]):
        return []
    name = file[1].removesuffix(".csv")
    kept = f"?{urlencode(asked)}" if asked else ""
    return [("Excel", f"/console/files/{name}.xlsx{kept}"), ("CSV", f"/console/files/{name}.csv{kept}")]


def kept_hidden(visit: Visit, filters: Sequence[Filter]) -> list[tuple[str, str]]:
    """Conditions that the row of fields does not draw and must not lose: those side by side, and the order."""
    typed = {each.name for each in filters if not each.beside}
    away = typed | {"cursor", "peek"}
    return [(name, value) for name, value in visit.query.items() if name not in away]


async def peeked(visit: Visit, row: Mapping[str, Any] | None, field: str) -> Any | None:
    """The case behind a row, where one was looked at and the reader may see it."""
    ref = row.get(field) if row else None
    return await visit.maybe("projects_read", ref=ref) if ref else None
