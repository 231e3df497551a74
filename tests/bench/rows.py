"""How the projects get in: SQL run as the superuser, triggers off. A fifth are drafts with complete materials."""

from __future__ import annotations

_SPREAD = """
CREATE UNLOGGED TABLE bench_spread AS
WITH towns AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM tenants WHERE tier = 'city'),
offices AS (
    SELECT *, row_number() OVER (PARTITION BY tenant_id, tier ORDER BY id) - 1 AS place,
           count(*) OVER (PARTITION BY tenant_id, tier) AS size
    FROM offices WHERE organ IS NULL OR organ = 'general_office'
),
dice AS MATERIALIZED (
    SELECT n, floor(power(random(), 1.6) * (SELECT count(*) FROM towns)) AS town, random() AS who,
           random() AS which, random() AS stage, floor(random() * 240)::int AS template,
           timestamptz '2026-09-01' - random() * interval '900 days' AS created_at
    FROM generate_series(1, :projects) n
)
SELECT d.n, uuidv7(d.created_at - now()) AS id, d.created_at, d.template, t.given, o.tenant_id, o.id AS office_id,
       o.name AS owner_name, o.tier, o.division, o.office_kind, t.given->'decision'->>'route' AS route,
       CASE WHEN d.stage < 0.2 THEN 'draft'
            WHEN t.given->'decision'->>'route' = 'city_filing' THEN
                (ARRAY['submitted','gatekept','city_approved','filed','filed','filed'])
                    [1 + floor((d.stage - 0.2) * 7.4)]
            ELSE (ARRAY['submitted','gatekept','with_province','with_province','returned'])
                    [1 + floor((d.stage - 0.2) * 6.2)]
       END AS state
FROM dice d
JOIN bench_templates t ON t.id = d.template
JOIN towns w ON w.place = d.town
JOIN offices o ON o.tenant_id = w.id AND o.tier = CASE WHEN d.who < 0.6 OR d.stage < 0.2 THEN 'city' ELSE 'county' END
    AND o.place = floor(d.which * o.size)
"""

_PROJECTS = """
INSERT INTO projects (
    tenant_id, office_id, id, external_ref, name, owner_name, tier, division, office_kind, state, holder, route,
    project_class, kind, investment_fen, declared, decision, submissions, month, created_by, created_at, updated_at,
    submitted_at, gatekept_at, approved_at, filed_at, handed_over_at, approved_fen, filing_number, version, client,
    entered_at, dated)
SELECT tenant_id, office_id, id, 'OA-' || n || '-' || lpad(template::text, 3, '0'), owner_name || '业务系统' || n,
    owner_name, tier, division, office_kind, state,
    CASE WHEN state IN ('draft', 'returned') THEN 'owner' WHEN state = 'with_province' THEN 'province' ELSE 'city' END,
    CASE WHEN state <> 'draft' THEN route END,
    given->'content'->'facts'->>'project_class', given->'content'->'facts'->>'kind', (given->>'fen')::bigint,
    CASE WHEN state <> 'draft' THEN given->'declared' || jsonb_build_object('name', owner_name || '业务系统' || n) END,
    CASE WHEN state <> 'draft' THEN given->'decision' END,
    (state <> 'draft')::int, CASE WHEN state <> 'draft' THEN to_char(created_at, 'YYYY-MM') END,
    'client:' || tenant_id || ':portal', created_at, created_at,
    CASE WHEN state <> 'draft' THEN created_at END,
    CASE WHEN state NOT IN ('draft', 'submitted') THEN created_at + interval '3 days' END,
    CASE WHEN state IN ('city_approved', 'filed') THEN created_at + interval '9 days' END,
    CASE WHEN state = 'filed' THEN created_at + interval '12 days' END,
    CASE WHEN state IN ('with_province', 'returned') THEN created_at + interval '5 days' END,
    CASE WHEN state IN ('city_approved', 'filed') THEN (given->>'fen')::bigint * 97 / 100 END,
    CASE WHEN state = 'filed' THEN tenant_id || '-2026-' || n END,
    CASE WHEN state = 'draft' THEN 1 ELSE 4 END, 'portal', created_at,
    CASE WHEN state = 'draft' THEN '{}' ELSE jsonb_build_object('declared', jsonb_build_object(
        'on', to_char(created_at, 'YYYY-MM-DD'), 'substance', md5(n::text), 'joint', false, 'submission', 1)) END
FROM bench_spread ORDER BY created_at
"""

_DRAFTS = """
INSERT INTO project_drafts (tenant_id, office_id, project_id, content, updated_at, client)
SELECT tenant_id, office_id, id, given->'content' || jsonb_build_object('name', owner_name || '业务系统' || n),
    created_at, 'portal'
FROM bench_spread ORDER BY created_at
"""

_VERSIONS = """
INSERT INTO project_versions (
    tenant_id, office_id, project_id, number, content, decision, digest, submitted_by, submitted_at)
SELECT tenant_id, office_id, id, 1, declared, decision, repeat('0', 64), created_by, created_at
FROM projects WHERE state <> 'draft'
"""

_FINDINGS = """
INSERT INTO project_findings (tenant_id, office_id, project_id, code, severity, article, reason, submitted_at)
SELECT DISTINCT ON (s.tenant_id, s.id, f->>'code') s.tenant_id, s.office_id, s.id, f->>'code', f->>'severity',
    (f->>'article')::int, s.given->'reasons'->>(f->>'code'), s.created_at
FROM bench_spread s, jsonb_array_elements(s.given->'decision'->'findings') f WHERE s.state <> 'draft'
"""

_TRANSITIONS = """
INSERT INTO transitions (
    tenant_id, office_id, id, project_id, action, from_state, to_state, actor, actor_tenant, client, reason, citation,
    details, at)
SELECT tenant_id, office_id, uuidv7(created_at - now()), id, 'submit', 'draft', 'submitted', created_by, tenant_id,
    'portal', NULL, '{"articles": [13, 15]}', '{"submission": 1}', created_at
FROM projects WHERE state <> 'draft'
"""

_SUMMARY = """
INSERT INTO summary (tenant_id, route, state, month, count, amount_fen)
SELECT tenant_id, route, state, month, count(*), sum(coalesce(approved_fen, investment_fen))
FROM projects WHERE route IS NOT NULL GROUP BY 1, 2, 3, 4
"""
# As the first fold after it would have left them.
_TOTALS = """
INSERT INTO summary_totals (tenant_id, route, state, count, amount_fen)
SELECT tenant_id, route, state, sum(count), sum(amount_fen) FROM summary GROUP BY 1, 2, 3
"""
_SUMMED = "UPDATE summary SET summed_count = count, summed_fen = amount_fen"

LOAD = (
    "SET session_replication_role = replica",
    "SELECT setseed(0.5)",
    _SPREAD,
    _PROJECTS,
    _DRAFTS,
    _VERSIONS,
    _FINDINGS,
    _TRANSITIONS,
    _SUMMARY,
    _TOTALS,
    _SUMMED,
    "DROP TABLE bench_spread",
)
