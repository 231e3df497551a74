"""Existing systems of offices; requests to erase what must not have been kept; workbooks that were sent; papers."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    LargeBinary,
    UniqueConstraint,
    literal_column,
)

from service.kit.tables import fen, index, inside, json, moment, number, table, text, uuid

systems = table(
    "systems",
    uuid("id"),
    text("name"),
    text("purpose"),
    Column("on_cloud", Boolean, nullable=False),
    text("network"),
    number("protection_level", null=True),
    Column("launched_on", Date),
    fen("yearly_maintenance_fen", null=True),
    uuid("project_id", null=True),
    text("status"),
    text("recorded_by"),
    moment("updated_at"),
    number("version"),
    inside("fk_systems_office", ("office_id",), "offices", ("id",)),
    inside("fk_systems_project", ("project_id",), "projects", ("id",), gone="SET NULL (project_id)"),
    CheckConstraint("status IN ('running', 'merged', 'retired')", name="ck_systems_status"),
    kind="case",
    key=("id",),
)
index("ix_systems_name", systems.c.tenant_id, systems.c.name, systems.c.id)
index("ix_systems_office", systems.c.tenant_id, systems.c.office_id)

# A state secret that slipped in (art. 14): asked for by one person, confirmed by another, then erased by the worker.
# It says which kind of slip it was and never what it said. `erased_at`: first pass; `purged` after the second.
spills = table(
    "spills",
    uuid("id"),
    uuid("project_id"),
    uuid("document_id", null=True),
    text("reason"),
    text("state"),
    text("requested_by"),
    text("requested_tenant"),
    uuid("requested_user"),
    moment("requested_at"),
    text("confirmed_by", null=True),
    text("confirmed_tenant", null=True),
    uuid("confirmed_user", null=True),
    moment("confirmed_at", null=True),
    moment("erased_at", null=True),
    moment("purged_at", null=True),
    inside("fk_spills_project", ("project_id",), "projects", ("id",)),
    inside("fk_spills_document", ("document_id",), "documents", ("id",)),
    CheckConstraint("state IN ('requested', 'confirmed', 'purged')", name="ck_spills_state"),
    CheckConstraint("(state = 'requested') = (confirmed_user IS NULL)", name="ck_spills_confirmed"),
    CheckConstraint("confirmed_user <> requested_user", name="ck_spills_two_people"),
    key=("id",),
)
_open = spills.c.state != literal_column("'purged'")
index(
    "uq_spills_open",
    spills.c.tenant_id,
    spills.c.project_id,
    spills.c.document_id,
    unique=True,
    postgresql_where=_open,
    postgresql_nulls_not_distinct=True,
)
index("ix_spills_list", spills.c.tenant_id, spills.c.requested_at.desc(), spills.c.id.desc())

# By which ids an erasing finds rows of its tenant (the case's, and of what stands for it in messages, by the table that
# each is of), from its first pass to its last: whoever erases asks here, and not where the spill is (decision 0286).
spill_words = table(
    "spill_words",
    uuid("spill_id"),
    text("source"),
    text("word"),
    text("spill_tenant"),
    key=("spill_id", "source", "word"),
)

# Workbooks (service/sheets): what stands in them until they are put in force or thirty days have gone.
WORKBOOK_STATES = ("checking", "faulty", "checked", "committing", "committed", "withdrawn")

# `content`: the rows and bodies, packed (sheets/staged.py); gone once they are in force. `wrong`, `present`, `made`:
# how many things are at fault, were there before, came in. `done` and `beat_at`: how far the work is, and when last.
workbooks = table(
    "workbooks",
    uuid("id"),
    text("sheet"),
    text("name"),
    text("form"),
    text("digest"),
    text("state"),
    number("rows"),
    number("things"),
    number("done"),
    number("wrong"),
    number("present"),
    number("made"),
    json("faults"),
    json("notes"),
    Column("content", LargeBinary, nullable=True),
    text("sent_by"),
    text("sender"),
    moment("sent_at"),
    moment("beat_at"),
    text("committed_by", null=True),
    moment("committed_at", null=True),
    number("version"),
    CheckConstraint(f"state IN ({', '.join(map(repr, WORKBOOK_STATES))})", name="ck_workbooks_state"),
    CheckConstraint("(state = 'committed') = (committed_at IS NOT NULL)", name="ck_workbooks_committed"),
    key=("id",),
)
index("ix_workbooks_digest", workbooks.c.tenant_id, workbooks.c.sheet, workbooks.c.digest)
index("ix_workbooks_sent", workbooks.c.tenant_id, workbooks.c.sent_at)

# What was issued as PDF, as far as checking it needs; a receipt's bytes are kept, so that it is issued once.
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
    CheckConstraint(
        "kind IN ('receipt', 'supplement', 'acceptance_receipt', 'evidence')", name="ck_papers_kind"
    ),
    key=("id",),
)
index("ix_papers_project", papers.c.tenant_id, papers.c.project_id)
