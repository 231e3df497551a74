"""The rule book as recorded: append-only copies of every dated entry ever in force."""

from __future__ import annotations

from sqlalchemy import Column, Date

from service.kit.tables import json, moment, reference, text

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
