"""The time that orders the workers' doings: the database's, which is one for all of them, moved as the service's is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from service.kit import clock
from service.kit.db import RELAY, Door
from service.kit.statements import Statement

_NOW = Statement(select(func.clock_timestamp().label("now")))


async def database_now(door: Door) -> datetime:
    """The database's clock: those of machines differ, and a minute that must pass would pass at once on one of them."""
    row = await door.row(RELAY, _NOW)
    assert row is not None  # noqa: S101 - a SELECT without FROM has one row
    now: datetime = row["now"]
    return now + clock.moved()
