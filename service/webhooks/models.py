"""Webhook endpoints and deliveries (Standard Webhooks), and the event feed they can be caught up from."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, UniqueConstraint, literal_column

from service.kit.tables import index, inside, json, moment, number, table, text, texts, uuid

# `secrets`: [{sealed, created_at, expires_at}], encrypted at rest, several while rotating.
webhook_endpoints = table(
    "webhook_endpoints",
    uuid("id"),
    text("url"),
    texts("kinds"),
    json("secrets"),
    moment("created_at"),
    moment("disabled_at", null=True),
    text("disabled_reason", null=True),
    number("version"),
    key=("id",),
)

# What is known of an endpoint's answering, apart from its row: it changes with every round and is nobody's version.
# `pace`: how many are sent at once; `failures`: rounds in a row without an answer; `paused_until`: the breaker is open.
webhook_health = table(
    "webhook_health",
    uuid("endpoint_id"),
    number("pace"),
    number("failures"),
    moment("failing_since", null=True),
    moment("paused_until", null=True),
    moment("told_at", null=True),
    key=("endpoint_id",),
)

webhook_deliveries = table(
    "webhook_deliveries",
    uuid("id"),
    uuid("endpoint_id"),
    uuid("event_id"),
    text("kind"),
    json("payload"),
    text("state"),
    number("attempts"),
    moment("created_at"),
    moment("next_attempt_at", null=True),
    moment("delivered_at", null=True),
    number("last_status", null=True),
    text("last_error", null=True),
    inside("fk_webhook_deliveries_endpoint", ("endpoint_id",), "webhook_endpoints", ("id",)),
    CheckConstraint("state IN ('pending', 'delivered', 'dead')", name="ck_webhook_deliveries_state"),
    key=("id",),
)

# Numbered inside the recipient tenant under its counter's row lock: gap-free and in commit order.
event_feed = table(
    "event_feed",
    Column("seq", BigInteger, nullable=False, autoincrement=False),
    uuid("event_id"),
    text("source_tenant"),
    text("kind"),
    json("snapshot"),
    moment("at"),
    UniqueConstraint("tenant_id", "event_id", name="uq_event_feed_event"),
    key=("seq",),
)

# What is old enough to go (portfolio/retention.py).
index("ix_event_feed_at", event_feed.c.tenant_id, event_feed.c.at)
index(
    "ix_webhook_deliveries_due",
    webhook_deliveries.c.tenant_id,
    webhook_deliveries.c.state,
    webhook_deliveries.c.next_attempt_at,
)
index(
    "ix_webhook_deliveries_list",
    webhook_deliveries.c.tenant_id,
    webhook_deliveries.c.endpoint_id,
    webhook_deliveries.c.created_at.desc(),
    webhook_deliveries.c.id.desc(),
)
index(
    "ix_webhook_deliveries_ended",
    webhook_deliveries.c.tenant_id,
    webhook_deliveries.c.created_at,
    postgresql_where=webhook_deliveries.c.state != literal_column("'pending'"),
)
