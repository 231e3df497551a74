"""Inbox: a row per event and desk or person of one, in the recipient's tenant, addressed to a role (and office)."""

from __future__ import annotations

from sqlalchemy import and_

from service.kit.tables import index, inside, json, moment, table, text, uuid

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
    # Migration 0053: what it is about, and the queue in which the deed waits that it asks for (notifications/asked.py).
    text("object_kind", null=True),
    text("object_id", null=True),
    text("asked", null=True),
    key=("id",),
)
# Who of a desk has read it, and when; `read_at` of the message is the first of them, by which it may be forgotten.
# `reader`: the person, through whatever client ("user:<tenant>:<login>"), or the client.
inbox_reads = table(
    "inbox_reads",
    uuid("message_id"),
    text("reader"),
    text("by"),
    moment("at"),
    inside("fk_inbox_reads_message", ("message_id",), "inbox", ("id",), gone="CASCADE"),
    key=("message_id", "reader"),
)

index("ix_inbox_list", inbox.c.tenant_id, inbox.c.at.desc(), inbox.c.id.desc())
# A desk's own, newest first: those for all of the tenant, and those for one office.
_newest = (inbox.c.at.desc(), inbox.c.id.desc())
_for_all, _for_one = inbox.c.office_id.is_(None), inbox.c.office_id.is_not(None)
_desk, _asked = (inbox.c.tenant_id, inbox.c.role), inbox.c.asked.is_not(None)
index("ix_inbox_desk", *_desk, *_newest, postgresql_where=_for_all)
index("ix_inbox_office", *_desk, inbox.c.office_id, *_newest, postgresql_where=_for_one)
# Of one kind, of which a desk may have few or none.
_kind = (inbox.c.kind, *_newest)
index("ix_inbox_kind_desk", *_desk, *_kind, postgresql_where=_for_all)
index("ix_inbox_kind_office", *_desk, inbox.c.office_id, *_kind, postgresql_where=_for_one)
# All of those that ask for a deed.
index("ix_inbox_asked_desk", *_desk, *_newest, postgresql_where=and_(_for_all, _asked))
index("ix_inbox_asked_office", *_desk, inbox.c.office_id, *_newest, postgresql_where=and_(_for_one, _asked))
