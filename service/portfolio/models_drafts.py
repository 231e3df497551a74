"""Templates of drafts that an office put in the place of ours (arts 18, 20, 32, 41)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, LargeBinary, UniqueConstraint

from service.kit.tables import inside, moment, number, table, text, uuid

# One row a change, never altered: `put` brings a file, `withdrawn` gives the place back. The latest row of an office
# and kind says what stands. `content` of a file goes when twenty changes have come after it.
draft_templates = table(
    "draft_templates",
    uuid("id"),
    uuid("office_id"),
    text("kind"),
    number("number"),
    text("act"),
    text("name", null=True),
    text("digest", null=True),
    number("size"),
    Column("content", LargeBinary, nullable=True),
    text("by"),
    moment("at"),
    inside("fk_draft_templates_office", ("office_id",), "offices", ("id",)),
    UniqueConstraint("tenant_id", "office_id", "kind", "number", name="uq_draft_templates_number"),
    CheckConstraint("act IN ('put', 'withdrawn')", name="ck_draft_templates_act"),
    CheckConstraint("(act = 'put') = (digest IS NOT NULL)", name="ck_draft_templates_put"),
    CheckConstraint("size BETWEEN 0 AND 2097152", name="ck_draft_templates_size"),
    key=("id",),
)
