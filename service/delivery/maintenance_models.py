"""Maintenance: plans of common projects (art. 22), yearly proposals for the organ of the money (arts 36, 37)."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, UniqueConstraint

from service.kit.tables import fen, index, inside, json, moment, number, table, text, uuid

maintenance_plans = table(
    "maintenance_plans",
    uuid("id"),
    text("name"),
    number("year"),
    text("content"),
    json("papers"),
    json("projects"),
    fen("cost_fen"),
    uuid("supersedes", null=True),
    text("compiled_by"),
    moment("at"),
    inside("fk_maintenance_plans_supersedes", ("supersedes",), "maintenance_plans", ("id",)),
    UniqueConstraint("tenant_id", "supersedes", name="uq_maintenance_plans_supersedes"),
    key=("id",),
)
# One row per organ: two organs that review at once never meet.
maintenance_plan_reviews = table(
    "maintenance_plan_reviews",
    uuid("plan_id"),
    text("slot"),
    Column("agreed", Boolean, nullable=False),
    text("opinion"),
    text("by"),
    moment("at"),
    inside("fk_maintenance_plan_reviews_plan", ("plan_id",), "maintenance_plans", ("id",)),
    key=("plan_id", "slot"),
)
# `findings`: art. 37's cases with the reason given; `opinions`: the organ of the money's answer to each, by name.
maintenance_proposals = table(
    "maintenance_proposals",
    uuid("id"),
    uuid("project_id"),
    text("project_name"),
    text("owner_name"),
    number("year"),
    fen("amount_fen"),
    text("workload"),
    number("score", null=True),
    json("watch"),
    json("findings"),
    Column("late", Boolean, nullable=False),
    Column("on", Date, nullable=False),
    text("organ"),
    text("proposed_by"),
    text("by_tenant"),
    moment("at"),
    fen("arranged_fen", null=True),
    json("opinions", null=True),
    text("note", null=True),
    text("decided_by", null=True),
    moment("decided_at", null=True),
    inside("fk_maintenance_proposals_project", ("project_id",), "projects", ("id",)),
    UniqueConstraint("tenant_id", "project_id", "year", name="uq_maintenance_proposals_year"),
    CheckConstraint("amount_fen > 0", name="ck_maintenance_proposals_amount"),
    CheckConstraint("(arranged_fen IS NULL) = (decided_at IS NULL)", name="ck_maintenance_proposals_decided"),
    kind="case",
    key=("id",),
)
index(
    "ix_maintenance_proposals_list",
    maintenance_proposals.c.tenant_id,
    maintenance_proposals.c.year,
    maintenance_proposals.c.at.desc(),
    maintenance_proposals.c.id.desc(),
)
index(
    "ix_maintenance_plans_list",
    maintenance_plans.c.tenant_id,
    maintenance_plans.c.at.desc(),
    maintenance_plans.c.id.desc(),
)
