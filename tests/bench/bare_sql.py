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

LIST = _FOLD.format("""
SELECT tenant_id || '-' || id AS id, tenant_id, external_ref, name, owner_name, tier, division, state, holder, route,
    project_class, kind, investment_fen, approved_fen, created_at, submitted_at, filed_at, version
FROM projects WHERE tenant_id = $2 AND s.ready IS NOT NULL ORDER BY created_at DESC, projects.id DESC LIMIT $3""")

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
