"""Policies as functions, as Citus needs them: they show every login what the policies show, on plain PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest

from migrations import spread
from migrations.spread import conjuncts, lay_out, translate
from service.kit.db import Door
from service.settings import Settings
from tests.kit.test_schema import REFERENCE, TENANT
from tests.lives import builder
from tests.worlds import Caller, world

settings, app, door, client, token, as_user = world()

_LOGINS = {"tj_tenant": ("360100/*", "360000/*", "360700/*", ""), "tj_province": ("",), "tj_relay": ("",)}
_ASKING = """SELECT count(*) FROM pg_policies WHERE qual ~ '\\mSELECT\\M' OR with_check ~ '\\mSELECT\\M'"""


@pytest.mark.parametrize(
    ("expression", "sides"),
    [
        ("(a = b)", ["a = b"]),
        ("((a) AND (b OR c))", ["(a)", "(b OR c)"]),
        ("((a) OR (b) AND (c))", ["(a) OR (b) AND (c)"]),
        ("((a = ' AND '::text) AND (NOT b))", ["(a = ' AND '::text)", "(NOT b)"]),
        ("((a) AND CASE WHEN (b AND c) THEN d OR e END)", ["(a)", "CASE WHEN (b AND c) THEN d OR e END"]),
        ("((a = 'it''s (') AND (EXISTS ( SELECT 1)))", ["(a = 'it''s (')", "(EXISTS ( SELECT 1))"]),
    ],
)
def test_what_stands_beside_each_other_is_told_apart(expression: str, sides: list[str]) -> None:
    assert conjuncts(expression) == sides


async def _seen(connection: Any) -> dict[tuple[str, str, str], list[Any]]:
    """For each login and scope: how many rows of each table it sees, or that it may not read it."""
    found = {}
    for login, scopes in _LOGINS.items():
        for scope in scopes:
            for table in sorted(TENANT):
                try:
                    async with connection.transaction():
                        await connection.execute(f"SET LOCAL app.scope = '{scope}'; SET LOCAL ROLE {login}")
                        found[login, scope, table] = await connection.fetch(
                            f"SELECT count(*), count(DISTINCT t::text) FROM {table} t"
                        )
                except asyncpg.InsufficientPrivilegeError:
                    found[login, scope, table] = []
    return found


async def test_rules_as_functions_show_every_login_the_same_rows(
    settings: Settings, as_user: Callable[..., Caller], door: Door
) -> None:
    build = builder(as_user, door, settings)
    home = build()
    await home.life().at("started")
    for _ in range(2):
        await home.draft()
    await home.with_province()
    await home.asked()
    await build("city.portal", "360700").filed()
    connection = await asyncpg.connect(settings.database_url)
    try:
        assert await connection.fetchval(_ASKING) > 100
        before = await _seen(connection)
        assert sum(row[0][0] for key, row in before.items() if row and key[0] == "tj_province") > 50
        assert await translate(connection) > 100
        assert await connection.fetchval(_ASKING) == 0
        assert await _seen(connection) == before
        assert await translate(connection) == 0
    finally:
        await connection.close()
    # And whoever writes may write what he might: the road goes on under them, to its end.
    await build("city.portal", "360200").life().at("started")


# What of Citus laying out calls: which table lies how, written down where Citus keeps it.
_STAND_IN = """
CREATE TABLE pg_dist_partition (at serial, logicalrelid regclass, how text);
CREATE FUNCTION create_reference_table(name regclass) RETURNS void LANGUAGE sql AS
  $$ INSERT INTO pg_dist_partition (logicalrelid, how) VALUES (name, 'reference') $$;
CREATE FUNCTION create_distributed_table(name regclass, key text) RETURNS void LANGUAGE sql AS
  $$ INSERT INTO pg_dist_partition (logicalrelid, how) VALUES (name, key) $$;
"""
_KEYS = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' ORDER BY 1, 2"
_SET = """
SELECT r.rolname, count(*) AS settings FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole,
  unnest(s.setconfig) each WHERE each ~ '^citus[.]|^plan_cache_mode=auto$' GROUP BY 1
"""


async def test_every_table_is_laid_out_once_and_keeps_its_keys(settings: Settings) -> None:
    """With stand-ins for the two functions: Citus itself has not been met (docs/decisions/0273)."""
    connection = await asyncpg.connect(settings.database_url)
    outer = connection.transaction()
    await outer.start()
    try:
        await connection.execute(_STAND_IN)
        keys = await connection.fetch(_KEYS)
        for _ in range(2):
            await lay_out(connection)
            laid = await connection.fetch(
                "SELECT logicalrelid::text AS name, how FROM pg_dist_partition ORDER BY at"
            )
            assert {row["name"] for row in laid if row["how"] == "reference"} == REFERENCE
            assert {row["name"] for row in laid if row["how"] == "tenant_id"} == TENANT
            assert len(laid) == len(REFERENCE) + len(TENANT)
            assert await connection.fetchval("SHOW citus.shard_count") == str(spread.SHARDS)
            assert not await connection.fetchval(
                "SELECT count(*) FROM pg_policies WHERE policyname ~ '_before_'"
            )
            # What keys lead to lies everywhere before what leads there.
            assert [row["how"] for row in laid] == sorted(row["how"] for row in laid)
            assert await connection.fetch(_KEYS) == keys and len(keys) > 50
        assert await connection.fetchval(_ASKING) == 0
        assert {row["rolname"]: row["settings"] for row in await connection.fetch(_SET)} == dict.fromkeys(
            _LOGINS, 3
        )
    finally:
        await outer.rollback()
        await connection.close()


async def test_migrations_of_a_fresh_database_do_not_see_the_extension(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked of an extension that every PostgreSQL has; what was migrated before goes on seeing it."""
    monkeypatch.setattr(spread, "EXTENSION", "plpgsql")
    connection = await asyncpg.connect(settings.database_url)
    outer = connection.transaction()
    await outer.start()
    try:
        seen = "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'plpgsql')"
        assert await spread.prepare(connection)
        assert await connection.fetchval(seen)
        await connection.execute("ALTER TABLE alembic_version RENAME TO nothing_yet")
        assert await spread.prepare(connection) and not await connection.fetchval(seen)
        monkeypatch.setattr(spread, "EXTENSION", "citus")
        assert not await spread.prepare(connection)
    finally:
        await outer.rollback()
        await connection.close()
