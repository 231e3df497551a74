"""Cases by the month in which they count: those declared in it by an index, then needs reported and not yet declared.

In the order of months, the newest first, and within a month as every list of cases. In the order of creation a month
that few cases have would be sought through all of a tenant's: a declaration may have been drafted any time before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Text, and_, bindparam, literal_column

from service.caselist.queries import PROJECTS, WHOSE
from service.kit.call import Call
from service.kit.db import Row
from service.kit.lines import Shown, taken_apart
from service.kit.listing import MOST_COUNTED, Count, Wish
from service.kit.looking import Looks
from service.kit.naming import Line
from service.kit.orders import Order
from service.kit.paging import Asked
from service.projects.models import projects
from service.projects.queries import reported_month, waiting_need

P = projects.c
FROM, TO = (bindparam(name, type_=Text) for name in ("month_from", "month_to"))
_ROUTED = P.route.is_not(None)
_MONTHS = {"month_from": P.month >= FROM, "month_to": P.month <= TO}
_REPORTED = {"month_from": reported_month() >= FROM, "month_to": reported_month() <= TO}
_PLACE = (("created_at", P.created_at), ("row_id", P.id))
# Needs have no month of their own: they stand behind all months.
_NONE: Any = literal_column("''::text", Text)


class ByMonth(Looks):
    """Two lists, one behind the other: a cursor is in the first by its month, or in the second by having none."""

    def whose(self, call: Call, wish: Wish, given: Mapping[str, Any]) -> str:
        """A cursor of either goes on in both."""
        return super().whose(call, wish._replace(order="month"), given)

    def stretches(self, wish: Wish) -> tuple[Wish, ...]:
        """Both."""
        return wish, _needs(wish)

    async def rows(
        self, call: Call, wish: Wish, given: Mapping[str, Any], *, cursor: str | None, limit: int
    ) -> list[Row]:
        """The rows behind the cursor, at most `limit`."""
        found = await super().rows(call, wish, given, cursor=cursor, limit=limit)
        if len(found) < limit:
            needs, left = _needs(wish), limit - len(found)
            found += await super().rows(call, needs, given, cursor=cursor, limit=left)
        return found

    async def shown(self, call: Call, query: Asked, wish: Wish, given: Mapping[str, Any]) -> Shown:
        """The page that a query asks for, filled up with needs."""
        left, lines, last, cursor = query.limit, list[Line](), None, None
        for part in (wish, _needs(wish)):
            placed, more = self.placed(call, part, given, query.cursor)
            (row,) = await call.door.fetch(call.scope, self.packed(placed), **more, limit=left + 1)
            lines += taken_apart(row)
            if row["found"] and left:
                last = row
            if row["found"] > left:
                cursor = self.cursor(call, wish, given, last) if last is not None else None
                break
            left -= row["found"]
        return Shown(lines, cursor, self.headers(query, cursor))

    async def count(self, call: Call, wish: Wish, given: Mapping[str, Any]) -> Count:
        """How many there are in both, told up to MOST_COUNTED."""
        both = (await super().count(call, wish, given), await super().count(call, _needs(wish), given))
        total = sum(each.total for each in both if isinstance(each.total, int))
        more = total > MOST_COUNTED or any(each.more is True for each in both)
        return Count(min(total, MOST_COUNTED), more)


def _needs(wish: Wish) -> Wish:
    months = wish.filters & _MONTHS.keys()
    return wish._replace(order="needs", filters=wish.filters - months | {f"need_{each}" for each in months})


BY_MONTH = ByMonth(
    name="projects.month",
    path="/projects",
    columns=PROJECTS.columns,
    line=PROJECTS.line,
    source=projects,
    row=PROJECTS.row,
    tenants=PROJECTS.tenants,
    filters={
        **PROJECTS.filters,
        **{name: and_(_ROUTED, each) for name, each in _MONTHS.items()},
        **{f"need_{name}": and_(_ROUTED, each) for name, each in _REPORTED.items()},
    },
    orders={
        "month": Order((("month", P.month), *_PLACE), descending=True),
        "needs": Order((("month", _NONE), *_PLACE), descending=True, where=(waiting_need(),)),
    },
    offices=PROJECTS.offices,
    belonging=WHOSE,
    ranges={"month": frozenset(_MONTHS)},
)
