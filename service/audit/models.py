"""The audit trail: what was done, and the chain that seals it. The chain holds digests only."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, UniqueConstraint

from service.kit.tables import index, json, moment, table, text, uuid

audit_entries = table(
    "audit_entries",
    uuid("id"),
    moment("at"),
    text("actor"),
    text("actor_tenant"),
    text("client", null=True),
    text("action"),
    text("object_kind"),
    text("object_id"),
    json("summary"),
    text("request_id"),
    text("digest"),
    key=("id",),
)

audit_chain = table(
    "audit_chain",
    Column("seq", BigInteger, nullable=False, autoincrement=False),
    uuid("entry_id"),
    text("entry_digest"),
    text("head"),
    moment("sealed_at"),
    UniqueConstraint("tenant_id", "entry_id", name="uq_audit_chain_entry"),
    key=("seq",),
)

index("ix_audit_entries_object", audit_entries.c.tenant_id, audit_entries.c.object_id, audit_entries.c.at)
index("ix_audit_entries_at", audit_entries.c.tenant_id, audit_entries.c.at, audit_entries.c.id)
