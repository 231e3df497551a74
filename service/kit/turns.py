"""Two who would make the same thing at once take turns: the second waits, and then finds what the first has stored."""

from __future__ import annotations

from sqlalchemy import Text, bindparam, func, select

from service.kit.db import Tx
from service.kit.statements import Statement

# Its scope is not folded in, so it begins the transaction that holds the turn.
_TURN = Statement(
    select(func.pg_advisory_xact_lock(func.hashtext(bindparam("turn", type_=Text))).cast(Text).label("turn"))
)


async def take_turn(tx: Tx, of: str) -> None:
    """Waits until nobody else has the turn `of`; ours ends with the transaction."""
    await tx.fetch(_TURN, turn=of)
