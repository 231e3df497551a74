"""Suspicions of splitting and of labels (arts 8, 9)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Integer, UniqueConstraint
from sqlalchemy import text as sql

from service.kit.tables import fen, index, inside, json, moment, number, table, text, uuid

# `office_id` and `project_id` are those of the project whose submission raised it; `score` in thousandths; `beyond`:
# alike projects that were seen and are not listed here, because the group is full.
suspicions = table(
    "suspicions",
    uuid("id"),
    text("kind"),
    uuid("project_id"),
    text("project_name"),
    text("owner_name"),
    text("month"),
    fen("line_fen", null=True),
    fen("sum_fen"),
    number("article"),
    number("score"),
    number("size"),
    json("phrases"),
    text("state"),
    text("reason", null=True),
    uuid("joint_project_id", null=True),
    text("decided_by", null=True),
    text("decided_tenant", null=True),
    moment("decided_at", null=True),
    moment("found_at"),
    number("version"),
    Column("beyond", Integer, nullable=False, server_default=sql("0")),
    inside("fk_suspicions_project", ("project_id",), "projects", ("id",)),
    UniqueConstraint("tenant_id", "kind", "project_id", name="uq_suspicions_project"),
    CheckConstraint("kind IN ('split', 'label')", name="ck_suspicions_kind"),
    CheckConstraint(
        "state IN ('open', 'dismissed', 'confirmed', 'joined', 'lapsed')", name="ck_suspicions_state"
    ),
    kind="case",
    key=("id",),
)

# The group, each member under its own office: whoever is bound to one office sees its own members only.
suspicion_members = table(
    "suspicion_members",
    uuid("suspicion_id"),
    uuid("project_id"),
    text("name"),
    text("owner_name"),
    fen("counted_fen"),
    number("score"),
    Column("day", Date, nullable=False),
    inside("fk_suspicion_members_suspicion", ("suspicion_id",), "suspicions", ("id",)),
    inside("fk_suspicion_members_project", ("project_id",), "projects", ("id",)),
    kind="case",
    key=("suspicion_id", "project_id"),
)

S, M = suspicions.c, suspicion_members.c
index("ix_suspicions_list", S.tenant_id, S.found_at.desc(), S.id.desc())
index("ix_suspicions_open", S.tenant_id, S.found_at, S.id, postgresql_where=S.state == sql("'open'"))
index("ix_suspicions_month", S.tenant_id, S.month, S.kind)
index("ix_suspicion_members_project", M.tenant_id, M.project_id)
