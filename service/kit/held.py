"""Leases: what only one of several processes may do at a time, and what keeps a late one from doing it all the same.

A lease is a row with a holder, an end by the database's clock, and a fence: a number that grows with every change of
hands. Whoever was stopped while he held it and goes on after another has taken it still believes that he holds it; so
the fence goes along with what is written, and the place that is written to refuses an older one.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import BigInteger, Column, Interval, Text, and_, bindparam, case, func, or_, update
from sqlalchemy.dialects.postgresql import insert

from service.kit.db import RELAY, Door
from service.kit.ids import new_id
from service.kit.statements import Statement
from service.kit.tables import moment, table, text

WHOLE = "*"  # the row's tenant where a lease is the whole deployment's
SPAN = timedelta(seconds=15)
ME = new_id()  # this process

leases = table(
    "leases",
    text("name"),
    text("holder"),
    Column("fence", BigInteger, nullable=False),
    moment("until"),
    key=("name",),
)

_holder, _seen = bindparam("holder", type_=Text), bindparam("seen", type_=BigInteger)
_until = func.now() + bindparam("span", type_=Interval)
_mine = leases.c.holder == _holder
_HOLD = Statement(
    insert(leases)
    .values(
        tenant_id=WHOLE, name=bindparam("name", type_=Text), holder=_holder, fence=_seen + 1, until=_until
    )
    .on_conflict_do_update(
        index_elements=["tenant_id", "name"],
        set_={
            "holder": _holder,
            "fence": case(
                (and_(_mine, leases.c.fence >= _seen), leases.c.fence),
                else_=func.greatest(leases.c.fence, _seen) + 1,
            ),
            "until": _until,
        },
        # An end far beyond what anybody asks for was set by another clock: of the machine that a backup came from, or
        # before this one's was put right. Its holder is gone, or meets the fence. (Twice: `now()` is of the
        # statement's begin, and whoever holds it may have asked a moment later.)
        where=or_(
            _mine, leases.c.until < func.now(), leases.c.until > _until + bindparam("span", type_=Interval)
        ),
    )
    .returning(leases.c.fence)
)
_RELEASE = Statement(
    update(leases)
    .where(leases.c.tenant_id == WHOLE, leases.c.name == bindparam("of_name", type_=Text), _mine)
    .values(until=func.now() - timedelta(seconds=1))
    .returning(leases.c.fence)
)


async def hold(door: Door, name: str, seen: int = 0, holder: str = ME) -> int | None:
    """Takes or keeps the lease for SPAN; its fence, or None while another holds it.

    `seen`: the highest fence that stands in what it guards. A database that was restored may have forgotten it.
    """
    row = await door.row(RELAY, _HOLD, name=name, holder=holder, seen=seen, span=SPAN)
    return None if row is None else int(row["fence"])


async def release(door: Door, name: str, holder: str = ME) -> None:
    """Gives it back, if it is held: the next one need not wait for its end."""
    await door.fetch(RELAY, _RELEASE, of_name=name, holder=holder)
