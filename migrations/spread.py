"""What `tongjian migrate` does after the last migration where the database has the extension Citus (decision 0273).

Citus takes no policy that asks another table. Each such rule becomes a function of the row's own columns: what asks
nothing stays in the policy, so that an index finds the tenant's rows; the rest is asked in PL/pgSQL, by whoever reads,
under that login's own policies, as before. Then reference tables and tables of tenants are laid out, without the keys
between them, which are put back. All of it may be run again. What only Citus understands has met none here; the
functions are plain PostgreSQL, and tests try them there (tests/kit/test_spread.py).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from service.kit.db import metadata

EXTENSION = "citus"
# Lists over all tenants ask every shard, and migrations change each: with 32, as Citus has it by itself, a list took
# two and a half times as long as with four, and the migrations three to nine times.
SHARDS = 4
_LOGINS = ("tj_tenant", "tj_province", "tj_relay")
_ASKING = r"\mSELECT\M"
_POLICIES = """
SELECT p.polname AS policy, c.relname AS "table", c.oid AS oid,
  pg_get_expr(p.polqual, p.polrelid) AS using, pg_get_expr(p.polwithcheck, p.polrelid) AS checked,
  ARRAY(SELECT format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)) FROM pg_attribute a
    WHERE a.attrelid = p.polrelid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnum IN (
      SELECT d.refobjsubid FROM pg_depend d WHERE d.classid = 'pg_policy'::regclass AND d.objid = p.oid
        AND d.refclassid = 'pg_class'::regclass AND d.refobjid = p.polrelid) ORDER BY a.attnum) AS columns
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
WHERE c.relnamespace = 'public'::regnamespace
  AND (pg_get_expr(p.polqual, p.polrelid) ~ $1 OR pg_get_expr(p.polwithcheck, p.polrelid) ~ $1)
ORDER BY c.relname, p.polname
"""
_KEYS = """
SELECT conrelid::regclass::text AS "table", conname AS name, pg_get_constraintdef(oid) AS text FROM pg_constraint
WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conrelid = ANY ($1::regclass[]) ORDER BY 1, 2
"""
# What a migration keeps beside its own for the version before, until a later one takes it away (0090).
_BEFORE = (
    r"SELECT policyname AS policy, tablename AS name FROM pg_policies WHERE policyname LIKE '%\_before\_%'"
)
_LAID = "SELECT logicalrelid::regclass::text FROM pg_dist_partition"


def conjuncts(expression: str) -> list[str]:
    """The sides of an AND at the top of an expression as PostgreSQL writes it: `((a) AND (b))`; or the whole of it."""
    text = expression.strip()
    while text.startswith("(") and _closing(text, 0) == len(text) - 1:
        text = text[1:-1].strip()
    parts, begin, at, cases = [], 0, 0, 0
    while (match := _WORD.search(text, at)) is not None:
        at, word = match.end(), match[0]
        if word in _OPENS:
            at = _closing(text, match.start()) + 1
        elif word in ("CASE", "END"):
            cases += 1 if word == "CASE" else -1
        elif cases == 0 and word == "OR":
            return [text]
        elif cases == 0:
            parts.append(text[begin : match.start()].strip())
            begin = at
    return [*parts, text[begin:].strip()]


_OPENS = ("(", "'", '"')
_WORD = re.compile(r"[('\"]|\b(?:AND|OR|CASE|END)\b")


def _closing(text: str, at: int) -> int:
    """Where what opens here closes: a parenthesis, a literal or a quoted name."""
    if text[at] != "(":
        return text.index(text[at], at + 1)  # a doubled quote opens again at once
    depth = 0
    while True:
        if text[at] in "'\"":
            at = _closing(text, at)
        depth += (text[at] == "(") - (text[at] == ")")
        if depth == 0:
            return at
        at += 1


def rule_of(table: str, columns: list[str], expression: str) -> tuple[str, str]:
    """An asking rule as a policy may say it, and the function it needs: `columns` are `name type`, as declared."""
    asking, plain = [], []
    for each in conjuncts(expression):
        (asking if "SELECT" in each else plain).append(each)
    body = " AND ".join(f"({each})" for each in asking)
    names = [each.rpartition(" ")[0] if each.count(" ") == 1 else each.split(" ")[0] for each in columns]
    row = ", ".join(f"${at} AS {name}" for at, name in enumerate(names, 1))
    kinds = ", ".join(each[len(name) + 1 :] for each, name in zip(columns, names, strict=True))
    called = f"rule_{table}_{hashlib.sha256((kinds + body).encode()).hexdigest()[:8]}"
    made = (
        f"CREATE OR REPLACE FUNCTION {called}({kinds}) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE\n"
        f"AS $rule$ BEGIN RETURN (SELECT {body} FROM (SELECT {row}) AS {table}); END $rule$"
    )
    return " AND ".join([*(f"({each})" for each in plain), f"{called}({', '.join(names)})"]), made


def _translated(policy: Any) -> Iterator[str]:
    clauses = []
    for word, text in (("USING", policy["using"]), ("WITH CHECK", policy["checked"])):
        if text is not None and "SELECT" in text:
            said, made = rule_of(policy["table"], policy["columns"], text)
            yield made
            clauses.append(f"{word} ({said})")
    yield f"ALTER POLICY {policy['policy']} ON {policy['table']} {' '.join(clauses)}"


async def leave_before(connection: Any) -> int:
    """Drops the policies that only the version before needs, which may ask across tenants; how many there were."""
    async with connection.transaction():
        policies = await connection.fetch(_BEFORE)
        for each in policies:
            await connection.execute(f"DROP POLICY {each['policy']} ON {each['name']}")
    return len(policies)


async def translate(connection: Any) -> int:
    """Gives every policy that asks another table its function, in one transaction; how many there were."""
    async with connection.transaction():
        policies = await connection.fetch(_POLICIES, _ASKING)
        for policy in policies:
            for statement in _translated(policy):
                await connection.execute(statement)
    return len(policies)


async def lay_out(connection: Any) -> None:
    """Reference tables to every node, tables of tenants by `tenant_id`: those that do not lie so yet."""
    await _settings(connection)
    await connection.execute(f"SET citus.shard_count = {SHARDS}")
    await leave_before(connection)
    await translate(connection)
    laid = {row[0] for row in await connection.fetch(_LAID)}
    waiting = [each for each in metadata.sorted_tables if each.name not in laid]
    async with connection.transaction():
        keys = await connection.fetch(_KEYS, [each.name for each in waiting])
        for key in keys:
            await connection.execute(f"ALTER TABLE {key['table']} DROP CONSTRAINT {key['name']}")
        for each in sorted(waiting, key=lambda table: table.info["kind"] != "reference"):
            reference = each.info["kind"] == "reference"
            how = (
                "create_reference_table('{}')" if reference else "create_distributed_table('{}', 'tenant_id')"
            )
            await connection.execute(f"SELECT {how.format(each.name)}")
        for key in keys:
            await connection.execute(f"ALTER TABLE {key['table']} ADD CONSTRAINT {key['name']} {key['text']}")


async def _settings(connection: Any) -> None:
    """On the logins, which every node knows, and not on connections: the nodes open their own."""
    from service.kit.db import session

    here = {**session(), "plan_cache_mode": "auto", "citus.propagate_set_commands": "local"}
    here |= {"citus.allow_nested_distributed_execution": "on"}
    for login in _LOGINS:
        for name, value in here.items():
            await connection.execute(f"ALTER ROLE {login} SET {name} = '{value}'")


async def prepare(connection: Any) -> bool:
    """Before the migrations: whether the extension is there. A fresh database is migrated as if it were not.

    Migrations lay out each table as it comes (migrations/tools.py), and then write policies that Citus takes only as
    functions: a view of the session hides the extension from them, and `lay_out` does all of it at the end.
    """
    here: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = $1)", EXTENSION
    )
    if here:
        await connection.execute("SET citus.multi_shard_modify_mode = 'sequential'")
        if await connection.fetchval("SELECT to_regclass('public.alembic_version') IS NULL"):
            hidden = f"SELECT * FROM pg_catalog.pg_extension WHERE extname <> '{EXTENSION}'"
            await connection.execute(f"CREATE TEMPORARY VIEW pg_extension AS {hidden}")
    return here
