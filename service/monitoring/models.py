"""The folded summary of declared projects; plus unfolded deltas it is exact, at any number of projects."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column

from service.kit.tables import fen, table, text

summary = table(
    "summary",
    text("route"),
    text("state"),
    text("month"),
    Column("count", BigInteger, nullable=False),
    fen("amount_fen"),
    key=("route", "state", "month"),
)
