"""New migrations as the linter for PostgreSQL reads them, and a database that grew by them beside one that is new."""

from __future__ import annotations

import asyncio
import importlib.util
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations

from migrations import applied
from service.settings import Settings
from service.setup.migrate import ROOT, _alembic
from service.setup.seed import seed_reference
from tests.worlds import on_database

SINCE = "0064"  # the first that was linted before anybody had applied it; those of before are never edited
_LEAVING = re.compile(r"^(COMMIT|BEGIN);\n", re.MULTILINE)
SQUAWK = Path(sys.executable).with_name("squawk")
# What does not fit here, and why.
LEFT_OUT = {
    "require-lock-timeout": "the environment sets it for every migration (migrations/env.py)",
    "prefer-bigint-over-int": "hours, tries and counts have a bound; what only grows is a bigint",
    "require-statement-timeout": "what waits for a lock is cut off; an index over a large table takes what it takes",
}


def _sql(path: Path) -> str:
    """What the migration says to the server."""
    text = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={"as_sql": True, "output_buffer": text, "transaction_per_migration": True},
    )
    spec = importlib.util.spec_from_file_location(f"linted_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with Operations.context(context):
        spec.loader.exec_module(module)
        module.upgrade()
    return text.getvalue()


def lint(sql: str, where: Path) -> list[str]:
    """What the linter has against it: rule and line."""
    file = where / "migration.sql"
    # What leaves the transaction (autocommit_block: COMMIT … BEGIN) is read as statements each by itself.
    alone = _LEAVING.search(sql) is not None
    file.write_text(_LEAVING.sub("", sql), encoding="utf-8")
    within = [] if alone else ["--assume-in-transaction"]
    done = subprocess.run(
        [
            SQUAWK,
            "--reporter=json",
            *within,
            "--pg-version=15",
            f"--exclude={','.join(LEFT_OUT)}",
            file,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stdout.startswith("["), done.stderr
    return [f"{each['rule_name']} in line {each['line']}" for each in json.loads(done.stdout)]


@pytest.mark.parametrize(
    "path",
    [each for each in sorted((ROOT / "migrations" / "versions").glob("*.py")) if each.name[:4] >= SINCE],
    ids=lambda path: path.stem,
)
def test_a_new_migration_takes_no_lock_that_hurts(path: Path, tmp_path: Path) -> None:
    sql = _sql(path)
    assert sql.strip()
    assert lint(sql, tmp_path) == []


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("ALTER TABLE projects ADD COLUMN more integer NOT NULL;", "adding-required-field"),
        ("CREATE INDEX ix_more ON projects (name);", "require-concurrent-index-creation"),
        ("ALTER TABLE projects ALTER COLUMN version TYPE bigint;", "changing-column-type"),
        ("ALTER TABLE projects RENAME COLUMN name TO called;", "renaming-column"),
        ("ALTER TABLE projects ADD CONSTRAINT ck CHECK (version > 0);", "constraint-missing-not-valid"),
        ("ALTER TABLE projects DROP COLUMN name;", "ban-drop-column"),
    ],
)
def test_what_would_hurt_is_found(sql: str, rule: str, tmp_path: Path) -> None:
    assert any(each.startswith(rule) for each in lint(sql, tmp_path))


_SEEN = {
    "policies": "SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies",
    "grants": "SELECT grantee, table_name, column_name, privilege_type FROM information_schema.column_privileges "
    "WHERE table_schema = 'public' AND grantee LIKE 'tj\\_%'",
    "table grants": "SELECT grantee, table_name, privilege_type FROM information_schema.table_privileges "
    "WHERE table_schema = 'public' AND grantee LIKE 'tj\\_%'",
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
    "WHERE table_schema = 'public'",
    "indexes": "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated "
    "FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
    "functions": "SELECT proname, prosrc, prosecdef, proconfig::text FROM pg_proc "
    "WHERE pronamespace = 'public'::regnamespace AND prolang <> 13",
    "security": "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class WHERE relkind = 'r' "
    "AND relnamespace = 'public'::regnamespace",
    "statistics": "SELECT attrelid::regclass::text, attstattarget FROM pg_attribute WHERE attname = 'tenant_id'",
}


@pytest.mark.long
async def test_a_database_that_grew_is_as_one_that_is_new(
    seeded: Settings, clone: Callable[..., str]
) -> None:
    """In steps, with tenants in it between them: what a migration derives of what is there, or forgets where it is."""
    grown = on_database(seeded, clone("grown", "template1"))
    marks = applied.revisions()
    for mark in (marks[len(marks) // 4], marks[len(marks) // 2], marks[-3], marks[-1]):
        await asyncio.to_thread(command.upgrade, _alembic(grown.database_url), mark)
        await seed_reference(grown.database_url)
    assert await _seen(grown) == await _seen(seeded)


async def _seen(settings: Settings) -> dict[str, set[tuple[Any, ...]]]:
    connection = await asyncpg.connect(settings.database_url)
    try:
        return {name: {tuple(row) for row in await connection.fetch(sql)} for name, sql in _SEEN.items()}
    finally:
        await connection.close()
