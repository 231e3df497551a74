"""Totals are exact while folders and writers run, in any order of writes and folds."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.kit.db import RELAY, Door, Scope, tenant_scope
from service.kit.ids import new_id
from service.kit.tables import insert_row
from service.monitoring.jobs import fold
from service.monitoring.queries_totals import FOLD, GROUPS, SUM_UP, WAITING, totals_statement
from service.projects.models_records import summary_deltas

PROVINCE = Scope("province", "360000/*")
Cell = tuple[str, str, str, str]

_DELTA = insert_row(summary_deltas)


def moved(tx: Any, cell: Cell, count: int, amount: int) -> None:
    """A line of what is still to be folded, within somebody's transaction."""
    tenant, route, state, month = cell
    tx.batch.add(
        _DELTA,
        tenant_id=tenant,
        id=new_id(),
        route=route,
        state=state,
        month=month,
        count=count,
        amount_fen=amount,
        at=datetime.now(UTC),
    )


async def add(door: Door, cell: Cell, count: int, amount: int) -> None:
    async with door.transaction(tenant_scope(cell[0])) as tx:
        moved(tx, cell, count, amount)


async def figures(door: Door, month: str) -> dict[Cell, tuple[int, int]]:
    statement = totals_statement(frozenset({"month_from", "month_to"}), GROUPS)
    rows = await door.fetch(PROVINCE, statement, month_from=month, month_to=month)
    return {
        tuple(row[name] for name in GROUPS): (row["count"], row["amount_fen"])  # type: ignore[misc]
        for row in rows
        if row["count"] is not None
    }


async def over_all_months(door: Door) -> Counter[str]:
    """Amounts by tenant, route and state, read where no month is asked for; the count as the last two digits."""
    rows = await door.fetch(PROVINCE, totals_statement(frozenset(), GROUPS[:3]))
    named = {"/".join(row[name] for name in GROUPS[:3]): row for row in rows if row["count"] is not None}
    return Counter({name: 100 * row["amount_fen"] + row["count"] for name, row in named.items()})


async def _moving(door: Door, cells: list[Cell], seed: int) -> None:
    """A writer: forty cases go from one cell to another, each in one transaction."""
    rng = random.Random(seed)
    for _ in range(40):
        source, target = rng.sample(cells, 2)
        async with door.transaction(tenant_scope("360100")) as tx:
            for cell, sign in ((source, -1), (target, 1)):
                moved(tx, cell, sign, sign * 100)


async def test_exact_while_folders_and_writers_run(door: Door) -> None:
    """Every read in between is a true one: moves keep the count, and the sum of one tenant never tears."""
    month = "1999-01"
    cells = [("360100", "city_filing", state, month) for state in ("submitted", "gatekept", "filed")]
    for cell in cells:
        for _ in range(20):
            await add(door, cell, 1, 100)
    done = asyncio.Event()

    async def folder() -> None:
        while not done.is_set():
            await fold(door)

    async def reader() -> int:
        reads = 0
        while not done.is_set():
            found = await figures(door, month)
            assert sum(count for count, _ in found.values()) == 60
            assert sum(amount for _, amount in found.values()) == 6000
            reads += 1
        return reads

    async def writers() -> None:
        await asyncio.gather(*(_moving(door, cells, seed) for seed in range(3)))
        done.set()

    *_, reads = await asyncio.gather(writers(), folder(), folder(), reader())
    assert reads > 3
    before = await figures(door, month)
    await fold(door)
    assert await figures(door, month) == before


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["360100", "360200"]),
            st.sampled_from(["submitted", "filed"]),
            st.sampled_from([-1, 1]),
            st.integers(0, 10**13),
            st.booleans(),
        ),
        max_size=12,
    )
)
async def test_any_order_of_writes_and_folds_gives_the_sum(
    door: Door, steps: list[tuple[str, str, int, int, bool]]
) -> None:
    month = "1999-02"
    before, whole = await figures(door, month), await over_all_months(door)
    expected = Counter[Cell](), Counter[Cell]()
    for cell, (count, amount) in before.items():
        expected[0][cell] += count
        expected[1][cell] += amount
    for tenant, state, sign, amount, folded in steps:
        cell = (tenant, "city_filing", state, month)
        await add(door, cell, sign, sign * amount)
        expected[0][cell] += sign
        expected[1][cell] += sign * amount
        whole[f"{tenant}/city_filing/{state}"] += sign * (100 * amount + 1)
        if folded:
            await fold(door)
        assert {k: v for k, v in (await over_all_months(door)).items() if v} == {
            k: v for k, v in whole.items() if v
        }
    found = await figures(door, month)
    wanted = {c: (expected[0][c], expected[1][c]) for c in expected[0] if expected[0][c] or expected[1][c]}
    assert found == wanted


async def test_what_another_version_folds_into_cells_alone_is_counted_once(door: Door) -> None:
    """Its figures are of the totals before and after they are summed up; summed up twice they stay."""
    cell = ("360300", "city_filing", "filed", "1999-03")
    await fold(door)
    before = await over_all_months(door)
    wanted = Counter(before)
    wanted["360300/city_filing/filed"] += 100 * 700 + 1
    await add(door, cell, 1, 700)
    async with door.transaction(RELAY) as tx:
        await tx.fetch(FOLD, tenant_id=cell[0], limit=100)
    assert await over_all_months(door) == wanted
    assert [row["tenant_id"] for row in await door.fetch(RELAY, WAITING)] == ["360300"]
    assert await fold(door) == 0
    assert await over_all_months(door) == wanted
    assert await door.fetch(RELAY, WAITING) == []
    async with door.transaction(RELAY) as tx:
        await tx.fetch(SUM_UP, tenant_id=cell[0])
    assert await over_all_months(door) == wanted
