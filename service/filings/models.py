"""Filings with the leading group's office (art. 23), and its queries; there is no reject."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint

from service.kit.tables import fen, index, inside, json, moment, number, table, text, uuid

filings = table(
    "filings",
    uuid("id"),
    uuid("project_id"),
    text("number"),
    number("year"),
    text("project_name"),
    text("owner_name"),
    fen("approved_fen"),
    json("receipt"),
    text("filed_by"),
    moment("filed_at"),
    inside("fk_filings_project", ("project_id",), "projects", ("id",)),
    UniqueConstraint("tenant_id", "number", name="uq_filings_number"),
    UniqueConstraint("tenant_id", "project_id", name="uq_filings_project"),
    kind="case",
    key=("id",),
    proved="filing",
)

filing_queries = table(
    "filing_queries",
    uuid("id"),
    uuid("filing_id"),
    text("question"),
    text("asked_by"),
    text("asked_by_tenant"),
    moment("asked_at"),
    text("answer", null=True),
    text("answered_by", null=True),
    moment("answered_at", null=True),
    inside("fk_filing_queries_filing", ("filing_id",), "filings", ("id",)),
    CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="ck_filing_queries_answer"),
    kind="case",
    key=("id",),
)

index("ix_filings_list", filings.c.tenant_id, filings.c.filed_at.desc(), filings.c.id.desc())
index(
    "ix_filing_queries_filing",
    filing_queries.c.tenant_id,
    filing_queries.c.filing_id,
    filing_queries.c.asked_at,
)
# What was asked and answered since a moment (obligations/asked.py).
index("ix_filing_queries_asked", filing_queries.c.tenant_id, filing_queries.c.asked_at)
index("ix_filing_queries_answered", filing_queries.c.tenant_id, filing_queries.c.answered_at)
