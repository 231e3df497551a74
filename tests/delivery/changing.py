"""Changes asked for and decided: the papers, the money, the day of both."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

APPROVER, DRC = "city.approver", "province.drc"
DECISION = {"number": "洪发改〔2026〕99号", "date": "2026-11-23", "digest": "c" * 64}
YES = {"approve": True, "document": DECISION}


@pytest.fixture(autouse=True)
def today() -> Any:
    """Noon of 23 November 2026, the day of the papers, whenever the test is run."""
    from datetime import UTC, datetime

    from service.kit import clock

    clock.travel(datetime(2026, 11, 23, 4, tzinfo=UTC))
    yield
    clock.travel(None)


def money(total: str, **more: Any) -> dict[str, Any]:
    return {
        "reason": "增加移动端",
        "facts": {"investment_yuan": total},
        "funding": [{"source": "city_fiscal", "amount_yuan": total}],
        **more,
    }


async def totals(settings: Any, tenant: str = "360100") -> dict[tuple[str, str], tuple[int, int]]:
    connection = await asyncpg.connect(settings.database_url)
    try:
        rows = await connection.fetch(
            "SELECT route, state, sum(count)::bigint AS n, sum(amount_fen)::bigint AS fen FROM "
            "(SELECT tenant_id, route, state, count, amount_fen FROM summary UNION ALL "
            "SELECT tenant_id, route, state, count, amount_fen FROM summary_deltas) t "
            "WHERE tenant_id = $1 GROUP BY 1, 2",
            tenant,
        )
        return {(row["route"], row["state"]): (row["n"], row["fen"]) for row in rows}
    finally:
        await connection.close()
