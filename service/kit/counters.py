"""Gap-free numbers from a per-tenant counter row; its row lock orders the transactions that take one."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, bindparam, literal
from sqlalchemy.dialects.postgresql import insert

from service.kit.db import Statement, Tx
from service.kit.tables import table, text

counters = table("counters", text("name"), Column("value", BigInteger, nullable=False), key=("name",))

_NEXT = Statement(
    insert(counters)
    .values(tenant_id=bindparam("tenant_id"), name=bindparam("name"), value=literal(1, BigInteger))
    .on_conflict_do_update(index_elements=["tenant_id", "name"], set_={"value": counters.c.value + 1})
    .returning(counters.c.value)
)


async def next_number(tx: Tx, tenant: str, name: str) -> int:
    """The next number of the tenant's counter, starting at 1; given back when the transaction rolls back."""
    row = await tx.row(_NEXT, tenant_id=tenant, name=name)
    if row is None:
        raise RuntimeError("counter row not returned")
    return int(row["value"])
