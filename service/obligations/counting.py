"""Counts cases' duties into the running totals, with every change of them and in its transaction.

A case is counted as `obligation_cases.counted_for` says, whose row orders everybody who derives or counts it. So what
is to be added is worked out from what was counted before, and cases of before are counted while the service runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    Date,
    Text,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
    update,
)

from service.kit import clock
from service.kit.db import Door, Row, Tx, tenant_scope
from service.kit.ids import new_id
from service.kit.statements import AT_MOST, ROW_IDS, TENANT_ID, Statement, scope_ready
from service.kit.tables import insert_rows
from service.obligations.counted_as import (
    ALWAYS,
    FIGURES,
    PROVINCE,
    TENANT,
    Cell,
    Vector,
    counted,
    difference,
    plus,
    reach_of,
)
from service.obligations.models import obligation_cases, obligations
from service.obligations.models_totals import duty_deltas, duty_totals
from service.obligations.queries import EXISTING
from service.obligations.reading import FIGURE_OF, month_of
from service.projects.models import projects

BATCH = 500
_SEEN: list[Any] = [literal_column(f"'{each}'") for each in (TENANT, PROVINCE)]
C, D, P, T, W = obligation_cases.c, duty_deltas.c, projects.c, duty_totals.c, obligations.c


_ADD = insert_rows(duty_deltas)
_MARK = Statement(
    update(obligation_cases)
    .where(C.tenant_id == TENANT_ID, C.project_id == func.any(ROW_IDS))
    .values(counted_for=bindparam("reach", type_=Text))
)


class Count:
    """What the cases of one transaction add to the totals."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self._cells: dict[Cell, Vector] = {}
        self._marks: dict[str, list[str]] = defaultdict(list)

    def change(
        self,
        case: Mapping[str, Any],
        counted_for: str | None,
        before: Mapping[str, Mapping[str, Any]],
        rows: Iterable[Mapping[str, Any]],
    ) -> None:
        """A case whose duties were `before`, of which `rows` are new or changed."""
        reach, changed = reach_of(case), list(rows)
        if not changed and counted_for == reach:
            return
        now = {**before, **{row["id"]: row for row in changed}}
        was = {} if counted_for is None else counted(counted_for, before.values())
        self.add(difference(counted(reach, now.values()), was))
        if counted_for != reach:
            self._marks[reach].append(case["id"])

    def add(self, cells: Mapping[Cell, Vector]) -> None:
        for cell, vector in cells.items():
            self._cells[cell] = plus(self._cells[cell], vector) if cell in self._cells else vector

    def write(self, tx: Tx) -> None:
        """Adds what is to be written to the transaction's next statement."""
        now, tenant = clock.now(), self._tenant
        deltas = [
            {
                "tenant_id": tenant,
                "id": new_id(),
                **cell._asdict(),
                **dict(zip(FIGURES, vector, strict=True)),
                "at": now,
            }
            for cell, vector in sorted(self._cells.items())
            if any(vector)
        ]
        if deltas:
            tx.batch.add(_ADD, expect=len(deltas), of_tenant=tenant, rows=deltas)
        for reach, ids in sorted(self._marks.items()):
            tx.batch.add(_MARK, expect=len(ids), tenant_id=tenant, ids=ids, reach=reach)


# ---- cases of before, and what went wrong -------------------------------------------------------------------

_here = and_(P.tenant_id == C.tenant_id, P.id == C.project_id, P.state != literal_column("'draft'"))
_UNCOUNTED = Statement(
    select(P.id, P.state, P.submissions, P.origin)
    .select_from(obligation_cases.join(projects, _here))
    .where(C.tenant_id == TENANT_ID, C.counted_for.is_(None))
    .order_by(C.project_id)
    .limit(AT_MOST)
    .with_for_update(of=obligation_cases)
)
_FORGET = Statement(
    update(obligation_cases)
    .where(C.tenant_id == TENANT_ID, C.counted_for.is_not(None))
    .values(counted_for=null())
)
_TODAY = bindparam("today", type_=Date)
_MONTH: Any = literal_column("'month'")
_DAYS: Any = literal_column("'day'")
_always: Any = literal_column(f"DATE '{ALWAYS}'")
_CELL = ("reach", "code", "month", "day")


def _sums() -> Statement:
    """Everything in the totals, and whether some case is still counted: one came in beside it."""
    of = [
        select(*(c[name] for name in (*_CELL, *FIGURES))).where(c.tenant_id == TENANT_ID, *more)
        for c, more in ((T, (or_(T.span == _DAYS, T.day == _always),)), (D, ()))
    ]
    both = union_all(*of).subquery("both").c
    sums = select(*(both[name] for name in _CELL), *(func.sum(both[name]).label(name) for name in FIGURES))
    cells = sums.group_by(*(both[name] for name in _CELL)).subquery("cells")
    counted_yet = exists().where(C.tenant_id == TENANT_ID, C.counted_for.is_not(None))
    state = select(counted_yet.label("counted")).subquery("state")
    return Statement(select(*state.c, *cells.c).select_from(state.outerjoin(cells, true())))


def _differing() -> Statement:
    """Cells in which the totals, as of the day, are not what counting the rows one by one makes."""
    names = ("reach", "code", "month")
    cells = [
        select(*(c[name] for name in (*names, *FIGURES))).where(
            c.tenant_id == TENANT_ID, *more, scope_ready()
        )
        for c, more in (
            (T, (T.span == _MONTH, T.day < month_of(_TODAY))),
            (T, (T.span == _DAYS, T.day >= month_of(_TODAY), T.day <= _TODAY)),
            (D, (D.day <= _TODAY,)),
        )
    ]
    month = month_of(W.due)
    rows = (
        select(C.counted_for, W.code, month, *(-func.count().filter(of) for of in FIGURE_OF.values()))
        .select_from(
            obligations.join(obligation_cases, and_(C.tenant_id == W.tenant_id, C.project_id == W.project_id))
        )
        .where(W.tenant_id == TENANT_ID, C.counted_for.in_(_SEEN), scope_ready())
        .group_by(C.counted_for, W.code, month)
    )
    both = union_all(*cells, rows).subquery("both").c
    sums = [func.sum(both[name]) for name in FIGURES]
    wrong = or_(*(each != literal_column("0") for each in sums))
    return Statement(
        select(*(both[name] for name in names)).group_by(*(both[name] for name in names)).having(wrong)
    )


_SUMS, DIFFERING = _sums(), _differing()


async def count_all(door: Door, tenant: str) -> int:
    """Counts the cases that are in no totals yet, some at a time; returns how many."""
    total = 0
    while True:
        async with door.transaction(tenant_scope(tenant)) as tx:
            cases = await tx.fetch(_UNCOUNTED, tenant_id=tenant, limit=BATCH)
            count, kept = Count(tenant), defaultdict[str, dict[str, Row]](dict)
            for row in await tx.fetch(EXISTING, tenant_id=tenant, ids=[case["id"] for case in cases]):
                kept[row["project_id"]][row["id"]] = row
            for case in cases:
                count.change(case, None, kept[case["id"]], ())
            count.write(tx)
            await tx.flush()
        total += len(cases)
        if len(cases) < BATCH:
            return total


async def uncount(tx: Tx, tenant: str) -> None:
    """Takes everything out of a tenant's totals; its cases are to be counted anew.

    A case that came in between is counted already, which the very statement that adds up sees: so it is done again.
    """
    while True:
        await tx.fetch(_FORGET, tenant_id=tenant)
        rows = await tx.fetch(_SUMS, tenant_id=tenant)
        if not rows[0]["counted"]:
            break
    count = Count(tenant)
    cells = {
        Cell(*(row[name] for name in _CELL)): tuple(int(row[name]) for name in FIGURES)
        for row in rows
        if row["code"]
    }
    count.add(difference({}, cells))
    count.write(tx)
    await tx.flush()


async def verify(door: Door, tenant: str, today: date) -> int:
    """In how many cells the totals differ from the rows counted one by one; where any does, they are made anew."""
    wrong = len(await door.fetch(tenant_scope(tenant), DIFFERING, tenant_id=tenant, today=today))
    if wrong:
        async with door.transaction(tenant_scope(tenant)) as tx:
            await uncount(tx, tenant)
        await count_all(door, tenant)
    return wrong
