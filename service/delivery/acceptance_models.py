"""Acceptance filings: what a city accepted after the province's leading group had decided on it (art. 32)."""

from __future__ import annotations

from sqlalchemy import Column, Date, UniqueConstraint

from service.kit.tables import index, inside, json, moment, number, table, text, uuid

acceptance_filings = table(
    "acceptance_filings",
    uuid("id"),
    uuid("project_id"),
    text("number"),
    number("year"),
    text("project_name"),
    text("owner_name"),
    Column("accepted_on", Date, nullable=False),
    json("receipt"),
    text("filed_by"),
    moment("filed_at"),
    inside("fk_acceptance_filings_project", ("project_id",), "projects", ("id",)),
    UniqueConstraint("tenant_id", "number", name="uq_acceptance_filings_number"),
    UniqueConstraint("tenant_id", "project_id", name="uq_acceptance_filings_project"),
    kind="case",
    key=("id",),
    proved="acceptance_filing",
)
index(
    "ix_acceptance_filings_list",
    acceptance_filings.c.tenant_id,
    acceptance_filings.c.filed_at.desc(),
    acceptance_filings.c.id.desc(),
)
