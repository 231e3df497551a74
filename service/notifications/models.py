"""Inbox: a row per event and desk or person of one, in the recipient's tenant, addressed to a role (and office)."""

from __future__ import annotations

from service.kit.tables import index, json, moment, table, text, uuid

inbox = table(
    "inbox",
    uuid("id"),
    uuid("event_id"),
    text("kind"),
    text("role"),
    uuid("office_id", null=True),
    text("title"),
    text("body"),
    json("snapshot"),
    moment("at"),
    moment("read_at", null=True),
    text("read_by", null=True),
    uuid("user_id", null=True),  # migration 0033: for one person of the desk alone
    key=("id",),
)

index("ix_inbox_list", inbox.c.tenant_id, inbox.c.at.desc(), inbox.c.id.desc())
