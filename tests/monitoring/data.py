"""Projects in bulk, written by a superuser: what years of declarations leave behind."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

from service.settings import Settings

# Every state in turn; drafts and withdrawn ones among them.
PROJECTS = """
INSERT INTO projects
SELECT o.tenant_id, o.id, p.id, 'bulk-' || n, p.name, o.name, o.tier, o.division, o.office_kind, p.state, p.holder,
       CASE WHEN p.state <> 'draft' THEN p.route END, 'other', 'new', p.fen,
       CASE WHEN p.state <> 'draft' THEN
         jsonb_build_object('facts', jsonb_build_object('of_which_maintenance_yuan', '100000.00')) END,
       NULL, 1, CASE WHEN p.state <> 'draft' THEN to_char(p.at, 'YYYY-MM') END, 'user:x', p.at, p.at,
       CASE WHEN p.state <> 'draft' THEN p.at END, NULL,
       CASE WHEN p.state IN ('city_approved', 'filed') THEN p.at + interval '30 days' END,
       CASE WHEN p.state = 'filed' THEN p.at + interval '40 days' END, NULL,
       CASE WHEN p.state IN ('city_approved', 'filed') THEN p.fen - 100 END,
       CASE WHEN p.state = 'filed' THEN 'F-' || n END, 1
FROM (
  SELECT n, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id,
         CASE WHEN n % 50 = 0 THEN '=HYPERLINK("http://x")' ELSE '项目' || n END AS name,
         (ARRAY['draft', 'submitted', 'gatekept', 'city_approved', 'filed', 'withdrawn', 'with_province',
                'returned'])[1 + n % 8] AS state,
         CASE WHEN n % 8 = 6 THEN 'province' ELSE 'city' END AS holder,
         CASE WHEN n % 8 = 6 THEN 'provincial_review' ELSE 'city_filing' END AS route,
         100000000 + n * 137 AS fen,
         -- whole days: many rows share one moment, so that pages depend on the rest of their keys
         timestamptz '2026-01-15 02:00:00+00' - make_interval(days => n % 400) AS at
  FROM generate_series(1, $1::int) n
) p
JOIN (SELECT *, row_number() OVER (ORDER BY tenant_id, id) - 1 AS place FROM offices) o
  ON o.place = p.n % (SELECT count(*) FROM offices)
"""

FINDINGS = """
INSERT INTO project_findings
SELECT p.tenant_id, p.office_id, p.id, f.code, f.severity, 9, f.reason, f.opinion, NULL, p.submitted_at
FROM projects p
JOIN (VALUES
  ('near_line', 'notice', NULL, NULL, 3), ('label_without_evidence', 'notice', NULL, NULL, 5),
  ('under_line_by_maintenance', 'notice', NULL, NULL, 7),
  ('not_in_library', 'in_principle', '上级临时部署', 'accepted', 2),
  ('negative_17_1', 'in_principle', '=1+1', NULL, 6)
) AS f (code, severity, reason, opinion, every) ON substr(p.external_ref, 6)::int % f.every = 0
WHERE p.submitted_at IS NOT NULL
"""

# Recorded up to four months after the date of the document.
APPROVALS = """
INSERT INTO approvals
SELECT tenant_id, office_id, id, approved_fen, '发改〔2026〕' || substr(external_ref, 6) || '号',
       approved_at::date - substr(external_ref, 6)::int % 7 * 20, repeat('a', 64), 'user:x', approved_at
FROM projects WHERE approved_at IS NOT NULL
"""

FILINGS = """
INSERT INTO filings
SELECT tenant_id, office_id, gen_random_uuid(), id, filing_number, 2026, name, owner_name, approved_fen, '{}',
       'user:x', filed_at
FROM projects WHERE filed_at IS NOT NULL
"""

# As its steps would have left it: since when it is where it is, and what was approved, by which day's document.
LEFT = """
UPDATE projects SET entered_at = updated_at, dated = CASE WHEN approved_at IS NULL THEN dated ELSE
  jsonb_build_object('approved', jsonb_build_object(
    'on', approved_at::date - substr(external_ref, 6)::int % 7 * 20,
    'number', '发改〔2026〕' || substr(external_ref, 6) || '号')) END
"""

DELTAS = """
INSERT INTO summary_deltas
SELECT tenant_id, gen_random_uuid(), route, state, month, 1, coalesce(approved_fen, investment_fen), submitted_at
FROM projects WHERE state <> 'draft'
"""

# Of the drafts: needs of two rounds, some late, some back in their city after the province gave them back; of what was
# declared some came from a need.
NEEDS = """
UPDATE projects SET
  state = CASE WHEN state <> 'draft' THEN state ELSE
    (ARRAY['need_reported', 'need_submitted', 'appraised', 'in_library', 'need_returned'])[1 + n % 5] END,
  route = coalesce(route, 'provincial_review'),
  dated = dated || jsonb_build_object('need_reported', jsonb_build_object(
    'on', (2024 + n % 2) || '-06-1' || n % 10, 'year', 2024 + n % 2,
    'basis', CASE WHEN n % 3 = 0 THEN 'deployment' ELSE 'in_window' END))
FROM (SELECT tenant_id AS t, id AS i, substr(external_ref, 6)::int / 8 AS n FROM projects) numbered
WHERE tenant_id = t AND id = i AND tenant_id <> '36GJ00' AND
  (state = 'draft' AND n % 3 <> 2 OR state = 'with_province' AND n % 7 = 0)
"""

# What the figures must be: the query that the summary replaces.
NAIVE = """
SELECT tenant_id AS tenant, route, state, coalesce(month, left(dated #>> '{need_reported,on}', 7)) AS month,
       count(*) AS count, sum(coalesce(approved_fen, investment_fen))::bigint AS amount_fen
FROM projects WHERE state NOT IN ('draft', 'need_submitted') AND route IS NOT NULL
GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""


async def plant(connection: Any, count: int) -> None:
    """`count` projects over all offices of all tenants, with findings, approvals, filings and deltas."""
    await connection.fetch(PROJECTS, count)
    for statement in (FINDINGS, APPROVALS, FILINGS, DELTAS, LEFT, NEEDS):
        await connection.execute(statement)
    await connection.execute("ANALYZE")


def planted(made: Settings, cases: int) -> Settings:
    """The database with so many cases planted."""

    async def fill() -> None:
        connection = await asyncpg.connect(made.database_url)
        try:
            await plant(connection, cases)
        finally:
            await connection.close()

    asyncio.run(fill())
    return made
