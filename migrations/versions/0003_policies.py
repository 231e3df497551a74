"""Row level security, forced on every tenant table, and least privilege for the three logins.

tj_tenant   one tenant (and one office, where the principal is bound to one), from the transaction's scope
tj_province the province's organs: what is declared, in all tenants; changes a case only while it holds it
tj_relay    the worker: outbox, folding, sealing, clean-up
`app.scope` is `<tenant>/<office or *>`; unset or empty it matches nothing. holder stands in USING only, so
that a hand-over passes; `tenant_id` and ids are in no UPDATE grant.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TENANT = "tenant_id = split_part(current_setting('app.scope', true), '/', 1)"
OFFICE = "split_part(current_setting('app.scope', true), '/', 2) IN ('*', office_id::text)"
MINE = f"{TENANT} AND {OFFICE}"
WHOLE = f"{TENANT} AND split_part(current_setting('app.scope', true), '/', 2) = '*'"
ACTING = "actor_tenant = split_part(current_setting('app.scope', true), '/', 1)"
ASKING = "asked_by_tenant = split_part(current_setting('app.scope', true), '/', 1)"

REFERENCE = ("tenants", "divisions", "rulebook_entries")

# table -> what tj_tenant may do (S, I, D) and which columns it may update
CASES = {
    "project_drafts": ("SID", "content, updated_at"),
    "project_versions": ("SI", ""),
    "transitions": ("SI", ""),
    "project_findings": ("SID", "severity, article, reason, opinion, opinion_by, submitted_at"),
    "approvals": ("SI", ""),
    "filings": ("SI", ""),
    "filing_queries": ("S", "answer, answered_by, answered_at"),
}
OWN = {
    "tenant_local": ("S", ""),
    "offices": ("SI", "name, organ, valid_from, valid_to, version"),
    "users": ("SI", "name, office_id, disabled_at, version"),
    "role_grants": ("SID", ""),
    "clients": ("SI", "name, secrets, public_jwk, disabled_at, version"),
    "revocations": ("SI", "cut, recorded_at"),
    "assertion_uses": ("SI", ""),
    "outbox": ("SI", ""),
    "idempotency": ("SI", ""),
    "counters": ("SI", "value"),
    "audit_entries": ("SI", ""),
    "audit_chain": ("S", ""),
    "summary_deltas": ("SI", ""),
    "summary": ("S", ""),
    "inbox": ("SI", "read_at, read_by"),
    "webhook_endpoints": ("SI", "url, kinds, secrets, disabled_at, disabled_reason, version"),
    "webhook_deliveries": (
        "SI",
        "state, attempts, next_attempt_at, delivered_at, last_status, last_error",
    ),
    "event_feed": ("SI", ""),
}
# Nobody who is bound to one office administers the tenant, or reads what concerns other offices.
RULES = dict.fromkeys(
    ("role_grants", "clients", "webhook_endpoints", "webhook_deliveries", "event_feed"), WHOLE
) | {"inbox": MINE}
PROJECT_COLUMNS = (
    "external_ref, name, state, holder, route, project_class, kind, investment_fen, declared, decision, "
    "submissions, month, updated_at, submitted_at, gatekept_at, approved_at, filed_at, handed_over_at, "
    "approved_fen, filing_number, version"
)
PROVINCE_READS = [
    "project_versions",
    "transitions",
    "project_findings",
    "approvals",
    "filings",
    "filing_queries",
    "offices",
    "summary",
    "summary_deltas",
    "audit_chain",
    "tenant_local",
]
PROVINCE_WRITES = {
    "transitions": ACTING,
    "audit_entries": ACTING,
    "filing_queries": ASKING,
    "outbox": "true",
    "summary_deltas": "true",
    "idempotency": TENANT,
}
RELAY = {
    "tenant_local": ("S", ""),
    "revocations": ("SD", ""),
    "outbox": ("SD", "attempts, next_attempt_at, last_error, done_at"),
    "summary_deltas": ("SD", ""),
    "summary": ("SI", "count, amount_fen"),
    "audit_entries": ("S", ""),
    "audit_chain": ("SI", ""),
    "idempotency": ("SD", ""),
    "assertion_uses": ("SD", ""),
    "webhook_deliveries": ("S", ""),
}
VERBS = {"S": "SELECT", "I": "INSERT", "D": "DELETE"}


def _policy(name: str, table: str, verb: str, login: str, using: str = "", check: str = "") -> None:
    clauses = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    op.execute(f"CREATE POLICY {name}_{verb.lower()} ON {table} FOR {verb} TO {login}{clauses}")


def _allow(login: str, table: str, verbs: str, columns: str, rule: str) -> None:
    """Grants and the policies beside them, always both."""
    for letter in verbs:
        verb = VERBS[letter]
        op.execute(f"GRANT {verb} ON {table} TO {login}")
        _policy(login, table, verb, login, "" if verb == "INSERT" else rule, rule if verb == "INSERT" else "")
    if columns:
        op.execute(f"GRANT UPDATE ({columns}) ON {table} TO {login}")
        _policy(login, table, "UPDATE", login, rule, rule)


def _projects() -> None:
    op.execute("GRANT SELECT, INSERT, DELETE ON projects TO tj_tenant")
    op.execute(f"GRANT UPDATE ({PROJECT_COLUMNS}) ON projects TO tj_tenant, tj_province")
    op.execute("GRANT SELECT ON projects TO tj_province")
    _policy("tj_tenant", "projects", "SELECT", "tj_tenant", MINE)
    _policy("tj_tenant", "projects", "INSERT", "tj_tenant", check=f"{MINE} AND state = 'draft'")
    _policy("tj_tenant", "projects", "UPDATE", "tj_tenant", f"{MINE} AND holder <> 'province'", MINE)
    _policy("tj_tenant", "projects", "DELETE", "tj_tenant", f"{MINE} AND state = 'draft'")
    _policy("tj_province", "projects", "SELECT", "tj_province", "state <> 'draft'")
    _policy("tj_province", "projects", "UPDATE", "tj_province", "holder = 'province'", "state <> 'draft'")


def upgrade() -> None:
    for table in REFERENCE:
        op.execute(f"GRANT SELECT ON {table} TO tj_tenant, tj_province, tj_relay")
    for table in ("projects", *CASES, *OWN):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    _projects()
    for table, (verbs, columns) in CASES.items():
        _allow("tj_tenant", table, verbs, columns, MINE)
    for table, (verbs, columns) in OWN.items():
        _allow("tj_tenant", table, verbs, columns, RULES.get(table, TENANT))
    for table in PROVINCE_READS:
        _allow("tj_province", table, "S", "", "true")
    for table, check in PROVINCE_WRITES.items():
        op.execute(f"GRANT SELECT, INSERT ON {table} TO tj_province")
        _policy("tj_province", table, "INSERT", "tj_province", check=check)
    # What happened to drafts, and to what was changed after a return, is nobody's outside the tenant (trap 13).
    undeclared = "action NOT IN ('project.create', 'project.edit', 'project.delete')"
    _policy("tj_province", "audit_entries", "SELECT", "tj_province", undeclared)
    _policy("tj_province", "idempotency", "SELECT", "tj_province", TENANT)
    _policy("tj_province", "outbox", "SELECT", "tj_province", "false")
    for table, (verbs, columns) in RELAY.items():
        _allow("tj_relay", table, verbs, columns, "true")
    # Tenants are made by the operator, as the owner login, which row level security binds too.
    op.execute(
        "CREATE POLICY operator ON tenant_local FOR ALL TO CURRENT_USER USING (true) WITH CHECK (true)"
    )
