"""The rule book as recorded: every dated entry ever in force, and what is entered at run time. All append-only."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Integer, UniqueConstraint

from service.kit.tables import json, moment, number, reference, table, text, texts, uuid

rulebook_entries = reference(
    "rulebook_entries",
    text("key"),
    Column("effective_from", Date, nullable=False),
    Column("recorded_on", Date, nullable=False),
    json("entry"),
    text("digest"),
    moment("loaded_at"),
    key=("key", "effective_from", "recorded_on"),
)

# A city's own values over the province's (art. 5). `value` NULL ends the city's own from that day.
rulebook_overlays = table(
    "rulebook_overlays",
    uuid("id"),
    number("number"),
    text("key"),
    json("value", null=True),
    Column("effective_from", Date, nullable=False),
    text("reason"),
    text("recorded_by"),
    moment("recorded_at"),
    text("digest"),
    # Two who record at once: the second is refused, never merged unseen.
    UniqueConstraint("tenant_id", "number", name="uq_rulebook_overlays_number"),
    CheckConstraint("number >= 1", name="ck_rulebook_overlays_number"),
    key=("id",),
)

# What the three organs ask of declarations besides art. 15 (art. 14): one row per proposal, confirmation or refusal;
# the highest `number` of an id tells how it stands, `content` what it asks.
declaration_rounds = reference(
    "declaration_rounds",
    uuid("id"),
    number("number"),
    text("action"),
    json("content"),
    text("organ"),
    text("by"),
    text("by_user"),
    moment("at"),
    CheckConstraint("action IN ('proposed', 'confirmed', 'refused')", name="ck_declaration_rounds_action"),
    key=("id", "number"),
)

# Readings entered at run time (art. 44), public as the rule book is; `sets` are the values that come with one.
interpretations = reference(
    "interpretations",
    text("reading"),
    number("number"),
    text("question"),
    text("text"),
    json("articles"),
    texts("issued_by"),
    text("document_number"),
    Column("document_date", Date, nullable=False),
    Column("effective_from", Date, nullable=False),
    json("sets"),
    text("recorded_by"),
    moment("recorded_at"),
    text("digest"),
    key=("reading", "number"),
)

# Amendments (arts 44, 45): what a document of the province changes. `transition`: {"mode", "state"}, NULL where the
# document says nothing of pending cases. In force once another person confirmed it, which is a row of its own.
amendments = reference(
    "amendments",
    Column("number", Integer, autoincrement=False, nullable=False),
    text("document_number"),
    Column("document_date", Date, nullable=False),
    texts("issued_by"),
    text("reason"),
    Column("effective_from", Date, nullable=False),
    json("entries"),
    json("transition", null=True),
    text("proposed_by"),
    uuid("proposed_user", null=True),
    moment("proposed_at"),
    text("digest"),
    key=("number",),
)
amendment_decisions = reference(
    "amendment_decisions",
    Column("number", Integer, autoincrement=False, nullable=False),
    Column("accepted", Boolean, nullable=False),
    text("note", null=True),
    text("decided_by"),
    moment("decided_at"),
    text("digest"),
    key=("number",),
)
