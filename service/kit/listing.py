"""The lists that one statement reads: filters, orders, keyset pages, over one tenant or all of them, capped counts.

A page reads as many rows as it shows, however many there are, where an index has the order's columns (tests look at
the plans). Over all tenants the first of each are merged (docs/decisions/0165, rule 8); where the list is parted by a
filter (the states of a case), the first of each value asked for are merged in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    lateral,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.characters.keys import key
from service.kit.call import Answer, Call
from service.kit.db import Row, Scope
from service.kit.errors import not_found
from service.kit.orders import Order as Order
from service.kit.paging import Item, Pages
from service.kit.paging import Wish as Wish
from service.kit.scopes import bound_office
from service.kit.statements import AT_MOST, MOST_ROWS, TENANT_ID, Statement, bounded, scope_ready
from service.kit.tables import EACH_TENANT

MOST_COUNTED = 1000
SEAT = "seat"  # the filter of one office


@dataclass(frozen=True, eq=False)
class Listing(Pages):
    """A list. `columns`: what is read of a row, beside what the order knows its place by; `row`: those that tell its
    rows apart; `tenants`: those that say whose they are, one of each table of `source`; `offices`: those that say which
    office's. `parted`: filters (with their columns) whose values the list may be parted by; the first one that was
    asked for is. `by_seat`: of an order those by which one office's are. `keys`: filters that compare the key of what
    was asked (characters/keys).
    """

    columns: tuple[Any, ...]
    source: Any
    row: tuple[Any, ...]
    tenants: tuple[Any, ...]
    filters: Mapping[str, ColumnElement[bool]]
    parted: tuple[tuple[str, Any], ...] = ()
    offices: tuple[Any, ...] = ()
    by_seat: Mapping[str, frozenset[str]] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()
    _made: dict[Any, Statement] = field(default_factory=dict)

    def statement(self, wish: Wish) -> Statement:
        """A page; parameters: those of the filters, `limit`, `tenant_id` (of one tenant), `after_…` (behind a row)."""
        if wish not in self._made:
            self._made[wish] = Statement(self._page(wish))
        return self._made[wish]

    def _page(self, wish: Wish, *columns: Any) -> Select[Any]:
        """`columns`: what is read of a row in place of the list's own."""
        order = self.orders[wish.order]
        part = self._part(wish)
        if part is None and not wish.across:
            page = self._of(wish, self._shown(order, columns))
            page = page.where(order.after()) if wish.after else page
            return bounded(page.where(scope_ready()).order_by(*order.sorted()).limit(AT_MOST))
        # Merged by their keys alone, so that what is costly of a row is worked out for those that are shown.
        merged = self._merged(wish, order, part).subquery("page")
        same = [each == merged.c[f"key_{at}"] for at, each in enumerate(self.row)]
        found = select(*self._shown(order, columns)).select_from(merged.join(self.source, and_(*same)))
        if not wish.across:  # each table by itself: else its rows are estimated before the scope is known
            found = found.where(*(each == TENANT_ID for each in self.tenants))
        return found.order_by(*order.sorted(merged.c))

    def _shown(self, order: Order, columns: tuple[Any, ...]) -> tuple[Any, ...]:
        """The columns of a page, by default the list's own, and those that its order needs for a cursor."""
        columns = columns or self.columns
        own = {getattr(each, "name", None) for each in columns}
        return (*columns, *(each.label(name) for name, each in order.columns if name not in own))

    def _merged(self, wish: Wish, order: Order, part: tuple[str, Any] | None) -> Select[Any]:
        """The keys of the first rows of every tenant, and of every value that the list is parted by."""
        keys = [each.label(f"key_{at}") for at, each in enumerate(self.row)]
        keys += [each.label(name) for name, each in order.columns]
        first, outer = self._first(wish, part, tuple(keys))
        return self._of_each(wish, bounded(first.limit(AT_MOST).correlate(*outer)), outer)

    def _part(self, wish: Wish) -> tuple[str, Any] | None:
        """The filter that the list is parted by, with its column; None: it is not."""
        if not self.orders[wish.order].parted:
            return None
        # One office's only by what an index of its own has: else all of them would be read for each value.
        names = self.by_seat.get(wish.order, frozenset()) if SEAT in wish.filters else wish.filters
        return next((each for each in self.parted if each[0] in wish.filters & names), None)

    def _first(
        self, wish: Wish, part: tuple[str, Any] | None, columns: tuple[Any, ...]
    ) -> tuple[Select[Any], list[Any]]:
        """What of one tenant and value fits, in order; and of which tables a row is one tenant and value."""
        order = self.orders[wish.order]
        first = self._of(wish, columns, part[0] if part else None)
        first = first.where(order.after()) if wish.after else first
        outer: list[Any] = [EACH_TENANT] if wish.across else []
        if part is not None:
            values = func.unnest(bindparam(part[0], type_=ARRAY(part[1].type))).table_valued("value")
            outer.append(values.render_derived(name="part"))
            first = first.where(part[1] == literal_column("part.value", part[1].type))
        return first.order_by(*order.sorted()), outer

    def _of_each(self, wish: Wish, first: Select[Any], outer: list[Any]) -> Select[Any]:
        """The first of every tenant and value, merged."""
        each, order = first.lateral("first"), self.orders[wish.order]
        joined: Any = outer[0] if len(outer) == 1 else outer[0].join(outer[1], true())
        found = select(*each.c).select_from(joined.join(each, true())).where(scope_ready())
        return bounded(found.order_by(*order.sorted(each.c)).limit(AT_MOST))

    def _of(self, wish: Wish, columns: tuple[Any, ...], without: str | None = None) -> Select[Any]:
        """What of one tenant fits the filters."""
        tenant: Any = EACH_TENANT.c.tenant_id if wish.across else TENANT_ID
        seat = and_(true(), *(each == bindparam(SEAT, type_=Uuid(as_uuid=False)) for each in self.offices))
        filters = {**self.filters, SEAT: seat, "tenants": among(EACH_TENANT.c.tenant_id, "tenants")}
        wanted = [filters[name] for name in sorted(wish.filters) if name != without]
        found = select(*columns).select_from(self.source)
        return found.where(
            *(each == tenant for each in self.tenants), *self.orders[wish.order].where, *wanted
        )

    def counting(self, wish: Wish) -> Statement:
        """How many fit, counted as far as `limit`."""
        made = self._made.get(("count", wish))
        if made is None:
            one = self._of(wish, (literal_column("1").label("one"),)).limit(AT_MOST)
            if wish.across:
                each = lateral(one.correlate(EACH_TENANT), name="each")
                one = select(each.c.one).select_from(EACH_TENANT.join(each, true())).limit(AT_MOST)
            one = one.where(scope_ready())
            counted = select(cast(func.count(), Integer).label("found")).select_from(one.subquery("found"))
            made = self._made[("count", wish)] = Statement(counted)
        return made

    def given(self, query: Any) -> dict[str, Any]:
        """Of a query's parameters those that are filters of this list and were said, as the statement takes them."""
        told = msgspec.structs.asdict(query)
        default = {each.name: each.default for each in msgspec.structs.fields(query)}
        return {
            name: key(value) if name in self.keys else _plain(value)
            for name, value in told.items()
            if name in self.filters and value is not None and value is not default[name]
        }

    def wish(self, given: Mapping[str, Any], order: str | None = None, *, across: bool = False) -> Wish:
        """Of the parameters of a reading those that are filters, and the order, by default the first."""
        filters = frozenset(given).intersection((*self.filters, "tenants"))
        return Wish(filters, order or next(iter(self.orders)), False, across)

    def seated(self, scope: Scope, wish: Wish, given: Mapping[str, Any]) -> tuple[Wish, Mapping[str, Any]]:
        """Says the one office that a scope is bound to beside row level security, so that its own index is read."""
        office = bound_office(scope.literal)
        if office is None or not self.offices:
            return wish, given
        return wish._replace(filters=wish.filters | {SEAT}), {**given, SEAT: office}

    async def rows(
        self, call: Call, wish: Wish, given: Mapping[str, Any], *, cursor: str | None, limit: int
    ) -> list[Row]:
        """The rows behind the cursor, at most `limit`."""
        assert limit <= MOST_ROWS  # noqa: S101 - else a page would end in silence where there is more
        wish, given = self.placed(call, wish, given, cursor)
        return await call.door.fetch(call.scope, self.statement(wish), **given, limit=limit)

    def placed(
        self, call: Call, wish: Wish, given: Mapping[str, Any], cursor: str | None
    ) -> tuple[Wish, Mapping[str, Any]]:
        """The wish and its parameters with the one office of the reader, and behind the cursor."""
        wish, given = self.seated(call.scope, wish, given)
        if cursor is None:
            return wish, given
        return wish._replace(after=True), {**given, **self.place(call, wish, given, cursor)}

    async def serve(
        self,
        call: Call,
        item: Callable[[Row], Item],
        page: Callable[[list[Item], str | None], Any],
        **more: Any,
    ) -> Answer:
        """The page that the call's query asks for: its filters, its tenants and its order.

        `more`: what the reading adds to them, filters and other parameters. With `tenant_id` among it, the list is of
        that tenant, whoever reads it.
        """
        query = call.query
        across, whose = (
            reach(call, getattr(query, "tenant", None)) if "tenant_id" not in more else (False, {})
        )
        given = {**self.given(query), **whose, **more}
        wish = self.wish(given, getattr(query, "order", None), across=across)
        return await self.answer(call, query, wish, given, item, page)

    async def count(self, call: Call, wish: Wish, given: Mapping[str, Any]) -> Count:
        """How many there are, told up to MOST_COUNTED."""
        wish, given = self.seated(call.scope, wish, given)
        row = await call.door.row(call.scope, self.counting(wish), **given, limit=MOST_COUNTED + 1)
        found = int(row["found"]) if row is not None else 0
        return Count(min(found, MOST_COUNTED), found > MOST_COUNTED)


def listing_of(
    of: Table,
    *,
    name: str,
    path: str,
    filters: Mapping[str, ColumnElement[bool]],
    orders: Mapping[str, Order],
    columns: Iterable[Any] | None = None,
) -> Listing:
    """The list of one table's rows, which their ids tell apart; all its columns unless others are said."""
    c = of.c
    return Listing(
        name=name,
        path=path,
        orders=orders,
        columns=tuple(c if columns is None else columns),
        source=of,
        row=(c.tenant_id, c.id),
        tenants=(c.tenant_id,),
        filters=filters,
    )


class Count(NamedTuple):
    """How many rows fit; `more`: there are more than were counted."""

    total: int | UnsetType = UNSET
    more: bool | UnsetType = UNSET


def reach(call: Call, tenant: str | list[str] | None) -> tuple[bool, dict[str, Any]]:
    """Whether a list goes over several tenants, and the parameters that say which; 404 for one not the caller's."""
    asked = [tenant] if isinstance(tenant, str) else tenant
    if call.scope.login != "province":
        if asked is not None and asked != [call.principal.tenant]:
            raise not_found()
        return False, {"tenant_id": call.principal.tenant}
    if asked is None:
        return True, {}
    return (False, {"tenant_id": asked[0]}) if len(asked) == 1 else (True, {"tenants": asked})


def _plain(value: Any) -> Any:
    """A filter's value as the database takes it: codes as their texts."""
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.value if isinstance(value, Enum) else value


def among(column: Any, name: str) -> ColumnElement[bool]:
    """Condition: one of the values of an array parameter."""
    found: ColumnElement[bool] = column == func.any(bindparam(name, type_=ARRAY(column.type)))
    return found


def often(condition: Any) -> ColumnElement[bool]:
    """The same condition, of which PostgreSQL supposes that half of the rows pass it.

    What it cannot estimate it takes for rare, and then reads and sorts a whole tenant where an index has the first
    rows of the order ready. For what most rows of a list pass, or most that come first in its order.
    """
    return case((condition, true()), else_=false())
