"""Tenants, divisions, offices, people, roles, clients, revocations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Text,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.tables import index, inside, json, moment, number, reference, table, text, uuid

tenants = reference(
    "tenants",
    text("id"),
    text("name"),
    text("tier"),
    text("division"),
    CheckConstraint("tier IN ('province', 'city')", name="ck_tenants_tier"),
    key=("id",),
)

# One row per tenant in a distributed table: the start of every list over all tenants (docs/decisions/0165, rule 8).
# `demo`: people and portals with known secrets were once made here; such a database is refused in production.
# `sandbox`: made by `tongjian sandbox`, served by it and by nothing else.
tenant_local = table(
    "tenant_local",
    Column("demo", Boolean, nullable=False, server_default=literal_column("false")),
    Column("sandbox", Boolean, nullable=False, server_default=literal_column("false")),
    key=(),
)

divisions = reference(
    "divisions",
    text("code"),
    text("name"),
    text("tier"),
    text("parent", null=True),
    key=("code",),
)

offices = table(
    "offices",
    uuid("id"),
    text("name"),
    text("tier"),
    text("division"),
    text("local_code", null=True),
    text("office_kind"),
    text("organ", null=True),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date, nullable=True),
    number("version"),
    UniqueConstraint("tenant_id", "division", "name", name="uq_offices_name"),
    UniqueConstraint("tenant_id", "local_code", name="uq_offices_local_code"),
    CheckConstraint("tier IN ('province', 'city', 'county')", name="ck_offices_tier"),
    key=("id",),
)

users = table(
    "users",
    uuid("id"),
    uuid("office_id"),
    text("login"),
    text("name"),
    moment("created_at"),
    moment("disabled_at", null=True),
    number("version"),
    moment("locked_at", null=True),  # migration 0025: by the security administrator, at once
    inside("fk_users_office", ("office_id",), "offices", ("id",)),
    UniqueConstraint("tenant_id", "login", name="uq_users_login"),
    key=("id",),
    proved="user",
)
for _name in ("office_id", "disabled_at", "locked_at", "version"):
    users.c[_name].info["changes"] = True
users.c.name.info["unproved"] = True  # what somebody is called gives him nothing

role_grants = table(
    "role_grants",
    uuid("user_id"),
    text("role"),
    text("granted_by"),
    moment("granted_at"),
    inside("fk_role_grants_user", ("user_id",), "users", ("id",)),
    key=("user_id", "role"),
    proved="grant",
    of="user_id",
)

# `secrets`: [{digest, created_at, expires_at, used_at}], two or more while rotating; digests only.
# Without `confirmed_at` it opens nothing. `vouch_roles`: whom its assertions may speak for. `sign_in`: only on the
# client that bootstrap made, {login: JWK} of the people who manage. `pending`: what waits for the security
# administrator (service/identity/powers.py). All from migration 0025.
clients = table(
    "clients",
    text("id"),
    text("name"),
    json("secrets"),
    json("public_jwk", null=True),
    moment("created_at"),
    moment("disabled_at", null=True),
    number("version"),
    Column("vouch_roles", ARRAY(Text), nullable=False, server_default=literal_column("'{}'::text[]")),
    json("sign_in", null=True),
    json("pending", null=True),
    moment("confirmed_at", null=True),
    text("confirmed_by", null=True),
    json("second_jwk", null=True),
    key=("id",),
    proved="client",
)
for _name in (each.name for each in clients.c if each.name not in ("tenant_id", "id", "created_at")):
    clients.c[_name].info["changes"] = True
clients.c.name.info["unproved"] = True


def _unused(secrets: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Secrets without when each was used last, which is noted without a command."""
    return [{name: each[name] for name in each if name != "used_at"} for each in secrets]


clients.c.secrets.info["proved_as"] = _unused

# An office closed into another, or renamed (then both are the same one): what reorganisations did, never changed. Who
# sits in the successor reads what the predecessor left; `direct` is false for rows that carry an earlier one further.
# `recorded_at` is the database's: rows change their office only in the transaction that recorded the succession.
office_successions = table(
    "office_successions",
    uuid("id"),
    uuid("predecessor"),
    uuid("successor"),
    text("predecessor_name"),
    text("successor_name"),
    Column("direct", Boolean, nullable=False),
    text("document", null=True),
    text("by"),
    moment("at"),
    Column("recorded_at", DateTime(timezone=True), nullable=False, server_default=literal_column("now()")),
    inside("fk_office_successions_predecessor", ("predecessor",), "offices", ("id",)),
    inside("fk_office_successions_successor", ("successor",), "offices", ("id",)),
    key=("id",),
)

# Tokens of `subject` issued at or before `cut` are dead; subject = user:<t>:<id> | client:<t>:<id> | token:<jti>.
revocations = table("revocations", text("subject"), moment("cut"), moment("recorded_at"), key=("subject",))

assertion_uses = table(
    "assertion_uses", text("client_id"), text("jti"), moment("expires_at"), key=("client_id", "jti")
)

# A person signed in with a browser: `digest` is the cookie's (SHA-256), `seen_at` a minute old at most while in use.
# Who vouched, from migration 0056: an identity provider (`issuer`, with its `subject` and its own session `sid`) or a
# portal (`client`), for which roles at most, under which settings (`terms`); null in the demo, where nobody did.
# From migration 0082: from where, when the person proved who he is (null: nobody said), and whether it is no session
# but a code that a portal handed out and nobody used (`handed`).
sessions = table(
    "sessions",
    text("digest"),
    uuid("user_id"),
    text("login"),
    moment("made_at"),
    moment("seen_at"),
    text("issuer", null=True),
    text("client", null=True),
    Column("roles", ARRAY(Text), nullable=True),
    text("subject", null=True),
    text("sid", null=True),
    text("terms", null=True),
    text("address", null=True),
    moment("proved_at", null=True),
    Column("handed", Boolean, nullable=False, server_default=literal_column("false")),
    inside("fk_sessions_user", ("user_id",), "users", ("id",)),
    key=("digest",),
)

# Who stands for an absent person at one of his desks, from day to day (both counted); docs/decisions/0204.
deputies = table(
    "deputies",
    uuid("id"),
    text("role"),
    uuid("person_id"),
    uuid("deputy_id"),
    Column("from_day", Date, nullable=False),
    Column("until_day", Date, nullable=False),
    text("note", null=True),
    text("named_by"),
    moment("named_at"),
    text("ended_by", null=True),
    moment("ended_at", null=True),
    inside("fk_deputies_person", ("person_id",), "users", ("id",)),
    inside("fk_deputies_deputy", ("deputy_id",), "users", ("id",)),
    CheckConstraint("from_day <= until_day AND person_id <> deputy_id", name="ck_deputies_days"),
    key=("id",),
    proved="deputy",
    of="id",
)

# How a desk (a role in an office) is reached, as its administrators tell it.
office_desks = table(
    "office_desks",
    uuid("office_id"),
    text("role"),
    text("telephone", null=True),
    text("room", null=True),
    text("by"),
    moment("at"),
    inside("fk_office_desks_office", ("office_id",), "offices", ("id",)),
    key=("office_id", "role"),
)

# Failed sign-ins of ten minutes; the worker turns each row into one audit entry when they are over.
login_failures = table(
    "login_failures",
    text("client"),
    text("address"),
    moment("window_at"),
    number("count"),
    moment("first_at"),
    moment("last_at"),
    key=("client", "address", "window_at"),
)

index("ix_offices_list", offices.c.tenant_id, offices.c.id)
index("ix_users_list", users.c.tenant_id, users.c.id)
index("ix_assertion_uses_expired", assertion_uses.c.tenant_id, assertion_uses.c.expires_at)
index("ix_deputies_deputy", deputies.c.tenant_id, deputies.c.deputy_id, deputies.c.until_day)
index("ix_deputies_person", deputies.c.tenant_id, deputies.c.person_id, deputies.c.until_day)
index("ix_sessions_made", sessions.c.tenant_id, sessions.c.made_at)
index("ix_sessions_subject", sessions.c.tenant_id, sessions.c.issuer, sessions.c.subject)
index("ix_revocations_recorded", revocations.c.tenant_id, revocations.c.recorded_at)
index(
    "ix_office_successions_successor",
    office_successions.c.tenant_id,
    office_successions.c.successor,
    office_successions.c.predecessor,
)
index(
    "ix_office_successions_predecessor",
    office_successions.c.tenant_id,
    office_successions.c.predecessor,
    office_successions.c.at,
)
