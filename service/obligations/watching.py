"""Counts cases into the figures that are watched of declarations, whenever what is due of them is derived.

What a case counts as follows from itself, its findings and the suspicions that it raised. `obligation_cases.watched`
says as what it is counted; null: as nothing yet. Who changes a suspicion marks the case as not derived (`unwatched`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Numeric,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from service.identity.models import tenant_local
from service.kit import clock
from service.kit.db import Door, Tx, tenant_scope
from service.kit.folding import Folding
from service.kit.ids import new_id
from service.kit.statements import AT_MOST, ROW_IDS, TENANT_ID, Statement
from service.kit.tables import insert_rows
from service.measures.lifecycle import ABANDONED, INITIAL
from service.obligations.counted_as import NOBODY, reach_of
from service.obligations.models import obligation_cases
from service.obligations.models_watched import FINDINGS, WATCHED, watched_deltas, watched_totals
from service.projects.models import project_findings, projects

BATCH = 500
C, F, P, D, T = (
    each.c for each in (obligation_cases, project_findings, projects, watched_deltas, watched_totals)
)
# Beside this package, which does not import it: the names of its columns are all that is wanted.
suspicions = table("suspicions", *map(column, ("tenant_id", "project_id", "kind", "state", "month")))
S = suspicions.c
_LIVE, _SURE = ("open", "confirmed", "joined"), ("confirmed", "joined")
_NOT_ALIVE = frozenset(state.value for state in INITIAL | ABANDONED)
FOLDING = Folding(watched_deltas, watched_totals, tenant_local, cell=("reach", "month"), sums=WATCHED)


def maintenance() -> Any:
    """The maintenance part as declared, in fen."""
    path: Any = (literal_column("'facts'"), literal_column("'of_which_maintenance_yuan'"))
    text = func.jsonb_extract_path_text(P.declared, *path)
    return cast(cast(func.nullif(text, ""), Numeric) * 100, BigInteger)


_codes: Any = [literal_column(f"'{code}'") for code in FINDINGS]
_found = (
    select(func.array_agg(F.code))
    .where(F.tenant_id == P.tenant_id, F.project_id == P.id, F.code.in_(_codes))
    .scalar_subquery()
)
_suspected = (
    select(func.jsonb_agg(func.jsonb_build_array(S.kind, S.state, S.month)))
    .where(S.tenant_id == P.tenant_id, S.project_id == P.id)
    .scalar_subquery()
)
_COLUMNS = (P.id, P.state, P.submissions, P.origin, P.month, P.approved_fen, P.investment_fen)
_case = select(
    *_COLUMNS,
    func.coalesce(maintenance(), literal_column("0")).label("maintenance_fen"),
    _found.label("found"),
    _suspected.label("suspected"),
    C.watched,
).select_from(projects.join(obligation_cases, and_(C.tenant_id == P.tenant_id, C.project_id == P.id)))
_OF = Statement(_case.where(P.tenant_id == TENANT_ID, C.tenant_id == TENANT_ID, P.id == func.any(ROW_IDS)))
UNWATCHED = and_(C.watched.is_(None), P.state != literal_column("'draft'"))
_NEXT = Statement(
    _case.where(P.tenant_id == TENANT_ID, C.tenant_id == TENANT_ID, UNWATCHED)
    .order_by(C.project_id)
    .limit(AT_MOST)
    .with_for_update(of=obligation_cases)
)


def _mark() -> Statement:
    columns = (column("project_id", C.project_id.type), column("watched", JSONB))
    made = func.jsonb_to_recordset(bindparam("marks", type_=JSONB)).table_valued(*columns)
    read = made.render_derived(name="given", with_types=True).c
    changed = update(obligation_cases).where(C.tenant_id == TENANT_ID, C.project_id == read.project_id)
    return Statement(changed.values(watched=read.watched))


_ADD, _MARK = insert_rows(watched_deltas), _mark()


def counts_as(case: Mapping[str, Any]) -> dict[str, list[int]]:
    """By month, what a case adds to the figures in the order of WATCHED."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    if case["month"] is not None and case["state"] not in _NOT_ALIVE:
        amount = case["investment_fen"] if case["approved_fen"] is None else case["approved_fen"]
        own = found[case["month"]]
        own |= {"count": 1, "amount_fen": amount, "investment_fen": case["investment_fen"]}
        own |= {"maintenance_fen": case["maintenance_fen"]}
        for code in case["found"] or ():
            own |= {code: 1, f"{code}_fen": amount}
    for kind, state, month in case["suspected"] or ():
        found[month] |= {f"{kind}_suspicions": int(state in _LIVE), f"{kind}_confirmed": int(state in _SURE)}
    told = {month: [figures.get(name, 0) for name in WATCHED] for month, figures in found.items()}
    return {month: figures for month, figures in told.items() if any(figures)}


async def watch(tx: Tx, tenant: str, ids: Sequence[str]) -> None:
    """Counts the cases as they are now; their rows of `obligation_cases` must be taken."""
    await _count(tx, tenant, await tx.fetch(_OF, tenant_id=tenant, ids=list(ids)))


async def _count(tx: Tx, tenant: str, cases: Sequence[Mapping[str, Any]]) -> None:
    cells: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(WATCHED))
    marks = []
    for case in cases:
        reach = reach_of(case)
        now: dict[str, Any] = {"reach": reach, "months": counts_as(case) if reach != NOBODY else {}}
        was: dict[str, Any] = case["watched"] or {"reach": reach, "months": {}}
        if case["watched"] == now:
            continue
        marks.append({"project_id": case["id"], "watched": now})
        for sign, told in ((-1, was), (1, now)):
            for month, figures in told["months"].items():
                cell = cells[told["reach"], month]
                cells[told["reach"], month] = [a + sign * b for a, b in zip(cell, figures, strict=True)]
    _add_to(tx, tenant, cells)
    if marks:
        tx.batch.add(_MARK, expect=len(marks), tenant_id=tenant, marks=marks)
    await tx.flush()


def _add_to(tx: Tx, tenant: str, cells: Mapping[tuple[str, str], Sequence[int]]) -> None:
    moment = clock.now()
    deltas = [
        {"tenant_id": tenant, "id": new_id(), "reach": reach, "month": month, "at": moment}
        | dict(zip(WATCHED, figures, strict=True))
        for (reach, month), figures in sorted(cells.items())
        if any(figures)
    ]
    if deltas:
        tx.batch.add(_ADD, expect=len(deltas), of_tenant=tenant, rows=deltas)


async def watch_all(door: Door, tenant: str) -> int:
    """Counts the cases that are counted as nothing yet, some at a time; returns how many."""
    total = 0
    while True:
        async with door.transaction(tenant_scope(tenant)) as tx:
            cases = await tx.fetch(_NEXT, tenant_id=tenant, limit=BATCH)
            await _count(tx, tenant, cases)
        total += len(cases)
        if len(cases) < BATCH:
            return total


def _differing() -> Statement:
    """Cells in which the totals are not what the cases say that they are counted as, and by how much."""
    month = func.jsonb_each(C.watched.op("->")(literal_column("'months'"))).table_valued("key", "value")
    of = month.render_derived(name="months").c
    own = [-cast(of.value.op("->>")(literal_column(str(n))), BigInteger) for n in range(len(WATCHED))]
    said = select(C.watched.op("->>")(literal_column("'reach'")), of.key, *own)
    parts = [
        select(c.reach, c.month, *(c[name] for name in WATCHED)).where(c.tenant_id == TENANT_ID)
        for c in (T, D)
    ]
    both = union_all(*parts, said.where(C.tenant_id == TENANT_ID)).subquery("both").c
    sums = [cast(func.sum(both[name]), BigInteger).label(name) for name in WATCHED]
    wrong = or_(*(each != literal_column("0") for each in sums))
    return Statement(select(both.reach, both.month, *sums).group_by(both.reach, both.month).having(wrong))


_DIFFERING = _differing()


async def verify_watched(door: Door, tenant: str) -> int:
    """In how many cells the totals differ from what the cases are counted as; they are put right."""
    async with door.transaction(tenant_scope(tenant)) as tx:
        rows = await tx.fetch(_DIFFERING, tenant_id=tenant)
        _add_to(tx, tenant, {(row["reach"], row["month"]): [-row[name] for name in WATCHED] for row in rows})
    return len(rows)
