"""Figures of cases by tenant, route, state and month: how deltas are folded and summed up, how they are read."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from service.identity.models import tenant_local
from service.kit.statements import AT_MOST, TENANT_ID, Statement, scope_ready
from service.kit.tables import EACH_TENANT, beside_tenant
from service.monitoring.models import CHANGED, UNSUMMED, summary, summary_totals
from service.projects.models import AMOUNT, projects
from service.projects.models_records import summary_deltas
from service.projects.queries import counted_month, waiting_need

P, D, S, T = (each.c for each in (projects, summary_deltas, summary, summary_totals))
_CELL = ("tenant_id", "route", "state", "month")
_TOTAL = ("tenant_id", "route", "state")

# Folding. A plain DELETE, not SELECT … FOR UPDATE SKIP LOCKED: that would need an UPDATE grant on the deltas, and a
# second folder that waits here is exact too: it finds the rows gone and adds nothing (jobs.fold).
WAITING = Statement(
    select(tenant_local.c.tenant_id)
    .where(
        or_(
            exists().where(D.tenant_id == tenant_local.c.tenant_id),
            exists().where(S.tenant_id == tenant_local.c.tenant_id, UNSUMMED),
        )
    )
    .order_by(tenant_local.c.tenant_id)
)


def _added(to: Table, key: tuple[str, ...], rows: CTE) -> CTE:
    """The counts and amounts of a tenant's `rows` added to the cells that they belong to, as a part of a statement."""
    said = [rows.c[name] for name in key[1:]]
    cells = (
        beside_tenant(
            *said,
            cast(func.sum(rows.c.count), BigInteger).label("count"),
            cast(func.sum(rows.c.amount_fen), BigInteger).label("amount_fen"),
            of=TENANT_ID,
        )
        .group_by(EACH_TENANT.c.tenant_id, *said)
        # One order for all: two folders that meet wait for each other instead of deadlocking.
        .order_by(EACH_TENANT.c.tenant_id, *said)
    )
    add = insert(to).from_select([*key, "count", "amount_fen"], cells)
    sums = {name: to.c[name] + add.excluded[name] for name in ("count", "amount_fen")}
    added = add.on_conflict_do_update(index_elements=list(key), set_=sums)
    return added.returning(literal_column("1")).cte("written")


def _fold() -> Statement:
    oldest = select(D.id).where(D.tenant_id == TENANT_ID).order_by(D.id).limit(AT_MOST).cte("oldest")
    taken = (
        delete(summary_deltas)
        .where(D.tenant_id == TENANT_ID, D.id.in_(select(oldest.c.id)))
        .returning(D.tenant_id, D.route, D.state, D.month, D.count, D.amount_fen)
        .cte("taken")
    )
    written = _added(summary, _CELL, taken)
    folded = select(func.count()).select_from(taken).scalar_subquery()
    return Statement(
        select(folded.label("folded"), select(func.count()).select_from(written).scalar_subquery())
    )


FOLD = _fold()


def _sum_up() -> Statement:
    """What has changed in a tenant's cells goes into its totals; how much of each stands there is noted in the cell."""
    changed = (
        select(
            *(S[name] for name in _CELL), S.count.label("now_count"), S.amount_fen.label("now_fen"), *CHANGED
        )
        .where(S.tenant_id == TENANT_ID, UNSUMMED)
        .order_by(*(S[name] for name in _CELL))
        .with_for_update()
        .cte("changed")
    )
    noted = (
        update(summary)
        .where(S.tenant_id == TENANT_ID, *(S[name] == changed.c[name] for name in _CELL))
        .values(summed_count=changed.c.now_count, summed_fen=changed.c.now_fen)
        .returning(literal_column("1"))
        .cte("noted")
    )
    written = _added(summary_totals, _TOTAL, changed)
    counts = (select(func.count()).select_from(each).scalar_subquery() for each in (noted, written))
    return Statement(select(*counts))


SUM_UP = _sum_up()

# Totals: the summary plus what is not folded yet, in one statement and so of one moment.
GROUPS = ("tenant", "route", "state", "month")
_KEYS = dict(zip(GROUPS, _CELL, strict=True))
_FILTERS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "tenant": lambda c: c.tenant_id == bindparam("tenant", type_=Text),
    "route": lambda c: c.route == bindparam("route", type_=Text),
    "state": lambda c: c.state == bindparam("state", type_=Text),
    "month_from": lambda c: c.month >= bindparam("month_from", type_=Text),
    "month_to": lambda c: c.month <= bindparam("month_to", type_=Text),
}
TOTAL_FILTERS = tuple(_FILTERS)
_OF_MONTHS = frozenset({"month", "month_from", "month_to"})


# Needs before their declaration have no cell of the summary: they are read as they stand, by an index of their own.
_NEEDS = (
    select(
        P.tenant_id,
        P.route,
        P.state,
        counted_month().label("month"),
        literal_column("1", BigInteger).label("count"),
        AMOUNT.label("amount_fen"),
    )
    .where(waiting_need(), P.route.is_not(None))
    .subquery("needs")
    .c
)


def _cells(
    c: Any, filters: frozenset[str], key: tuple[str, ...], figures: tuple[Any, ...] = ()
) -> Select[Any]:
    """`figures`: count and amount, where the columns of these names are not meant."""
    chosen = select(*(c[name] for name in key), *(figures or (c.count, c.amount_fen)))
    return chosen.where(*(_FILTERS[name](c) for name in sorted(filters)), scope_ready())


def _summed(filters: frozenset[str], group: tuple[str, ...]) -> CompoundSelect[Any]:
    """All that is counted: of months where they are asked for, else what is summed up and what has changed since."""
    if _OF_MONTHS & {*filters, *group}:
        return union_all(*(_cells(c, filters, _CELL) for c in (S, D, _NEEDS)))
    changed = _cells(S, filters, _TOTAL, CHANGED).where(UNSUMMED)
    return union_all(changed, *(_cells(c, filters, _TOTAL) for c in (T, D, _NEEDS)))


@cache
def totals_statement(filters: frozenset[str], group: tuple[str, ...]) -> Statement:
    """Cells of `group` with count and amount; every row repeats the age, and one row comes even without cells."""
    both = _summed(filters, group).subquery("both")
    count = cast(func.sum(both.c.count), BigInteger)
    amount = cast(func.sum(both.c.amount_fen), BigInteger)
    keys = [both.c[_KEYS[name]].label(name) for name in group]
    cells = (
        select(*keys, count.label("count"), amount.label("amount_fen"))
        .group_by(*(both.c[_KEYS[name]] for name in group))
        # Cells that everything has left stay in the summary as zeros; a wrong one must not hide as well.
        .having(or_(count != literal_column("0"), amount != literal_column("0")))
        .subquery("cells")
    )
    age = (
        select(
            func.now().label("as_of"),
            func.count().label("unfolded"),
            func.min(D.at).label("oldest_unfolded_at"),
        )
        .where(scope_ready())
        .subquery("age")
    )
    found = select(*age.c, *cells.c).select_from(age.outerjoin(cells, true()))
    return Statement(found.order_by(*(cells.c[name] for name in group)))
