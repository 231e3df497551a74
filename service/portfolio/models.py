"""Existing systems of offices."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date

from service.kit.tables import fen, index, inside, moment, number, table, text, uuid

systems = table(
    "systems",
    uuid("id"),
    text("name"),
    text("purpose"),
    Column("on_cloud", Boolean, nullable=False),
    text("network"),
    number("protection_level", null=True),
    Column("launched_on", Date),
    fen("yearly_maintenance_fen", null=True),
    uuid("project_id", null=True),
    text("status"),
    text("recorded_by"),
    moment("updated_at"),
    number("version"),
    inside("fk_systems_office", ("office_id",), "offices", ("id",)),
    inside("fk_systems_project", ("project_id",), "projects", ("id",)),
    CheckConstraint("status IN ('running', 'merged', 'retired')", name="ck_systems_status"),
    kind="case",
    key=("id",),
)
index("ix_systems_name", systems.c.tenant_id, systems.c.name, systems.c.id)
index("ix_systems_office", systems.c.tenant_id, systems.c.office_id)
