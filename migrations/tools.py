"""What every migration that adds tables does: tables from its SQL file, row level security forced, grants, policies.

`python -m migrations.tools TABLE… > migrations/sql/NNNN_name.sql` writes the SQL of models for a new migration.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

SQL = Path(__file__).parent / "sql"

# `app.scope` is `<tenant>/<office or *>`; unset or empty it matches nothing.
TENANT = "tenant_id = split_part(current_setting('app.scope', true), '/', 1)"
OFFICE = "split_part(current_setting('app.scope', true), '/', 2) IN ('*', office_id::text)"
MINE = f"{TENANT} AND {OFFICE}"
WHOLE = f"{TENANT} AND split_part(current_setting('app.scope', true), '/', 2) = '*'"


def acting(column: str) -> str:
    """A rule: the row names the caller's own tenant in this column (for what the province writes into others)."""
    return f"{column} = split_part(current_setting('app.scope', true), '/', 1)"


VERBS = {"S": "SELECT", "I": "INSERT", "D": "DELETE"}
_DISTRIBUTE = (
    "DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN\n"
    "  SET LOCAL citus.multi_shard_modify_mode = 'sequential'; "
    "PERFORM create_distributed_table('{name}', 'tenant_id'); END IF; END $$"
)


def run_sql(name: str) -> None:
    """Runs every statement of migrations/sql/<name>."""
    for statement in (SQL / name).read_text(encoding="utf-8").split(";\n"):
        if statement.strip():
            op.execute(statement)


def isolate(*tables: str) -> None:
    """Row level security on, for the owner too."""
    for table in tables:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def estimate_alike(*tables: str) -> None:
    """Beside `isolate`, in every migration after 0060, which says why."""
    for table in tables:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN tenant_id SET STATISTICS 1")


def build_beside(indexes: Mapping[str, str]) -> None:
    """Builds indexes (name: table, columns and condition) one by one while others write; nothing is locked for long.

    What an attempt that was broken off has left half built goes first. A migration that does this does nothing else:
    each index stands as soon as it is built, and the next attempt goes on.
    """
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")  # it waits for those who write, and nobody for it
        for name, of in indexes.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {of}")
        op.execute("SET lock_timeout = '5s'")


def policy(login: str, table: str, verb: str, using: str = "", check: str = "") -> None:
    """One policy, named after its login and verb."""
    clauses = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    op.execute(f"CREATE POLICY {login}_{verb.lower()} ON {table} FOR {verb} TO {login}{clauses}")


def allow(login: str, table: str, verbs: str, rule: str, *, columns: str = "") -> None:
    """Grants (S, I, D; UPDATE on `columns`) and the policies beside them, always both."""
    for letter in verbs:
        verb = VERBS[letter]
        op.execute(f"GRANT {verb} ON {table} TO {login}")
        policy(login, table, verb, "" if verb == "INSERT" else rule, rule if verb == "INSERT" else "")
    if columns:
        op.execute(f"GRANT UPDATE ({columns}) ON {table} TO {login}")
        policy(login, table, "UPDATE", rule, rule)


def _ddl(names: list[str]) -> str:
    import service.setup.schema  # noqa: F401 - fills the metadata
    from service.kit.db import metadata

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    parts = ["-- Generated once from the models; a test compares both.\n"]
    for table in metadata.sorted_tables:
        if table.name in names:
            parts.append(str(CreateTable(table).compile(dialect=dialect)).strip() + ";\n")
            if table.info["kind"] != "reference":
                parts.append(_DISTRIBUTE.format(name=table.name) + ";\n")
            for index in sorted(table.indexes, key=lambda each: str(each.name)):
                parts.append(str(CreateIndex(index).compile(dialect=dialect)).strip() + ";\n")
    return "\n".join(parts)


if __name__ == "__main__":
    print(_ddl(sys.argv[1:]), end="")
