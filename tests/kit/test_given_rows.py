"""Rows that are given as one list go in beside the row of their tenant (docs/decisions/0277)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from service.kit.db import Door, tenant_scope
from service.kit.errors import ServiceError
from service.kit.ids import new_id
from service.kit.statements import ROW_IDS, Statement
from service.kit.tables import insert_rows
from service.projects.models_records import summary_deltas


async def test_rows_that_are_given_become_rows_of_the_tenant_named_and_of_no_other(door: Door) -> None:
    """Beside the tenant's own row, which another tenant's login does not see: the count tells."""
    write = insert_rows(summary_deltas)
    rows = [
        {
            "id": new_id(),
            "route": route,
            "state": "filed",
            "month": "2026-03",
            "count": 0,
            "amount_fen": 0,
            "at": datetime(2026, 3, 2, tzinfo=UTC),
        }
        for route in ("a", "b")
    ]
    mine = Statement(
        select(summary_deltas.c.route)
        .where(summary_deltas.c.tenant_id == "360100", summary_deltas.c.id == func.any(ROW_IDS))
        .order_by(summary_deltas.c.route)
    )
    with pytest.raises(_TakenBack):
        async with door.transaction(tenant_scope("360100")) as tx:
            tx.batch.add(write, expect=2, of_tenant="360100", rows=rows)
            await tx.flush()
            found = await tx.fetch(mine, ids=[row["id"] for row in rows])
            assert [row["route"] for row in found] == ["a", "b"]
            raise _TakenBack
    for flushed in (True, False):  # both forms of a batch
        with pytest.raises(ServiceError) as refused:
            async with door.transaction(tenant_scope("360100")) as tx:
                tx.batch.add(write, expect=2, of_tenant="360200", rows=rows)
                if flushed:
                    await tx.flush()
        assert refused.value.status == 412


class _TakenBack(Exception):
    pass
