"""Gap-free numbers from a per-tenant counter row; its row lock orders the transactions that take one."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, bindparam
from sqlalchemy.dialects.postgresql import insert

from service.kit.db import Tx
from service.kit.statements import Statement
from service.kit.tables import table, text

counters = table("counters", text("name"), Column("value", BigInteger, nullable=False), key=("name",))

_insert = insert(counters).values(
    tenant_id=bindparam("tenant_id"), name=bindparam("name"), value=bindparam("count", type_=BigInteger)
)
_NEXT = Statement(
    _insert.on_conflict_do_update(
        index_elements=["tenant_id", "name"], set_={"value": counters.c.value + _insert.excluded.value}
    ).returning(counters.c.value)
)


async def next_number(tx: Tx, tenant: str, name: str, count: int = 1) -> int:
    """The first of the counter's next `count` numbers (the first ever is 1); given back on rollback."""
    row = await tx.row(_NEXT, tenant_id=tenant, name=name, count=count)
    if row is None:
        raise RuntimeError("counter row not returned")
    return int(row["value"]) - count + 1
