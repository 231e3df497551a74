"""The dozen rules of one schema for one PostgreSQL and for many, read from pg_catalog; row level security forced."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import create_async_engine

from service.kit.db import metadata
from service.kit.keyed import KEYED, PLAIN, UNIQUE
from service.settings import Settings
from service.setup.schema import rulebook  # noqa: F401 - fills the metadata

REFERENCE = {table.name for table in metadata.sorted_tables if table.info["kind"] == "reference"}
CASE = {table.name for table in metadata.sorted_tables if table.info["kind"] == "case"}
TENANT = {table.name for table in metadata.sorted_tables} - REFERENCE
# What an office has in hand goes with it (migration 0031): also what no policy of the owner's lets anybody change.
MOVED = {
    "projects",
    "project_drafts",
    "project_findings",
    "similarity_keys",
    "obligations",
    "obligation_cases",
    "obligation_reminders",
    "apps",
    "adoptions",
    "systems",
    "inbox",
    "obligation_feeds",
}
LOGINS = ("tj_tenant", "tj_province", "tj_relay")


@pytest.fixture(scope="module")
def catalog(settings: Settings) -> Iterator[Any]:
    """Runs one query as the owner."""

    def query(sql: str, *args: Any) -> list[Any]:
        async def run() -> list[Any]:
            connection = await asyncpg.connect(settings.database_url)
            try:
                return list(await connection.fetch(sql, *args))
            finally:
                await connection.close()

        return asyncio.run(run())

    yield query


def test_every_table_of_the_database_is_known(catalog: Any) -> None:
    rows = catalog(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    assert {row["relname"] for row in rows} - {"alembic_version"} == TENANT | REFERENCE


def test_row_level_security_is_forced_on_every_tenant_table(catalog: Any) -> None:
    rows = catalog(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class "
        "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    states = {row["relname"]: (row["relrowsecurity"], row["relforcerowsecurity"]) for row in rows}
    assert {name for name in TENANT if states[name] != (True, True)} == set()
    assert {name for name in REFERENCE if states[name] != (False, False)} == set()


def test_no_tenant_is_more_expected_than_another(catalog: Any) -> None:
    """What a plan is made for is not known when it is made (migration 0060); a new table says so too."""
    rows = catalog(
        "SELECT attrelid::regclass::text AS name, attstattarget AS target FROM pg_attribute "
        "WHERE attname = 'tenant_id' AND NOT attisdropped"
    )
    assert {row["name"] for row in rows if row["name"] in TENANT and row["target"] != 1} == set()


def test_every_grant_has_its_policy_and_no_policy_is_open_to_all(catalog: Any) -> None:
    granted = {
        (row["grantee"], row["table_name"], row["privilege_type"])
        for row in catalog(
            "SELECT grantee, table_name, privilege_type FROM information_schema.role_column_grants "
            "WHERE grantee = ANY($1) AND table_schema = 'public' "
            "UNION SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants "
            "WHERE grantee = ANY($1) AND table_schema = 'public'",
            list(LOGINS),
        )
    }
    policies = catalog(
        "SELECT tablename, roles, cmd, qual, with_check FROM pg_policies WHERE schemaname = 'public'"
    )
    covered = {(role, row["tablename"], row["cmd"]) for row in policies for role in row["roles"]}
    on_tenant_tables = {grant for grant in granted if grant[1] in TENANT}
    assert on_tenant_tables - covered == set()
    assert not [row for row in policies if "public" in row["roles"]]
    # A policy of the tenants' login always fixes the tenant.
    for row in policies:
        if "tj_tenant" in row["roles"]:
            for rule in (row["qual"], row["with_check"]):
                assert rule is None or "app.scope" in rule, row
            if row["tablename"] in CASE:
                assert all("office_id" in rule for rule in (row["qual"], row["with_check"]) if rule), row


def test_logins_own_nothing_and_bypass_nothing(catalog: Any) -> None:
    rows = catalog(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication "
        "FROM pg_roles WHERE rolname = ANY($1)",
        list(LOGINS),
    )
    assert len(rows) == 3
    assert not [row for row in rows if any(row[name] for name in list(row.keys())[1:])]
    assert not catalog(
        "SELECT 1 FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = ANY($1)",
        list(LOGINS),
    )
    assert not catalog(
        "SELECT 1 FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = ANY($1)",
        list(LOGINS),
    )


def test_nobody_may_change_tenant_or_id(catalog: Any) -> None:
    rows = catalog(
        "SELECT table_name, column_name FROM information_schema.role_column_grants WHERE grantee = ANY($1) "
        "AND privilege_type = 'UPDATE' AND column_name = ANY(ARRAY['tenant_id', 'id', 'office_id'])",
        list(LOGINS),
    )
    # A person may move to another office of the tenant; what an office has in hand moves when it ends.
    allowed = {("users", "office_id")} | {(table, "office_id") for table in MOVED}
    assert {(row["table_name"], row["column_name"]) for row in rows} == allowed


def test_what_an_office_leaves_is_its_successors(catalog: Any) -> None:
    """Every table of cases either moves with the office or is read by whoever sits in the successor."""
    policies = catalog("SELECT tablename, cmd, policyname FROM pg_policies WHERE roles = '{tj_tenant}'")
    left = {
        (row["tablename"], row["cmd"]) for row in policies if row["policyname"].startswith("tj_tenant_left_")
    }
    wanted = {
        (row["tablename"], row["cmd"])
        for row in policies
        if row["tablename"] in CASE - MOVED and row["cmd"] != "INSERT"
    }
    assert wanted - left == set(), "say in a migration who reads it when its office ends (0031)"


def test_every_key_and_index_leads_with_the_tenant(catalog: Any) -> None:
    rows = catalog(
        "SELECT c.relname AS table_name, i.relname AS index_name, a.attname AS first "
        "FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0] "
        "WHERE c.relnamespace = 'public'::regnamespace"
    )
    wrong = {
        (r["table_name"], r["index_name"])
        for r in rows
        if r["table_name"] in TENANT and r["first"] != "tenant_id"
    }
    assert wrong == set()


WITH_A_DRAFT = ("documents", "project_records", "transitions", "project_findings", "case_snippets")


def test_foreign_keys_inside_a_tenant_carry_it(catalog: Any) -> None:
    rows = catalog(
        "SELECT conrelid::regclass::text AS source, confrelid::regclass::text AS target, confdeltype, "
        "(SELECT array_agg(attname::text) FROM pg_attribute "
        " WHERE attrelid = conrelid AND attnum = ANY(conkey)) AS columns "
        "FROM pg_constraint WHERE contype = 'f'"
    )
    assert rows
    for row in rows:
        assert row["target"] in REFERENCE or "tenant_id" in row["columns"], dict(row)
        # No SET NULL, no cascade by surprise: only with a draft, and only drafts can be deleted.
        expected = (
            (b"n",)
            if row["source"] == "systems"
            else (b"c",)
            if row["source"] in WITH_A_DRAFT
            else (b"a", b"r")
        )
        assert row["confdeltype"] in expected or row["target"] != "projects", dict(row)
        # Who has read a message goes with the message.
        gone = row["source"] == "inbox_reads"
        assert row["confdeltype"] in (b"a", b"r") or row["target"] == "projects" or gone, dict(row)


def test_no_triggers_sequences_or_functions(catalog: Any) -> None:
    assert not catalog("SELECT 1 FROM pg_trigger WHERE NOT tgisinternal")
    assert not catalog("SELECT 1 FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace")
    # But for the one by which a rule of a table reads the row as it was (migrations 0040, 0046).
    found = catalog(
        "SELECT proname, prosecdef, provolatile, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    )
    assert [(each["proname"], each["prosecdef"], each["provolatile"]) for each in found] == [
        ("tj_pen_kept", False, b"s")
    ]
    named = re.findall(r"(?<!DISTINCT )(?:FROM|JOIN) (\S+)", found[0]["prosrc"])
    assert named == ["public.projects"], "a table named in full is the only one it can mean"


def modelled(name: str | None, kind: str, parents: Any) -> bool:
    """Generated keys stand beside the models (kit/keyed), and the digest of what is found by; tests/text holds them."""
    keys = {column for _, column in KEYED} | {"snipped_as"}
    return not (
        name == "alembic_version" or (kind == "column" and name in keys) or name in {**UNIQUE, **PLAIN}
    )


def test_migrations_and_models_say_the_same(settings: Settings) -> None:
    async def run() -> list[Any]:
        engine = create_async_engine(settings.database_url.replace("postgresql://", "postgresql+asyncpg://"))

        def compare(connection: Any) -> list[Any]:
            context = MigrationContext.configure(connection, opts={"include_name": modelled})
            return list(compare_metadata(context, metadata))

        try:
            async with engine.connect() as connection:
                return await connection.run_sync(compare)
        finally:
            await engine.dispose()

    assert asyncio.run(run()) == []
