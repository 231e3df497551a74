"""What somebody changes in SQL of a case is found by the audit's check, whatever column it is (art. 39)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy import Table, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql.sqltypes import BigInteger, Boolean, Date, DateTime, Integer

from service.kit import proofs
from service.kit.db import Door, metadata
from service.kit.telemetry import Telemetry
from service.settings import Settings
from tests.contract.recipes import RECIPES
from tests.lives import TENANT, World
from tests.worlds import false_alarms

PROVED = [
    table
    for table in metadata.tables.values()
    if table.info.get("proved") and (table.name == "projects" or "project_id" in table.c)
]
# Nothing can be said by changing these: they say which row it is, and a row that goes and one that comes are found.
NAMING = {"tenant_id", "id", "project_id", "office_id", "number"}
COLUMNS = [(table, name) for table in PROVED for name in proofs.columns(table) if name not in NAMING]


@pytest.fixture(scope="module")
async def superuser(settings: Settings) -> AsyncIterator[Any]:
    """Who owns the database: neither foreign keys nor checks stand in a forger's way."""
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute("SET session_replication_role = replica")
    checks = await connection.fetch(
        "SELECT conrelid::regclass AS at, conname AS name, pg_get_constraintdef(oid) AS said FROM pg_constraint "
        "WHERE contype = 'c' AND conrelid = ANY($1::text[]::regclass[])",
        [table.name for table in PROVED],
    )
    for each in checks:
        await connection.execute(f"ALTER TABLE {each['at']} DROP CONSTRAINT {each['name']}")
    yield connection
    for each in checks:
        await connection.execute(
            f"ALTER TABLE {each['at']} ADD CONSTRAINT {each['name']} {each['said']} NOT VALID"
        )
    await connection.close()


@pytest.fixture(scope="module")
async def lives(find: Any, door: Door, settings: Settings) -> None:
    """A filed case, and one approved by the province whose acceptance is filed: every proved table has rows."""
    world = World(find, door, Telemetry(), settings.database_url)
    await world.submitted()
    await world.filed()
    await RECIPES["acceptance_read_filing"](world)
    assert await codes(door) == set()


async def codes(door: Door) -> set[str]:
    return {each.code for each in await false_alarms(door, TENANT)}


def other_value(table: Table, name: str) -> str:
    """SQL of another value of the column's type."""
    kind, name = table.c[name].type, f'"{name}"'
    if isinstance(kind, Uuid):
        return "gen_random_uuid()"
    if isinstance(kind, JSONB):
        return f"coalesce({name}, '{{}}'::jsonb) || '{{\"forged\": 1}}'"
    if isinstance(kind, ARRAY):
        return f"{name} || 'forged'::text"
    if isinstance(kind, DateTime):
        return f"coalesce({name}, now()) + interval '1 microsecond'"
    if isinstance(kind, Date):
        return f"{name} + 1"
    if isinstance(kind, Boolean):
        return f"NOT {name}"
    if isinstance(kind, BigInteger | Integer):
        return f"coalesce({name}, 0) + 1"
    return f"coalesce({name}, '') || 'x'"


async def row_of(superuser: Any, table: Table) -> str:
    """SQL that finds one row, the newest: the cases of the fixture are of today."""
    keys = table.primary_key.columns.keys()
    last = "project_id" if "project_id" in table.c else "id"
    found = await superuser.fetchrow(
        f"SELECT {', '.join(keys)} FROM {table.name} WHERE tenant_id = $1 ORDER BY {last} DESC LIMIT 1",
        TENANT,
    )
    return " AND ".join(f"{key} = '{found[key]}'" for key in keys)


@pytest.mark.parametrize(("table", "name"), COLUMNS, ids=str)
async def test_every_column_is_proved(
    table: Table, name: str, lives: None, superuser: Any, door: Door
) -> None:
    where, quoted = await row_of(superuser, table), f'"{name}"'
    await superuser.execute(f"CREATE TEMP TABLE honest AS SELECT {quoted} FROM {table.name} WHERE {where}")
    try:
        await superuser.execute(
            f"UPDATE {table.name} SET {quoted} = {other_value(table, name)} WHERE {where}"
        )
        assert await codes(door) == {f"{table.info['proved']}_edited"}
    finally:
        await superuser.execute(
            f"UPDATE {table.name} SET {quoted} = (SELECT {quoted} FROM honest) WHERE {where}"
        )
        await superuser.execute("DROP TABLE honest")
    assert await codes(door) == set()


@pytest.mark.parametrize("table", PROVED, ids=str)
async def test_rows_that_go_or_come_are_found(table: Table, lives: None, superuser: Any, door: Door) -> None:
    where, word = await row_of(superuser, table), table.info["proved"]
    names = ", ".join(f'"{each.name}"' for each in table.c if each.computed is None)
    await superuser.execute(f"CREATE TEMP TABLE honest AS SELECT {names} FROM {table.name} WHERE {where}")
    await superuser.execute(f"DELETE FROM {table.name} WHERE {where}")
    assert f"{word}_deleted" in await codes(door)
    await superuser.execute(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM honest")
    assert await codes(door) == set()
    if "project_id" in table.c:
        last = table.primary_key.columns.keys()[-1]
        other = "gen_random_uuid()" if isinstance(table.c[last].type, Uuid) else f"{last} + 1000"
        if last == "project_id":  # one per case: a case that has none gets it
            without = f"NOT EXISTS (SELECT FROM {table.name} o WHERE o.project_id = p.id)"
            other = f"(SELECT id FROM projects p WHERE tenant_id = '{TENANT}' AND {without} LIMIT 1)"
        # The same told once more under another key: unique constraints stand as indexes, a forger drops them as well.
        unique = await superuser.fetch(
            "SELECT conname, pg_get_constraintdef(oid) AS said FROM pg_constraint "
            "WHERE conrelid = $1::regclass AND contype = 'u'",
            table.name,
        )
        for each in unique:
            await superuser.execute(f"ALTER TABLE {table.name} DROP CONSTRAINT {each['conname']}")
        await superuser.execute(f"UPDATE honest SET {last} = {other}")
        await superuser.execute(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM honest")
        assert await codes(door) == {f"{word}_added"}
        await superuser.execute(f"DELETE FROM {table.name} WHERE {last} = (SELECT {last} FROM honest)")
        for each in unique:
            await superuser.execute(
                f"ALTER TABLE {table.name} ADD CONSTRAINT {each['conname']} {each['said']}"
            )
    await superuser.execute("DROP TABLE honest")
    assert await codes(door) == set()


async def test_a_case_put_back_to_what_it_was_is_found(lives: None, superuser: Any, door: Door) -> None:
    where = await row_of(superuser, metadata.tables["projects"])
    before = await superuser.fetchval(f"SELECT version FROM projects WHERE {where}")
    for version in (before - 1, before + 1):
        await superuser.execute(f"UPDATE projects SET version = {version} WHERE {where}")
        assert await codes(door) == {"case_edited"}
    await superuser.execute(f"UPDATE projects SET version = {before} WHERE {where}")
    assert await codes(door) == set()


async def test_a_forged_spill_keeps_no_case_from_being_looked_at(
    lives: None, superuser: Any, door: Door
) -> None:
    """Only a purge that the trail tells of takes a case out of the check (art. 14)."""
    where = await row_of(superuser, metadata.tables["projects"])
    case = await superuser.fetchval(f"SELECT id FROM projects WHERE {where}")
    await superuser.execute(
        "INSERT INTO spills (tenant_id, id, project_id, reason, state, requested_by, requested_tenant, requested_user, "
        "requested_at, confirmed_by, confirmed_tenant, confirmed_user, confirmed_at, erased_at, purged_at) VALUES "
        "($1, gen_random_uuid(), $2, '误入', 'purged', '甲', $1, gen_random_uuid(), now(), '乙', $1, "
        "gen_random_uuid(), now(), now(), now())",
        TENANT,
        case,
    )
    await superuser.execute(f"UPDATE projects SET approved_fen = coalesce(approved_fen, 0) + 1 WHERE {where}")
    assert await codes(door) == {"case_edited"}
    await superuser.execute(f"UPDATE projects SET approved_fen = nullif(approved_fen - 1, 0) WHERE {where}")
    await superuser.execute("DELETE FROM spills WHERE project_id = $1", case)
    assert await codes(door) == set()
