"""The bare handler's statements, by hand: the scope folded into reads, a submission in one function call."""

from __future__ import annotations

_FOLD = (
    "WITH s AS MATERIALIZED (SELECT set_config('app.scope', $1, true) AS ready) "
    "SELECT q.* FROM s CROSS JOIN LATERAL ({} OFFSET 0) q"
)

READ = _FOLD.format("""
SELECT p.*, d.content, (
    SELECT coalesce(jsonb_agg(jsonb_build_object('code', f.code, 'severity', f.severity, 'article', f.article,
        'reason', f.reason, 'opinion', f.opinion) ORDER BY f.article, f.code), '[]')
    FROM project_findings f WHERE f.tenant_id = $2 AND f.project_id = $3) AS findings
FROM projects p LEFT JOIN project_drafts d ON d.tenant_id = p.tenant_id AND d.project_id = p.id
WHERE p.tenant_id = $2 AND p.id = $3 AND s.ready IS NOT NULL""")


def _yuan(fen: str) -> str:
    return f"CASE WHEN {fen} IS NOT NULL THEN {fen} / 100 || '.' || lpad(({fen} % 100)::text, 2, '0') END"


def _time(column: str) -> str:
    return f"""to_char(timezone('UTC', p.{column}), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


# A page, rendered by PostgreSQL: what the product's list answered, and how, when the target for it was set.
LIST = _FOLD.format(f"""
SELECT page.* FROM (SELECT (SELECT json_build_object('id', p.tenant_id || '-' || p.id, 'tenant', p.tenant_id,
    'external_ref', p.external_ref, 'name', p.name, 'owner_name', p.owner_name, 'tier', p.tier,
    'division', p.division, 'state', p.state, 'holder', p.holder, 'route', p.route,
    'project_class', p.project_class, 'kind', p.kind,
    'investment_yuan', {_yuan("p.investment_fen")}, 'approved_amount_yuan', {_yuan("p.approved_fen")},
    'created_at', {_time("created_at")}, 'submitted_at', {_time("submitted_at")}, 'filed_at', {_time("filed_at")},
    'version', p.version, 'project_codes', p.project_codes,
    'amount_yuan', {_yuan("CASE WHEN p.approved_fen IS NOT NULL THEN p.approved_fen ELSE p.investment_fen END")},
    'updated_at', {_time("updated_at")}, 'since', {_time("entered_at")},
    'days_waiting', CASE WHEN p.state IN ('funds_recalled', 'retired', 'terminated', 'withdrawn') THEN NULL
        ELSE $4::date - timezone('Asia/Shanghai', p.entered_at)::date END,
    'filing_number', p.filing_number, 'document_number', p.dated #>> '{{approved,number}}',
    'finding_codes', coalesce(array_agg(f.code), '{{}}'),
    'reasons_to_judge', (count(*) FILTER (WHERE f.reason IS NOT NULL AND f.opinion IS NULL))::int,
    'near_line', coalesce(bool_or(f.code = 'near_line'), false),
    'suspicion', CASE WHEN $5 THEN (
        SELECT s.state FROM suspicion_members m JOIN suspicions s ON s.tenant_id = m.tenant_id AND s.id = m.suspicion_id
        WHERE m.tenant_id = p.tenant_id AND m.project_id = p.id AND s.state IN ('open', 'confirmed', 'joined')
        ORDER BY s.state = 'open', s.state = 'joined' LIMIT 1) END)::text
    FROM project_findings f WHERE f.tenant_id = p.tenant_id AND f.project_id = p.id) AS item,
    p.created_at, p.id AS row_id
FROM projects p WHERE p.tenant_id = $2 AND s.ready IS NOT NULL
ORDER BY p.created_at DESC, p.id DESC LIMIT $3) page LIMIT 2001""")

# The rows of a submission, in the order in which the product writes them.
FUNCTION = """
CREATE FUNCTION bench_submit(
    _scope text, _tenant text, _office uuid, _id uuid, _version int, _at timestamptz, _who text, _client text,
    _name text, _holder text, _state text, _route text, _class text, _kind text, _fen bigint, _declared jsonb,
    _decision jsonb, _month text, _content jsonb, _digest text, _codes text[], _severities text[], _articles int[],
    _reasons text[], _step uuid, _citation jsonb, _details jsonb, _delta uuid, _audit uuid, _summary jsonb,
    _request text, _audit_digest text, _event uuid, _recipients jsonb, _snapshot jsonb, _path text, _key text,
    _fingerprint text, _headers jsonb, _body bytea, _dated jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('app.scope', _scope, true);
    UPDATE projects SET name = _name, state = _state, holder = _holder, route = _route, project_class = _class,
        kind = _kind, investment_fen = _fen, declared = _declared, decision = _decision, submissions = submissions + 1,
        month = _month, updated_at = _at, submitted_at = _at, gatekept_at = NULL, handed_over_at = NULL,
        dated = _dated, version = _version + 1
    WHERE tenant_id = _tenant AND id = _id AND version = _version;
    IF NOT FOUND THEN RETURN false; END IF;
    INSERT INTO project_versions VALUES (_tenant, _office, _id, 1, _declared, _decision, _digest, _who, _at);
    INSERT INTO project_findings (tenant_id, office_id, project_id, code, severity, article, reason, submitted_at)
        SELECT _tenant, _office, _id, c, s, a, r, _at
        FROM unnest(_codes, _severities, _articles, _reasons) u(c, s, a, r)
        ON CONFLICT (tenant_id, project_id, code) DO UPDATE SET severity = excluded.severity,
            article = excluded.article, reason = excluded.reason, submitted_at = excluded.submitted_at;
    DELETE FROM project_findings WHERE tenant_id = _tenant AND project_id = _id AND NOT code = ANY (_codes);
    UPDATE project_drafts SET content = _content, updated_at = _at WHERE tenant_id = _tenant AND project_id = _id;
    INSERT INTO transitions (tenant_id, office_id, id, project_id, action, from_state, to_state, actor, actor_tenant,
        client, citation, details, at)
        VALUES (_tenant, _office, _step, _id, 'submit', 'draft', _state, _who,
         _tenant, _client, _citation, _details, _at);
    INSERT INTO summary_deltas (tenant_id, id, route, state, month, count, amount_fen, at)
        VALUES (_tenant, _delta, _route, _state, _month, 1, _fen, _at);
    INSERT INTO audit_entries (tenant_id, id, at, actor, actor_tenant, client, action, object_kind, object_id, summary,
        request_id, digest)
        VALUES (_tenant, _audit, _at, _who, _tenant, _client, 'project.submit', 'project', _id::text, _summary,
         _request, _audit_digest);
    INSERT INTO outbox (tenant_id, id, kind, recipients, snapshot, trace_id, created_at, next_attempt_at, attempts)
        VALUES (_tenant, _event, 'project.submitted', _recipients, _snapshot, _request, _at, _at, 0);
    INSERT INTO idempotency (tenant_id, caller, route, key, fingerprint, status, headers, body, created_at)
        VALUES (_tenant, _client || '/', _path, _key, _fingerprint, 200, _headers, _body, _at);
    RETURN true;
END $$
"""
SUBMIT = f"SELECT bench_submit({', '.join(f'${number}' for number in range(1, 42))})"
