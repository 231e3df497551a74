"""Folding: the −1/+1 rows of the commands become the summary's figures by month, and these the totals, every second."""

from __future__ import annotations

import asyncpg

from service.kit.db import RELAY, Door
from service.monitoring.queries_totals import FOLD, SUM_UP, WAITING

BATCH = 5000
_BUSY = ("55P03", "40001", "40P01")


async def fold(door: Door) -> int:
    """Folds every tenant's waiting rows; returns how many. Exact however many folders and writers run at once.

    One statement deletes rows and adds them to their cells, so a reader sees each row in exactly one of the two
    places. Cells that come to zero stay: there are at most routes × states × months of them in a tenant, and a
    cell that is deleted and made again would meet its own deletion. What has changed in cells goes into the totals in
    the same way, whoever changed it: a worker of the version before folds into cells alone.
    """
    total = 0
    for row in await door.fetch(RELAY, WAITING):
        try:
            total += await _fold_tenant(door, row["tenant_id"])
        except asyncpg.PostgresError as error:
            if error.sqlstate not in _BUSY:
                raise
    return total


async def _fold_tenant(door: Door, tenant: str) -> int:
    total = 0
    while True:
        async with door.transaction(RELAY) as tx:
            row = await tx.row(FOLD, tenant_id=tenant, limit=BATCH)
        folded = int(row["folded"]) if row is not None else 0
        total += folded
        if folded < BATCH:
            break
    async with door.transaction(RELAY) as tx:
        await tx.fetch(SUM_UP, tenant_id=tenant)
    return total
