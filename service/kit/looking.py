"""A list walked in its own order for what only the rows themselves tell: a bounded look, and where it stopped.

A condition that no index has may let few rows through, or none, and nobody knows beforehand: walked until a page is
full, a list of a million rows is read whole, and the answer is a refusal. So rows are looked at one by one in the
list's order, of each tenant (and of each value that the list is parted by) as far as LOOK. What stands behind the first
place at which one of them stopped is left for the next look, which goes on from there (docs/decisions/0311).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, and_, bindparam, func, or_, select

from service.kit import clock
from service.kit.call import Call
from service.kit.db import Row
from service.kit.lines import Lines
from service.kit.listing import SEAT, often
from service.kit.paging import Wish
from service.kit.statements import AT_MOST, Statement, bounded, scope_ready

LOOK = 1_000  # rows of a tenant and of a value
# Seconds after which no other look is begun: a reading answers with what it has found, and where it goes on.
SHARE = 2.0
_LOOK = bindparam("look", type_=Integer)
_WHOSE = frozenset({"tenants", SEAT})


class Looked(NamedTuple):
    """The ids of rows that pass, in the list's order, and the last row that was looked at, where there may be more."""

    ids: list[Any]
    last: Row | None


@dataclass(frozen=True, eq=False)
class Looks(Lines):
    """A list that is looked through where a filter may let few pass. `belonging`: filters that say whose rows they are;
    `ranges`: of an order those that are a stretch of its own index. All others are asked row by row.
    """

    belonging: frozenset[str] = frozenset()
    ranges: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _looking: dict[Wish, Statement] = field(default_factory=dict)

    def stretches(self, wish: Wish) -> tuple[Wish, ...]:
        """The lists that this one is made of, one behind the other."""
        return (wish,)

    def looking(self, wish: Wish) -> Statement:
        """The first rows that pass, each with its `id`, its columns of the order, `hit`, and as which of its tenant it
        was looked at (`place`); the last that was looked at, whose place is `look`, comes whether it passes or not.
        Parameters as those of `statement`, and `look`.
        """
        if wish not in self._looking:
            self._looking[wish] = Statement(self._look(wish))
        return self._looking[wish]

    def _look(self, wish: Wish) -> Select[Any]:
        order, part = self.orders[wish.order], self._part(wish)
        lead = (
            _WHOSE | self.belonging | self.ranges.get(wish.order, frozenset()) | {part[0] if part else SEAT}
        )
        passes = and_(*(self.filters[name] for name in sorted(wish.filters - lead)))
        columns = (self.row[1].label("id"), *(each.label(name) for name, each in order.columns))
        few = wish._replace(filters=wish.filters & lead)
        first, outer = self._first(few, part, (*columns, often(passes).label("hit")))
        rows = bounded(first.limit(_LOOK).correlate(*outer)).subquery("looked")
        placed = select(*rows.c, func.row_number().over().label("place")).subquery("placed")
        told = select(*placed.c).where(or_(placed.c.hit, placed.c.place == _LOOK)).limit(AT_MOST)
        return self._of_each(wish, told, outer) if outer else told.where(scope_ready())

    async def look(
        self, call: Call, wish: Wish, given: Mapping[str, Any], *, cursor: str | None, limit: int
    ) -> Looked:
        """The first rows behind the cursor that pass, at most `limit`, as far as is looked in one reading's time."""
        until, ids = clock.monotonic() + SHARE, list[Any]()
        for part in self.stretches(wish):
            while True:
                asked, more = self.placed(call, part, given, cursor)
                most = {"limit": limit - len(ids), "look": LOOK}
                rows = await call.door.fetch(call.scope, self.looking(asked), **{**more, **most})
                end = next((at for at, row in enumerate(rows, 1) if row["place"] == LOOK), None)
                ids += [row["id"] for row in rows[:end] if row["hit"]]
                if len(ids) == limit or (end is not None and clock.monotonic() > until):
                    return Looked(ids, rows[:end][-1])
                if end is None:
                    break
                cursor = self.cursor(call, wish, given, rows[end - 1])
        return Looked(ids, None)
