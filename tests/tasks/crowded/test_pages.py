"""A desk's page is read through its index: the blocks it touches do not grow with the tenant."""

from __future__ import annotations

import re
from typing import Any

import asyncpg
import pytest

from service.kit.authn import Principal
from service.kit.db import session
from service.kit.ids import new_id
from service.kit.statements import Statement
from service.measures.offices import Tier
from service.obligations.queries import JUST_CHANGED
from service.tasks import sources, things
from service.tasks.conditions import Conditions
from service.tasks.queues import of_cases
from service.tasks.reading import NamedSource, counts_statement, page_statement, summary_statement
from tests.factories import city_office

pytestmark = pytest.mark.long  # a tenant of thousands of cases

TENANT, FEW, MANY = "360300", 1_000, 10_000
_CASES = """
INSERT INTO projects (tenant_id, office_id, id, external_ref, name, owner_name, tier, division, office_kind, state,
  holder, route, project_class, kind, investment_fen, submissions, month, created_by, created_at, updated_at, version,
  entered_at)
SELECT $1, $2, gen_random_uuid(), 'q-' || n, '项目' || n, '单位', 'city', $1, 'government', p.state, 'city',
  'city_filing', 'other', 'new', 100000000, 1, '2026-01', 'user:x', at, at, 2, at
FROM generate_series($3::int, $4::int) n
CROSS JOIN LATERAL (SELECT (ARRAY['submitted', 'gatekept', 'filed', 'started', 'accepted'])[1 + n % 5] AS state,
  timestamptz '2026-01-01' + make_interval(mins => n) AS at) p
"""
_DUTIES = """
INSERT INTO obligations (tenant_id, office_id, id, project_id, code, key, state, due, since, article, basis, severity,
  duty_tier, duty_roles, desk, paused, pauses, done_on)
SELECT p.tenant_id, p.office_id, gen_random_uuid(), p.id, d.code, '', d.state, date '2026-01-01' + n % 900,
  date '2025-12-01', 23, 'practice', 'notice', d.tier, d.roles,
  d.tier || '.' || array_to_string(d.roles, '+'), false, '[]', NULL
FROM (SELECT *, substr(external_ref, 3)::int AS n FROM projects WHERE tenant_id = $1 AND external_ref LIKE 'q-%') p
JOIN (VALUES ('filing', 'open', 'city', '{gatekeeper}'::text[]), ('filing_query', 'done', 'city', '{gatekeeper}'),
  ('start', 'open', 'city', '{}'), ('budget', 'open', 'city', '{finance}')) d (code, state, tier, roles) ON true
WHERE n BETWEEN $2 AND $3
"""
_FOUND = """
INSERT INTO project_findings (tenant_id, office_id, project_id, code, severity, article, reason, submitted_at)
SELECT tenant_id, office_id, id, code, 'notice', 9, reason, entered_at FROM projects
CROSS JOIN (VALUES ('near_line', NULL), ('negative_17_1', '已说明'), ('reuse', NULL), ('off_cloud', NULL))
  f (code, reason)
WHERE tenant_id = $1 AND (code IN ('reuse', 'off_cloud') OR substr(external_ref, 3)::int % 20 < 2)
ON CONFLICT DO NOTHING
"""
_DECIDED = """
UPDATE projects p SET decision = '{"findings": [{"code": "near_line"}]}' FROM project_findings f
WHERE p.tenant_id = $1 AND f.tenant_id = $1 AND f.project_id = p.id AND f.code = 'near_line' AND p.decision IS NULL
"""
# Every case was looked at, as it is.
_SEEN = """
INSERT INTO obligation_cases (tenant_id, office_id, project_id, looked_on, derived_on, derived_version, derived_told)
SELECT tenant_id, office_id, id, date '2026-01-01', date '2026-01-01', version, 0 FROM projects WHERE tenant_id = $1
ON CONFLICT DO NOTHING
"""


def _reader(*roles: str) -> Principal:
    return Principal(TENANT, "city", new_id(), "p", None, None, roles, 0.0, "t", 0.0)


def _entries() -> tuple[NamedSource, ...]:
    """What a gatekeeper and a unit of a city read, and a supervisor."""
    found = [
        NamedSource(
            f"{queue.code}:{state}:{route}:test",
            sources.cases(queue, state.value, route, office=False),
            frozenset(),
            route,
        )
        for queue in of_cases(_reader("gatekeeper", "approver"), "direct")
        for state in queue.states
        for route in queue.routes
    ]
    more = {
        "desk": sources.desk(0, one=False),
        "owner": sources.owner(one=False),
        "owners": sources.owners(Tier.CITY, one=False),
        "late": sources.overdue("city"),
        "suspicions": sources.doubtful,
        "adoptions": things.requested,
    }
    return tuple(found + [NamedSource(f"{name}:test", source, frozenset()) for name, source in more.items()])


async def blocks(connection: Any, statement: Statement, **params: Any) -> tuple[int, str]:
    """Blocks that the statement touches as the door runs it: planned before its scope is known, and folded with it."""
    given = {
        "tenant_id": TENANT,
        "limit": 51,
        "today": "2026-06-01",
        "term_days": 10,
        "office": city_office(TENANT),
        "me": None,
        "user": None,
        "actor": None,
        "queue": None,
        "desk_0": "city.gatekeeper",
        **params,
    }
    values = [given[name] if name in given else statement.constants[name] for name in statement.names]
    said = ", ".join("NULL" if each is None else f"'{each}'" for each in values)
    said = f"{said}, '{TENANT}/*/*'" if said else f"'{TENANT}/*/*'"
    await connection.execute(f"PREPARE p AS {statement.folded}")
    for _ in range(2):  # the second time the catalogue is in its cache
        lines = [
            row[0]
            for row in await connection.fetch(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) EXECUTE p({said})")
        ]
    await connection.execute("DEALLOCATE p")
    plan = "\n".join(lines)
    touched = re.search(r"Buffers: (?:shared )?(.*)", plan)
    assert touched is not None, plan
    return sum(int(number) for number in re.findall(r"(?:hit|read)=(\d+)", touched[1])), plan


async def _grown(owner: Any, last: int, size: int) -> None:
    """The tenant with so many cases, their duties and what was found in them."""
    await owner.execute(_CASES, TENANT, city_office(TENANT), last + 1, size)
    await owner.execute(_DUTIES, TENANT, last + 1, size)
    await owner.execute(_FOUND, TENANT)
    await owner.execute(_DECIDED, TENANT)
    await owner.execute("VACUUM ANALYZE projects, project_findings")
    await owner.execute(_SEEN, TENANT)
    await owner.execute("VACUUM ANALYZE obligations, obligation_cases")


async def test_pages_of_a_desk_do_not_grow_with_the_tenant(settings: Any) -> None:
    owner = await asyncpg.connect(settings.database_url)
    reader = await asyncpg.connect(settings.tenant_url, server_settings=session())
    try:
        page = page_statement(_entries(), across=False, after=False)
        behind = page_statement(_entries(), across=False, after=True)
        deep = {
            "after_due_order": "2026-06-01",
            "after_since": "2026-03-01",
            "after_id": "0",
            "floor": "2026-03-01",
            "floor_term": "2026-03-01",
        }
        counted = summary_statement(_entries(), across=False)
        cases = tuple(each for each in _entries() if each.route == "city_filing")
        asked = Conditions(near_line=True, to_judge=True, division=True)
        fitting = page_statement(cases, asked, across=False, after=False)
        told = counts_statement(cases, across=False, division=True)
        found: dict[int, list[int]] = {}
        last = 0
        for size in (FEW, MANY):
            await _grown(owner, last, size)
            last = size
            first, plan = await blocks(reader, page)
            later, _ = await blocks(reader, behind, **deep)
            sums, _ = await blocks(reader, counted, limit=101)
            changed, _ = await blocks(reader, JUST_CHANGED, limit=100)
            fits, narrow = await blocks(reader, fitting, division=TENANT)
            counts, _ = await blocks(reader, told, limit=101, division=TENANT)
            found[size] = [first, later, sums, changed, fits, counts]
            for scan in ("Seq Scan on projects", "Seq Scan on obligations", "Seq Scan on project_findings"):
                assert scan not in plan + narrow, plan + narrow
        # Ten times the tenant: an index may be a level deeper, no more.
        for few, many in zip(found[FEW], found[MANY], strict=True):
            assert many <= few * 1.5 + 60, (found, plan)
    finally:
        await owner.close()
        await reader.close()
