"""Rectification orders (art. 41): what was asked by when, what was answered, how it ended."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, literal_column

from service.kit.tables import index, inside, json, moment, table, text, uuid

# `organ` is "tier.slot"; `by_tenant` is the organ's own tenant, which is not the case's when the province orders.
rectification_orders = table(
    "rectification_orders",
    uuid("id"),
    uuid("project_id"),
    text("project_name"),
    text("owner_name"),
    text("organ"),
    text("area"),
    text("text"),
    Column("issued_on", Date, nullable=False),
    Column("due", Date, nullable=False),
    text("state"),
    text("answer", null=True),
    json("evidence", null=True),
    Column("answered_on", Date, nullable=True),
    text("finding", null=True),
    Column("closed_on", Date, nullable=True),
    text("issued_by"),
    text("by_tenant"),
    moment("at"),
    inside("fk_rectification_orders_project", ("project_id",), "projects", ("id",)),
    CheckConstraint(
        "state IN ('open', 'answered', 'failed', 'closed')", name="ck_rectification_orders_state"
    ),
    CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name="ck_rectification_orders_closed"),
    kind="case",
    key=("id",),
)
index(
    "ix_rectification_orders_list",
    rectification_orders.c.tenant_id,
    rectification_orders.c.at.desc(),
    rectification_orders.c.id.desc(),
)
index(
    "ix_rectification_orders_answered",
    rectification_orders.c.tenant_id,
    rectification_orders.c.organ,
    rectification_orders.c.answered_on,
    rectification_orders.c.id,
    postgresql_where=rectification_orders.c.state == literal_column("'answered'"),
)
index("ix_rectification_orders_project", rectification_orders.c.tenant_id, rectification_orders.c.project_id)
