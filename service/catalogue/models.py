"""Shared apps and their adoption (arts 3, 6, 11, 23, 31).

An app is worked on in its provider's tenant (`apps`). What is published reaches each tenant that may see it as a row
of its own (`app_entries`), carried by events: browsing, counting and searching never leave the reader's tenant.
An adoption lives with its adopter; the provider, of whatever tenant, works on a mirror (`provisions`), and what
either side does reaches the other as an event.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, UniqueConstraint, literal_column

from service.kit.tables import fen, index, inside, json, moment, number, table, text, texts, uuid

# `content`: the working copy, as AppContent; `office_id`: the provider.
apps = table(
    "apps",
    uuid("id"),
    text("name"),
    text("status"),
    text("reach"),
    texts("offices"),
    json("content"),
    uuid("source_project", null=True),
    text("successor", null=True),
    number("edition"),
    text("created_by"),
    moment("created_at"),
    moment("updated_at"),
    moment("published_at", null=True),
    number("version"),
    inside("fk_apps_office", ("office_id",), "offices", ("id",)),
    UniqueConstraint("tenant_id", "source_project", name="uq_apps_source_project"),
    CheckConstraint(
        "status IN ('draft', 'pilot', 'available', 'deprecated', 'retired')", name="ck_apps_status"
    ),
    CheckConstraint("reach IN ('province', 'tenant', 'offices')", name="ck_apps_reach"),
    CheckConstraint("(status = 'draft') = (edition = 0)", name="ck_apps_edition"),
    kind="case",
    key=("id",),
)

# `tenant_id` is the reader; `revision` is the app's version when it was sent, so that an older event changes nothing.
app_entries = table(
    "app_entries",
    text("provider_tenant"),
    uuid("app_id"),
    text("provider_tier"),
    text("provider_tenant_name"),
    text("provider_name"),
    text("name"),
    text("category"),
    text("status"),
    text("reach"),
    texts("offices"),
    number("security_level"),
    fen("cost_fen"),
    json("content"),
    text("successor", null=True),
    number("edition"),
    number("revision"),
    moment("published_at"),
    moment("updated_at"),
    CheckConstraint("reach IN ('province', 'tenant', 'offices')", name="ck_app_entries_reach"),
    CheckConstraint("reach = 'province' OR provider_tenant = tenant_id", name="ck_app_entries_tenant"),
    key=("provider_tenant", "app_id"),
)

# Who uses it, in the reader's tenant: the adopter's tenant and how many of its offices; `seq` orders the reports.
app_uses = table(
    "app_uses",
    text("provider_tenant"),
    uuid("app_id"),
    text("adopter_tenant"),
    number("offices"),
    Column("seq", BigInteger, nullable=False),
    key=("provider_tenant", "app_id", "adopter_tenant"),
)

# The adopter's side, of the office that asked. `seq`: the provider's last word that was applied; `reach` is the app's,
# so that the province's login sees the use of province-wide apps and no other.
adoptions = table(
    "adoptions",
    uuid("id"),
    text("provider_tenant"),
    uuid("app_id"),
    text("app_name"),
    text("provider_name"),
    text("reach"),
    text("adopter_name"),
    text("adopter_tier"),
    text("division"),
    number("users"),
    text("scope"),
    json("data_needs"),
    text("state"),
    text("holder"),
    Column("automatic", Boolean, nullable=False),
    text("reason", null=True),
    text("requested_by"),
    moment("requested_at"),
    moment("confirmed_at", null=True),
    moment("activated_at", null=True),
    moment("ended_at", null=True),
    number("score", null=True),
    text("feedback", null=True),
    moment("feedback_at", null=True),
    number("seq"),
    moment("updated_at"),
    number("version"),
    inside("fk_adoptions_office", ("office_id",), "offices", ("id",)),
    CheckConstraint("holder IN ('adopter', 'city', 'provider')", name="ck_adoptions_holder"),
    CheckConstraint("score BETWEEN 1 AND 5", name="ck_adoptions_score"),
    CheckConstraint("users > 0", name="ck_adoptions_users"),
    kind="case",
    key=("id",),
)

adoption_steps = table(
    "adoption_steps",
    uuid("id"),
    uuid("adoption_id"),
    text("reach"),
    text("action"),
    text("from_state"),
    text("to_state"),
    text("actor"),
    text("actor_tenant"),
    text("reason", null=True),
    json("citation"),
    moment("at"),
    inside("fk_adoption_steps_adoption", ("adoption_id",), "adoptions", ("id",)),
    kind="case",
    key=("id",),
)

# What the provider reported, one row per month; a correction has a higher revision.
adoption_usage = table(
    "adoption_usage",
    uuid("adoption_id"),
    text("month"),
    text("reach"),
    Column("active_users", BigInteger, nullable=False),
    Column("calls", BigInteger, nullable=False),
    number("revision"),
    moment("reported_at"),
    inside("fk_adoption_usage_adoption", ("adoption_id",), "adoptions", ("id",)),
    kind="case",
    key=("adoption_id", "month"),
)

# The provider's side: the mirror of an adoption that was confirmed, under the adoption's own id.
provisions = table(
    "provisions",
    uuid("id"),
    text("adopter_tenant"),
    uuid("adopter_office"),
    text("adopter_name"),
    text("division"),
    uuid("app_id"),
    text("app_name"),
    text("reach"),
    number("users"),
    text("scope"),
    json("data_needs"),
    text("state"),
    text("reason", null=True),
    number("adoption_version"),
    moment("confirmed_at", null=True),
    moment("activated_at", null=True),
    moment("ended_at", null=True),
    number("score", null=True),
    text("feedback", null=True),
    number("feedback_version"),
    moment("updated_at"),
    number("version"),
    inside("fk_provisions_app", ("app_id",), "apps", ("id",)),
    key=("id",),
)

provision_usage = table(
    "provision_usage",
    uuid("provision_id"),
    text("month"),
    Column("active_users", BigInteger, nullable=False),
    Column("calls", BigInteger, nullable=False),
    number("revision"),
    text("reported_by"),
    moment("reported_at"),
    inside("fk_provision_usage_provision", ("provision_id",), "provisions", ("id",)),
    CheckConstraint("active_users >= 0 AND calls >= 0", name="ck_provision_usage_numbers"),
    key=("provision_id", "month"),
)

index("ix_apps_list", apps.c.tenant_id, apps.c.updated_at.desc(), apps.c.id.desc())
index("ix_adoptions_list", adoptions.c.tenant_id, adoptions.c.requested_at.desc(), adoptions.c.id.desc())
# What waits to be confirmed and to be provisioned, the longest first.
index(
    "ix_adoptions_requested",
    adoptions.c.tenant_id,
    adoptions.c.requested_at,
    adoptions.c.id,
    postgresql_where=adoptions.c.state == literal_column("'requested'"),
)
index(
    "ix_provisions_confirmed",
    provisions.c.tenant_id,
    provisions.c.confirmed_at,
    provisions.c.id,
    postgresql_where=provisions.c.state == literal_column("'confirmed'"),
)
# An office asks for an app once at a time.
index(
    "uq_adoptions_live",
    adoptions.c.tenant_id,
    adoptions.c.office_id,
    adoptions.c.provider_tenant,
    adoptions.c.app_id,
    unique=True,
    postgresql_where=adoptions.c.state.in_(
        [literal_column(f"'{state}'") for state in ("requested", "confirmed", "active", "suspended")]
    ),
)
index(
    "ix_adoption_steps_adoption",
    adoption_steps.c.tenant_id,
    adoption_steps.c.adoption_id,
    adoption_steps.c.at,
)
index("ix_provisions_list", provisions.c.tenant_id, provisions.c.updated_at.desc(), provisions.c.id.desc())
index("ix_provisions_app", provisions.c.tenant_id, provisions.c.app_id, provisions.c.adopter_tenant)
