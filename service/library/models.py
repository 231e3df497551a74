"""Needs and library (arts 7-10, 12, 14, 16): rounds, entries, plans, frameworks, links.

What the organs of the province announce to everybody (rounds, adopted plans) stands in reference tables that only the
province's login may add to and nobody may change: the newest row of a round or plan is the one in force.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, UniqueConstraint, literal_column
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from service.kit.tables import (
    fen,
    index,
    inside,
    json,
    moment,
    number,
    reference,
    table,
    text,
    uuid,
)


def day(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, Date, nullable=null)


# One row per announcement, amendment or reopening; the highest `number` tells how the round stands.
intake_notices = reference(
    "intake_notices",
    uuid("id"),
    number("number"),
    number("year"),
    text("action"),
    json("content"),
    text("by"),
    moment("at"),
    UniqueConstraint("year", "number", name="uq_intake_notices_year"),
    key=("id", "number"),
)

library_entries = table(
    "library_entries",
    uuid("id"),
    uuid("project_id"),
    text("project_name"),
    text("owner_name"),
    text("division"),
    text("project_class"),
    text("kind"),
    fen("investment_fen"),
    number("year"),
    day("entered_on"),
    day("valid_until"),
    Column("in_plan", Boolean, nullable=False),
    json("plan_item", null=True),
    json("priority"),
    number("rank"),
    text("note"),
    day("removed_on", null=True),
    text("removal_reason", null=True),
    text("by"),
    text("by_tenant"),
    moment("at"),
    inside("fk_library_entries_project", ("project_id",), "projects", ("id",)),
    CheckConstraint("valid_until > entered_on", name="ck_library_entries_validity"),
    CheckConstraint("(removed_on IS NULL) = (removal_reason IS NULL)", name="ck_library_entries_removal"),
    kind="case",
    key=("id",),
)

# A plan's version, in the tenant whose organs keep it: worked on, appraised, decided by its leading group.
plan_versions = table(
    "plan_versions",
    uuid("id"),
    uuid("plan_id"),
    number("number"),
    text("title"),
    number("first_year"),
    json("items"),
    text("state"),
    text("ground", null=True),
    text("reason", null=True),
    json("appraisal", null=True),
    json("decision", null=True),
    text("created_by"),
    moment("created_at"),
    moment("updated_at"),
    number("version"),
    UniqueConstraint("tenant_id", "plan_id", "number", name="uq_plan_versions_number"),
    CheckConstraint("state IN ('draft', 'appraised', 'adopted')", name="ck_plan_versions_state"),
    CheckConstraint("(number = 1) = (ground IS NULL)", name="ck_plan_versions_ground"),
    key=("id",),
)

# The province's adopted versions, readable everywhere (arts 7, 9, 10); never changed.
published_plans = reference(
    "published_plans",
    uuid("id"),
    uuid("plan_id"),
    number("number"),
    text("title"),
    number("first_year"),
    json("items"),
    json("appraisal"),
    json("decision"),
    text("ground", null=True),
    text("reason", null=True),
    moment("adopted_at"),
    UniqueConstraint("plan_id", "number", name="uq_published_plans_number"),
    key=("id",),
)

# A jointly built project's framework (art. 12); `parties` are the offices that sign, `edition` counts its texts,
# `led_by` is the tier whose information centre settles it (R48).
frameworks = table(
    "frameworks",
    uuid("id"),
    uuid("project_id"),
    text("project_name"),
    text("goals"),
    text("content"),
    Column("parties", ARRAY(Text), nullable=False),
    json("party_names"),
    number("edition"),
    text("opened_by"),
    moment("opened_at"),
    moment("updated_at"),
    number("version"),
    Column("led_by", Text, nullable=False, server_default="province"),
    inside("fk_frameworks_project", ("project_id",), "projects", ("id",)),
    UniqueConstraint("tenant_id", "project_id", name="uq_frameworks_project"),
    CheckConstraint("led_by IN ('province', 'city')", name="ck_frameworks_led_by"),
    key=("id",),
)

# Who signed which edition; `party` is an office's id or info_centre.
framework_signatures = table(
    "framework_signatures",
    uuid("framework_id"),
    number("edition"),
    text("party"),
    text("signed_by"),
    text("by_tenant"),
    moment("signed_at"),
    inside("fk_framework_signatures_framework", ("framework_id",), "frameworks", ("id",)),
    key=("framework_id", "edition", "party"),
)

# The lead's side of a cross-level project: one row per invited tenant; `child_id` is told by the child's tenant.
links = table(
    "links",
    uuid("id"),
    uuid("project_id"),
    text("child_tenant"),
    uuid("child_id", null=True),
    text("task"),
    text("state"),
    json("summary", null=True),
    number("seq"),
    text("invited_by"),
    moment("invited_at"),
    moment("updated_at"),
    inside("fk_links_project", ("project_id",), "projects", ("id",)),
    CheckConstraint("state IN ('invited', 'joined', 'declined')", name="ck_links_state"),
    kind="case",
    key=("id",),
)

# What the lead asks of every child: requirements and standards, by number.
link_standards = table(
    "link_standards",
    uuid("project_id"),
    number("number"),
    text("text"),
    text("document_number", null=True),
    day("on"),
    text("by"),
    moment("at"),
    inside("fk_link_standards_project", ("project_id",), "projects", ("id",)),
    kind="case",
    key=("project_id", "number"),
)

# The child's side, carried by events: the invitation, the standards as known, and the tenant's own answer.
link_invitations = table(
    "link_invitations",
    uuid("id"),
    text("lead_tenant"),
    uuid("lead_project"),
    text("lead_name"),
    text("lead_owner"),
    json("lead_desks"),
    text("task"),
    json("standards"),
    number("standards_number"),
    text("state"),
    uuid("project_id", null=True),
    text("reason", null=True),
    text("answered_by", null=True),
    moment("answered_at", null=True),
    json("summary", null=True),
    number("summary_seq"),
    moment("invited_at"),
    inside("fk_link_invitations_project", ("project_id",), "projects", ("id",)),
    CheckConstraint("state IN ('invited', 'joined', 'declined')", name="ck_link_invitations_state"),
    CheckConstraint("state <> 'joined' OR project_id IS NOT NULL", name="ck_link_invitations_joined"),
    key=("id",),
)

L, V, I = library_entries.c, plan_versions.c, link_invitations.c  # noqa: E741
index("ix_library_entries_list", L.tenant_id, L.rank, L.entered_on.desc(), L.id.desc())
index("ix_library_entries_project", L.tenant_id, L.project_id, L.entered_on.desc())
index("ix_plan_versions_list", V.tenant_id, V.created_at.desc(), V.id.desc())
index("ix_links_project", links.c.tenant_id, links.c.project_id, links.c.invited_at)
index("ix_link_invitations_project", I.tenant_id, I.project_id)
index(
    "ix_link_invitations_invited",
    I.tenant_id,
    I.invited_at,
    I.id,
    postgresql_where=I.state == literal_column("'invited'"),
)
index("ix_link_invitations_list", I.tenant_id, I.invited_at.desc(), I.id.desc())

# Entries of before the system (arts 8, 9): proposed by one person of the leading group's office, confirmed by another.
library_imports = table(
    "library_imports",
    uuid("id"),
    uuid("owner_office_id"),
    text("owner_name"),
    text("project_name"),
    json("document"),
    day("entered_on"),
    day("valid_until"),
    text("note"),
    text("state"),
    text("proposed_by"),
    moment("proposed_at"),
    text("decided_by", null=True),
    moment("decided_at", null=True),
    text("reason", null=True),
    text("by_tenant"),
    number("version"),
    CheckConstraint("valid_until > entered_on", name="ck_library_imports_validity"),
    CheckConstraint("state IN ('proposed', 'confirmed', 'refused')", name="ck_library_imports_state"),
    CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="ck_library_imports_decided"),
    key=("id",),
)
M = library_imports.c
index("ix_library_imports_list", M.tenant_id, M.proposed_at.desc(), M.id.desc())
index(
    "ix_library_imports_proposed",
    M.tenant_id,
    M.proposed_at,
    M.id,
    postgresql_where=M.state == literal_column("'proposed'"),
)
index("ix_library_imports_owner", M.tenant_id, M.owner_office_id)
