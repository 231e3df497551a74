"""What is watched of declarations (arts 8, 9), by month, running: with what is not folded yet it is exact."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column

from service.kit.tables import moment, table, text, uuid

FINDINGS = ("near_line", "label_without_evidence", "under_line_by_maintenance")
# What a month's figures are, in this order; amounts in fen.
WATCHED = (
    "count",
    "amount_fen",
    "investment_fen",
    "maintenance_fen",
    *(f"{code}{part}" for code in FINDINGS for part in ("", "_fen")),
    *(f"{kind}_{part}" for kind in ("split", "label") for part in ("suspicions", "confirmed")),
)


def _figures() -> list[Column[int]]:
    return [Column(name, BigInteger, nullable=False) for name in WATCHED]


watched_totals = table("watched_totals", text("reach"), text("month"), *_figures(), key=("reach", "month"))
# Written with each change of what a case counts as, folded into `watched_totals` every second by the worker.
watched_deltas = table(
    "watched_deltas", uuid("id"), text("reach"), text("month"), *_figures(), moment("at"), key=("id",)
)
