"""The folded summary of declared projects; plus unfolded deltas it is exact, at any number of projects.

Its cells are of months and grow with them; `summary_totals` holds the same over all months. How much of a cell stands
there, the cell itself tells (docs/decisions/0280).
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, literal_column, or_

from service.kit.tables import fen, index, table, text

summary = table(
    "summary",
    text("route"),
    text("state"),
    text("month"),
    Column("count", BigInteger, nullable=False),
    fen("amount_fen"),
    Column("summed_count", BigInteger, nullable=False, server_default="0"),
    Column("summed_fen", BigInteger, nullable=False, server_default="0"),
    key=("route", "state", "month"),
)
# What has changed in a cell since it was summed up.
CHANGED = (
    (summary.c.count - summary.c.summed_count).label("count"),
    (summary.c.amount_fen - summary.c.summed_fen).label("amount_fen"),
)
# Told apart by differences, of which PostgreSQL keeps statistics: it knows that few are not 0.
UNSUMMED = or_(
    summary.c.count - summary.c.summed_count != literal_column("0"),
    summary.c.amount_fen - summary.c.summed_fen != literal_column("0"),
)
index("ix_summary_unsummed", summary.c.tenant_id, postgresql_where=UNSUMMED)

summary_totals = table(
    "summary_totals",
    text("route"),
    text("state"),
    Column("count", BigInteger, nullable=False),
    fen("amount_fen"),
    key=("route", "state"),
)
