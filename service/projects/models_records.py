"""What the phases record of a case, and what its changes add to the totals."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
)

from service.kit.tables import fen, index, inside, json, moment, table, text, uuid

# What the phases record of a case, append-only: a contract, a certificate, a payment, an order …
# `on` is the legal day of what is told, `at` when it was recorded; a correction supersedes, nothing is changed.
project_records = table(
    "project_records",
    uuid("id"),
    uuid("project_id"),
    text("kind"),
    json("content"),
    Column("on", Date, nullable=False),
    uuid("supersedes", null=True),
    text("by"),
    text("by_tenant"),
    moment("at"),
    inside("fk_project_records_project", ("project_id",), "projects", ("id",), gone="CASCADE"),
    kind="case",
    key=("id",),
    proved="record",
)
index(
    "ix_project_records_project",
    project_records.c.tenant_id,
    project_records.c.project_id,
    project_records.c.at,
)


# −1/+1 rows written with each change of state, folded into `summary` every second by the worker.
summary_deltas = table(
    "summary_deltas",
    uuid("id"),
    text("route"),
    text("state"),
    text("month"),
    Column("count", BigInteger, nullable=False),
    fen("amount_fen"),
    moment("at"),
    key=("id",),
)
