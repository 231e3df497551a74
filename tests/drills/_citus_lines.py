"""What the drill on Citus looks at, line by line after the trial (docs/decisions/0232).

All but what asks Citus' own catalogue runs on plain PostgreSQL too: tests/kit/test_citus_lines.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import asyncpg

from service.kit.db import metadata
from service.kit.statements import Statement

LOGINS = ("tj_tenant", "tj_province", "tj_relay")
SETTINGS = ("citus.propagate_set_commands=local", "plan_cache_mode=auto")
_SCOPE = "360100/*/*"


async def laid_out(coordinator: Any) -> list[str]:
    """Tables that do not lie as their model says."""
    rows = await coordinator.fetch(
        "SELECT table_name::text AS name, citus_table_type AS kind FROM citus_tables"
    )
    lies = {row["name"]: row["kind"] for row in rows}
    wanted = {
        each.name: "reference" if each.info["kind"] == "reference" else "distributed"
        for each in metadata.sorted_tables
    }
    return [f"{name}: {lies.get(name)}" for name, kind in wanted.items() if lies.get(name) != kind]


async def unguarded(coordinator: Any, worker: Any, port: int) -> list[str]:
    """Shards of tenants' tables on a worker without forced row level security, or that show a row without a scope."""
    rows = await coordinator.fetch(
        "SELECT shard_name FROM citus_shards WHERE citus_table_type = 'distributed' AND nodeport = $1", port
    )
    names = [row["shard_name"] for row in rows]
    open_ = await worker.fetch(
        "SELECT relname FROM pg_class WHERE oid = ANY ($1::regclass[]) "
        "AND NOT (relrowsecurity AND relforcerowsecurity)",
        names,
    )
    shown = []
    for name in names:
        if name.rpartition("_")[0] in ("tenant_local", "offices", "projects"):
            async with worker.transaction():
                await worker.execute("SET LOCAL ROLE tj_tenant")
                if await worker.fetchval(f"SELECT count(*) FROM {name}"):
                    shown.append(f"{name} without a scope")
    return [*(row["relname"] for row in open_), *shown] if names else ["no shards there"]


async def unset(node: Any) -> list[str]:
    """Settings that a login lacks on a node, which opens sessions of its own."""
    rows = await node.fetch(
        "SELECT r.rolname, s.setconfig FROM pg_roles r LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid "
        "AND s.setdatabase = 0 WHERE r.rolname = ANY ($1)",
        list(LOGINS),
    )
    found = {row["rolname"]: set(row["setconfig"] or ()) for row in rows}
    return [f"{login}: {each}" for login in LOGINS for each in SETTINGS if each not in found.get(login, ())]


async def refused(connection: Any, every: Iterable[Statement]) -> tuple[int, list[str]]:
    """How many statements were planned, and those that the planner refuses, with its words; by whom may run them."""
    planned, told = 0, []
    for each in every:
        for login in ("tj_tenant",) if each.folds else LOGINS:
            try:
                await _plan(connection, each, login)
            except asyncpg.InsufficientPrivilegeError:
                continue
            except asyncpg.PostgresError as error:
                told.append(f"{error}: {each.sql[:200]}")
            planned += 1
            break
    return planned, told


async def _plan(connection: Any, statement: Statement, login: str) -> None:
    """As the door sends it: a read of one tenant together with its scope. Nothing is run, nothing stays."""
    names = [*statement.names, "scope"] if statement.folds else statement.names
    values = {"tenant_id": "'360100'", "of_tenant": "'360100'", "scope": f"'{_SCOPE}'"}
    given = ", ".join(values.get(name, "NULL") for name in names)
    await connection.execute("BEGIN")
    try:
        await connection.execute(f"SET LOCAL app.scope = '{_SCOPE}'")
        await connection.execute(f"SET LOCAL ROLE {login}")
        await connection.execute(f"PREPARE one AS {statement.folded if statement.folds else statement.plain}")
        await connection.fetch(f"EXPLAIN (COSTS OFF) EXECUTE one{f'({given})' if given else ''}")
    finally:
        await connection.execute("ROLLBACK")
        with suppress(asyncpg.InvalidSQLStatementNameError):  # where it was not even prepared
            await connection.execute("DEALLOCATE one")
