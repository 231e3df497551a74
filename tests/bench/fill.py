"""The real tables filled with copies of real lives: every row of a life, in every table, under another tenant, office,
name and day. Seeded, skewed over tenants and offices; PostgreSQL copies by itself, so nothing travels, and makes the
indexes when all rows are there. Lean: what nobody lists across cases only one case in so many has (lean.py).
"""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence

import asyncpg
from sqlalchemy import Column, Date, DateTime, Table, Uuid

import service.setup.schema  # noqa: F401 - every table
from service.caselist.snipping import MAKE
from service.kit.db import metadata
from service.kit.keyed import KEYED, key_sql
from service.projects.snippets import BEHIND, DIGEST
from tests.bench.lean import which

# The copies: whose life, whose it becomes, since when. Towns and offices by a power: a few have most.
_COPIES = """
WITH lives AS (
    SELECT p.tenant_id, p.id, p.office_id, p.tier, p.state, p.created_at,
           row_number() OVER (ORDER BY p.created_at, p.id) - 1 AS at,
           count(*) OVER () AS size,
           greatest(max(p.updated_at) OVER () - now(), interval '0') AS ahead  -- lives are lived in a time to come
    FROM projects p WHERE p.name = '随机项目'
), towns AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS at FROM tenants WHERE tier = 'city'),
seats AS (
    SELECT *, row_number() OVER (PARTITION BY tenant_id, tier ORDER BY id) - 1 AS at,
           count(*) OVER (PARTITION BY tenant_id, tier) AS size
    FROM offices WHERE organ IS NULL OR organ = 'general_office'
), dice AS MATERIALIZED (
    SELECT n, random() AS which, random() AS town, random() AS who, random() AS office, random() AS day
    FROM generate_series({first}, {last}) n
)
SELECT d.n, l.tenant_id AS source, l.id AS source_id, l.office_id AS source_office, s.tenant_id AS tenant,
    s.id AS office, s.name AS owner, s.tier, l.state,
    s.division, s.office_kind, moved.shift, to_char(l.created_at + moved.shift, 'YYYY-MM') AS month,
    lpad(to_hex((extract(epoch FROM l.created_at + moved.shift) * 1000)::bigint), 12, '0') AS prefix,
    md5(n || 'case') AS mark
FROM dice d
JOIN lives l ON l.at = floor(d.which * l.size)
CROSS JOIN LATERAL (SELECT make_interval(secs => -floor(d.day * 900 * 86400)) - l.ahead AS shift) moved
JOIN towns w ON w.at = floor(power(d.town, 1.6) * (SELECT count(*) FROM towns))
JOIN seats s ON s.tenant_id = CASE WHEN l.tier = 'province' THEN l.tenant_id ELSE w.id END
    AND s.tier = CASE WHEN l.tier = 'province' THEN 'province' WHEN d.who < 0.6 THEN 'city' ELSE 'county' END
    AND s.at = floor(power(d.office, 1.5) * s.size)
"""
_HELPERS = (
    # The id of a copy: of its case's time, as ids of the service are, and its own.
    "CREATE OR REPLACE FUNCTION copied(of uuid, n bigint, prefix text) RETURNS uuid LANGUAGE sql IMMUTABLE AS "
    "$$ SELECT (prefix || '7' || substr(md5(of::text || n), 1, 3) || 'b' || substr(md5(n || of::text), 1, 15))::uuid "
    "$$",
)
# Parents through whom a row without `project_id` belongs to a case.
_THROUGH = {
    "appraisal_scores": ("appraisals", "appraisal_id"),
    "joint_review_opinions": ("joint_reviews", "review_id"),
    "framework_signatures": ("frameworks", "framework_id"),
    "filing_queries": ("filings", "filing_id"),
    "obligation_reminders": ("obligations", "obligation_id"),
}
_NOT = {"projects", "case_snippets", "spills", "link_invitations", "links", "systems", "frameworks"}
_KEPT = {"expert_id", "user_id", "agency_office_id", "joint_project_id", "supersedes", "endpoint_id"}
_OWNERS = {"tier", "division", "office_kind"}
# What the day's look would have made of a duty whose day has passed.
_PAST = "t.state = 'open' AND NOT t.paused AND (t.due + c.shift)::date < (now() AT TIME ZONE 'Asia/Shanghai')::date"
_AS_LOOKED_AT = {
    "state": f"CASE WHEN {_PAST} THEN CASE t.code WHEN 'trial_run' THEN 'done' ELSE 'lapsed' END ELSE t.state END",
    "done_on": f"(CASE WHEN {_PAST} AND t.code = 'trial_run' THEN t.due ELSE t.done_on END + c.shift)::date",
}
_NUMBER = "t.dated #>> '{approved,number}'"
_REF = "c.source || '-' || c.source_id"
# The lives that are copied have no digest yet; of the copies those of the step before have their snippets.
_FOUND_BY = (
    f"{MAKE} WHERE NOT EXISTS (SELECT FROM case_snippets s WHERE s.tenant_id = projects.tenant_id "
    "AND s.project_id = projects.id)",
    f"UPDATE projects SET snipped_as = {DIGEST} WHERE {BEHIND}",
)
AT_A_TIME = 2  # statements beside each other: as many as one expects cores
_COPY = "c.tenant || '-' || copied(c.source_id, c.n, c.prefix)"


def _expression(of: Table, column: Column[object]) -> str:
    """What a copy has in that column."""
    name, own = column.name, f't."{column.name}"'
    if name == "tenant_id":
        return f"CASE WHEN {own} = c.source THEN c.tenant ELSE {own} END"
    if name == "office_id" and of.info["kind"] == "case":
        return "c.office"
    if name == "office_id":
        return f"CASE WHEN {own} = c.source_office THEN c.office ELSE {own} END"
    if isinstance(column.type, Uuid):
        return own if name in _KEPT else f"copied({own}, c.n, c.prefix)"
    if name in ("looked_on", "derived_on") and of.name == "obligation_cases":
        return "(now() AT TIME ZONE 'Asia/Shanghai')::date"
    if name in (
        "counted_for",
        "watched",
    ):  # the service counts copies as it does the cases of before (obligations/counting.py)
        return "NULL"
    if of.name == "obligations" and name == "key":  # a year's report is of the year that it is due in
        return f"CASE t.code WHEN 'performance_report' THEN to_char(t.due + c.shift, 'YYYY') ELSE {own} END"
    if of.name == "obligations" and name in _AS_LOOKED_AT:
        return _AS_LOOKED_AT[name]
    if of.name == "outbox" and name == "done_at":  # what is copied was told long ago
        return "coalesce(t.done_at, t.created_at) + c.shift"
    if isinstance(column.type, DateTime):
        return f"{own} + c.shift"
    if isinstance(column.type, Date):
        return f"({own} + c.shift)::date"
    if name == "month":
        return "c.month"
    return _text(of.name, name, own)


def _text(table: str, name: str, own: str) -> str:
    """The words of a copy differ from each other's and are their owner's."""
    named = "c.owner || '第' || c.n || '期项目' || substr(c.mark, 1, 6)"
    if name == "project_name" or (table == "projects" and name == "name"):
        return named
    if table in ("projects", "project_drafts", "project_versions") and name in ("declared", "content"):
        return f"{own} || jsonb_build_object('name', {named})"
    if (table, name) == ("projects", "dated"):
        return (
            f"CASE WHEN {_NUMBER} IS NULL THEN {own} ELSE "
            f"jsonb_set({own}, '{{approved,number}}', to_jsonb({_NUMBER} || '-' || c.n)) END"
        )
    if name == "document_number":
        return f"{own} || '-' || c.n"
    if name == "owner_name":
        return "c.owner"
    if table == "projects" and name in _OWNERS:
        return f"c.{name}"
    if name == "external_ref":
        return "'OA-' || c.n"
    if name == "filing_number" or (name == "number" and table in ("filings", "acceptance_filings")):
        return f"replace({own}, c.source, c.tenant) || '-' || c.n"
    if name in ("actor_tenant", "by_tenant", "source_tenant"):
        return f"CASE WHEN {own} = c.source THEN c.tenant ELSE {own} END"
    if name in ("snapshot", "recipients", "payload"):
        whose = "'\"' || c.source || '\"', '\"' || c.tenant || '\"'"
        return f"replace(replace({own}::text, {_REF}, {_COPY}), {whose})::jsonb"
    return "copied(c.source_id, c.n, c.prefix)::text" if name == "object_id" else own


def _insert(of: Table, joined: str, **given: str) -> str:
    """All rows of a table that belong to the lives, copied; `given`: expressions of columns, in place of the rule's."""
    columns = ", ".join(f'"{each.name}"' for each in of.columns)
    values = ", ".join(given.get(each.name) or _expression(of, each) for each in of.columns)
    return f"INSERT INTO {of.name} ({columns}) SELECT {values} FROM {joined}"


def _with_digest(copied: str) -> str:
    """The same, so that a copy is found by its words from the start (service/projects/snippets.py)."""
    columns, rows = copied.split(") SELECT ", 1)
    digest = DIGEST.replace("projects.search_key", key_sql(KEYED["projects", "search_key"]))
    named = columns.split("(", 1)[1]
    return f"{columns}, snipped_as) SELECT projects.*, {digest} FROM (SELECT {rows}) projects ({named})"


def _statements(lean: bool) -> Iterator[str]:
    tables = metadata.tables
    for part in range(AT_A_TIME):
        mine = f"projects t JOIN copies c ON t.id = c.source_id AND c.n % {AT_A_TIME} = {part}"
        yield _with_digest(_insert(tables["projects"], mine, id="copied(t.id, c.n, c.prefix)"))
    for of in metadata.sorted_tables:
        if "project_id" in of.columns and of.name not in _NOT and of.info["kind"] != "reference":
            fewer = " AND c.n % 20 = 0" if of.name.startswith("suspicion") else which(of.name, lean)
            yield _insert(
                of,
                f"{of.name} t JOIN copies c ON t.tenant_id = c.source AND t.project_id = c.source_id{fewer}",
            )
    for name, (parent, key) in _THROUGH.items():
        joined = f"{name} t JOIN {parent} u ON u.id = t.{key} JOIN copies c ON u.project_id = c.source_id"
        yield _insert(tables[name], joined)
    of_case = f"(t.snapshot->'project'->>'id') = {_REF}"
    for name in ("outbox", "inbox"):
        yield _insert(tables[name], f"{name} t JOIN copies c ON {of_case}{which(name, lean)}")
    kept = which("event_feed", lean)
    feed = f"event_feed t JOIN copies c ON {of_case}{kept} CROSS JOIN LATERAL (SELECT t.tenant_id) x"
    whose = "CASE WHEN t.tenant_id = c.source THEN c.tenant ELSE t.tenant_id END"
    place = f"1000000 + row_number() OVER (PARTITION BY {whose} ORDER BY t.at + c.shift)"
    last = "(SELECT coalesce(max(seq), 0) FROM event_feed)"
    yield _insert(tables["event_feed"], feed, seq=f"{last} + {place}")
    audit = "audit_entries t JOIN copies c ON t.tenant_id = c.source AND t.object_id = c.source_id::text"
    yield _insert(tables["audit_entries"], audit + which("audit_entries", lean))
    yield "ANALYZE audit_entries, audit_chain"
    yield (
        "WITH ends AS MATERIALIZED (SELECT tenant_id, max(seq) AS seq FROM audit_chain GROUP BY 1) "
        "INSERT INTO audit_chain (tenant_id, seq, entry_id, entry_digest, head, sealed_at) "
        "SELECT e.tenant_id, coalesce(n.seq, 0) + row_number() OVER (PARTITION BY e.tenant_id ORDER BY e.at, e.id), "
        "e.id, e.digest, e.digest, e.at FROM audit_entries e LEFT JOIN ends n ON n.tenant_id = e.tenant_id "
        "WHERE NOT EXISTS (SELECT 1 FROM audit_chain h WHERE h.tenant_id = e.tenant_id AND h.entry_id = e.id)"
    )


_SUMMARY = (
    "TRUNCATE summary, summary_deltas, summary_totals",
    "INSERT INTO summary (tenant_id, route, state, month, count, amount_fen) SELECT tenant_id, route, state, month, "
    "count(*), sum(coalesce(approved_fen, investment_fen)) FROM projects WHERE route IS NOT NULL AND month IS NOT NULL "
    "GROUP BY 1, 2, 3, 4",
    "INSERT INTO counters SELECT tenant_id, 'feed', max(seq) FROM event_feed GROUP BY 1 "
    "ON CONFLICT (tenant_id, name) DO UPDATE SET value = excluded.value",
)
_COUNTED = """
SELECT relname, reltuples::bigint AS rows FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC, 1
"""


# Rows come in no order of any index: each would be kept up a page at a time, and has half its pages empty at the end.
_UNKEPT = (
    "UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = ANY($1::text[]::regclass[])"
)
_INTO = re.compile(r"INSERT INTO (\w+)")
# Everything is vacuumed at the end: before that it would only be read, and after it plans change as one measures.
_ALONE = ("ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()")
_SETTINGS = (
    "SET session_replication_role = replica",
    "SET synchronous_commit = off",
    "SET work_mem = '128MB'",
    "SET maintenance_work_mem = '256MB'",
    "SET jit = off",
    "SELECT setseed(0.25)",
)
Job = Sequence[str]


def _jobs(lean: bool) -> Iterator[list[Job]]:
    """Statements, in turn: those of a list may run beside each other. The cases themselves are the dearest."""
    statements = list(_statements(lean))
    yield [[each] for each in statements[:AT_A_TIME]]
    by_table: dict[str, list[str]] = defaultdict(list)
    into = ""
    for each in statements[AT_A_TIME:]:
        told = _INTO.search(each)
        into = told[1] if told and told[1] != "audit_chain" else into
        by_table[into].append(each)
    yield [_FOUND_BY, *by_table.values()]


async def _run(url: str, jobs: Iterable[Job]) -> None:
    """All of them, as many at a time as there are connections."""
    waiting = deque(jobs)

    async def work() -> None:
        connection = await asyncpg.connect(url)
        try:
            for setting in _SETTINGS:
                await connection.execute(setting)
            while waiting:
                for statement in waiting.popleft():
                    await connection.execute(statement)
        finally:
            await connection.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_A_TIME):
            group.create_task(work())


async def fill(url: str, first: int, last: int, *, lean: bool = False) -> dict[str, int]:
    """Copies number `first` to `last`, as the superuser with triggers and keys off; the rows there are, by table."""
    connection = await asyncpg.connect(url)
    copies = f"CREATE UNLOGGED TABLE copies AS {_COPIES.format(first=first, last=last)}"
    turns = list(_jobs(lean))
    tables = list(
        dict.fromkeys(told[1] for turn in turns for job in turn for told in _INTO.finditer(" ".join(job)))
    )
    try:
        for statement in (*_ALONE, *_SETTINGS, *_HELPERS, copies, "ANALYZE copies"):
            await connection.execute(statement)
        await connection.execute(_UNKEPT, tables)
        for turn in (*turns, [[f"REINDEX TABLE {table}"] for table in tables]):
            await _run(url, turn)
        for statement in ("DROP TABLE copies", *_SUMMARY, "VACUUM ANALYZE"):
            await connection.execute(statement)
        return {row["relname"]: row["rows"] for row in await connection.fetch(_COUNTED)}
    finally:
        await connection.close()
