"""Running totals: −1/+1 rows written in the transaction of what they count, folded into cells by the worker.

A reading adds what is not folded yet, in one statement and so of one moment: exact whatever is folded and what not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import asyncpg
from sqlalchemy import BigInteger, Select, Table, cast, delete, exists, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from service.kit import refusals
from service.kit.db import RELAY, Door
from service.kit.statements import AT_MOST, TENANT_ID, Statement

BATCH = 5000


def _as_told(taken: Any) -> Select[Any]:
    return select(*taken.c)


class Folding:
    """Totals of a tenant. `cell`: the columns beside the tenant that name a cell, `sums`: those that are added up;
    `tenants`: a table with one row of each.

    `cells`: what is added to cells, of the rows that are folded; as they are where nothing else is said.
    """

    def __init__(
        self,
        deltas: Table,
        totals: Table,
        tenants: Table,
        *,
        cell: Sequence[str],
        sums: Sequence[str],
        cells: Callable[[Any], Any] = _as_told,
    ) -> None:
        # A plain DELETE follows, not SELECT … FOR UPDATE SKIP LOCKED: that would need an UPDATE grant on the deltas,
        # and a second folder that waits is exact too: it finds the rows gone and adds nothing.
        here = exists().where(deltas.c.tenant_id == tenants.c.tenant_id)
        each = tenants.c.tenant_id
        self.waiting = Statement(select(each).where(here).order_by(each))
        self.step = _step(deltas, totals, tenants, ("tenant_id", *cell), sums, cells)

    async def fold(self, door: Door) -> int:
        """Folds every tenant's waiting rows; returns how many."""
        return await fold(door, self.waiting, self.step)


async def fold(door: Door, waiting: Statement, step: Statement, then: Statement | None = None) -> int:
    """Folds every tenant's waiting rows; returns how many. Exact however many folders and writers run at once.

    `waiting` tells the tenants. `step`: one statement that deletes rows and adds them to their cells, so a reader sees
    each row in exactly one of the two places; `then` follows once a tenant has none left. Cells that come to zero stay:
    there are only so many of them in a tenant, and a cell that is deleted and made again would meet its own deletion.
    """
    total = 0
    for row in await door.fetch(RELAY, waiting):
        try:
            total += await _of_tenant(door, row["tenant_id"], step, then)
        except asyncpg.PostgresError as error:
            if error.sqlstate not in refusals.BUSY:
                raise
    return total


async def _of_tenant(door: Door, tenant: str, step: Statement, then: Statement | None) -> int:
    total, folded = 0, BATCH
    while folded >= BATCH:
        async with door.transaction(RELAY) as tx:
            row = await tx.row(step, tenant_id=tenant, limit=BATCH)
        folded = int(row["folded"]) if row is not None else 0
        total += folded
    if then is not None:
        async with door.transaction(RELAY) as tx:
            await tx.fetch(then, tenant_id=tenant)
    return total


def _step(
    deltas: Table,
    totals: Table,
    tenants: Table,
    keys: Sequence[str],
    sums: Sequence[str],
    cells: Callable[[Any], Any],
) -> Statement:
    """Takes a tenant's oldest rows and adds them to their cells; answers how many were taken."""
    d = deltas.c
    oldest = select(d.id).where(d.tenant_id == TENANT_ID).order_by(d.id).limit(AT_MOST).cte("oldest")
    taken = (
        delete(deltas)
        .where(d.tenant_id == TENANT_ID, d.id.in_(select(oldest.c.id)))
        .returning(*(each for each in d if each.name not in ("id", "at")))
        .cte("taken")
    )
    given = cells(taken).subquery("given").c
    added = (
        select(
            *(given[name] for name in keys),
            *(cast(func.sum(given[name]), BigInteger).label(name) for name in sums),
        )
        # Beside the tenant's own row, so that Citus knows where the cells lie (docs/decisions/0165, 0273).
        .where(tenants.c.tenant_id == given.tenant_id, tenants.c.tenant_id == TENANT_ID)
        .group_by(*(given[name] for name in keys))
        # One order for all: two folders that meet wait for each other instead of deadlocking.
        .order_by(*(given[name] for name in keys))
    )
    add = insert(totals).from_select([*keys, *sums], added)
    more: dict[str, Any] = {name: totals.c[name] + add.excluded[name] for name in sums}
    made = add.on_conflict_do_update(index_elements=list(keys), set_=more)
    written = made.returning(literal_column("1")).cte("written")
    folded = select(func.count()).select_from(taken).scalar_subquery()
    return Statement(
        select(folded.label("folded"), select(func.count()).select_from(written).scalar_subquery())
    )
