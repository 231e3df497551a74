"""Who wants to be reminded, and where; what has come since; the messages that went out (docs/decisions/0206)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, literal_column

from service.kit.tables import index, inside, moment, number, table, text, texts, uuid

# One address a person. Nothing goes there before `verified_at`: `code_at` is when the code in use was made, which is
# derived from it and never stored (codes.py); `codes` were sent on `codes_on`. `digest_on`: the last day a digest was
# made, or found not needed.
reminder_settings = table(
    "reminder_settings",
    uuid("user_id"),
    text("channel"),
    text("address"),
    text("mode"),
    number("hour"),
    texts("kinds"),
    moment("verified_at", null=True),
    moment("code_at", null=True),
    number("code_tries"),
    number("codes"),
    Column("codes_on", Date, nullable=True),
    Column("digest_on", Date, nullable=True),
    moment("changed_at"),
    inside("fk_reminder_settings_user", ("user_id",), "users", ("id",)),
    CheckConstraint("channel IN ('mail', 'gateway')", name="ck_reminder_settings_channel"),
    CheckConstraint("mode IN ('none', 'at_once', 'digest')", name="ck_reminder_settings_mode"),
    CheckConstraint("hour BETWEEN 0 AND 23", name="ck_reminder_settings_hour"),
    key=("user_id",),
)

# What came to somebody who wants to be reminded, by event; `message_id`: by which message he was told of it.
reminder_marks = table(
    "reminder_marks",
    uuid("user_id"),
    uuid("event_id"),
    text("kind"),
    moment("at"),
    uuid("message_id", null=True),
    key=("user_id", "event_id"),
)

# What is sent; all times are the database's. A code's `body` is empty: it is made when it is sent.
reminder_messages = table(
    "reminder_messages",
    uuid("id"),
    uuid("user_id"),
    text("purpose"),
    text("channel"),
    text("address"),
    text("body"),
    text("state"),
    number("attempts"),
    moment("created_at"),
    moment("next_attempt_at", null=True),
    moment("expires_at"),
    moment("ended_at", null=True),
    text("last_error", null=True),
    CheckConstraint("state IN ('pending', 'sent', 'dead', 'dropped')", name="ck_reminder_messages_state"),
    key=("id",),
)

S, M, O = reminder_settings.c, reminder_marks.c, reminder_messages.c  # noqa: E741 - O as in outgoing
index("ix_reminder_marks_new", M.tenant_id, M.user_id, postgresql_where=M.message_id.is_(None))
index("ix_reminder_marks_old", M.tenant_id, M.at)
index(
    "ix_reminder_messages_due",
    O.tenant_id,
    O.channel,
    O.next_attempt_at,
    postgresql_where=O.state == literal_column("'pending'"),
)
index("ix_reminder_messages_user", O.tenant_id, O.user_id, O.created_at)
index("ix_reminder_messages_old", O.tenant_id, O.created_at)
