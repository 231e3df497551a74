"""Tables of documents. The bytes lie in storage under the row's id."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Text, literal_column

from service.kit.tables import index, inside, moment, number, table, text, uuid

documents = table(
    "documents",
    uuid("id"),
    uuid("project_id"),
    text("slot"),
    text("name"),
    text("media_type"),
    Column("size", BigInteger, nullable=False),
    text("digest"),  # SM3 of the bytes
    text("checked"),
    Column("notes", Text, nullable=False, server_default=""),  # codes of what was not read, by commas
    # Electronic signatures met in it, never verified; null: nobody could look. Who they say has signed, by lines.
    number("signatures", null=True),
    Column("signers", Text, nullable=False, server_default=""),
    # Handed in by the declaring side while it works on its text: its own until the text is submitted (law.md, trap 13).
    Column("undeclared", Boolean, nullable=False, server_default=literal_column("false")),
    text("uploaded_by"),
    text("by_tenant"),
    moment("at"),
    moment("removed_at", null=True),
    text("removed_by", null=True),
    inside("fk_documents_project", ("project_id",), "projects", ("id",), gone="CASCADE"),
    CheckConstraint("checked IN ('clean', 'not_checked')", name="ck_documents_checked"),
    kind="case",
    key=("id",),
)
index("ix_documents_project", documents.c.tenant_id, documents.c.project_id, documents.c.at)
