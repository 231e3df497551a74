"""What was issued as PDF, as far as checking it needs; a receipt's bytes are kept, so that it is issued once."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, LargeBinary, UniqueConstraint

from service.kit.tables import fen, index, inside, moment, table, text, uuid

papers = table(
    "papers",
    uuid("id"),
    uuid("project_id"),
    text("kind"),
    text("number"),  # as it stands on the paper
    text("organ"),
    Column("made_on", Date, nullable=False),  # the day on the paper
    fen("amount_fen", null=True),
    text("code_digest"),  # SHA-256 of the verification code, which stands on the paper only
    text("digest"),  # SM3 of the PDF
    Column("content", LargeBinary, nullable=True),  # evidence is not kept: whoever drew it has it
    moment("tells"),  # of what moment it speaks
    moment("issued_at"),
    moment("withdrawn_at", null=True),
    inside("fk_papers_project", ("project_id",), "projects", ("id",)),
    UniqueConstraint("tenant_id", "number", name="uq_papers_number"),
    CheckConstraint("kind IN ('receipt', 'supplement', 'evidence')", name="ck_papers_kind"),
    key=("id",),
)
index("ix_papers_project", papers.c.tenant_id, papers.c.project_id)
