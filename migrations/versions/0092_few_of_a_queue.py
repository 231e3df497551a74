"""What few of a queue are, each by an index: cases near the line, findings that a desk counts by, duties of one kind.

Nothing is filled and nothing locked for long (docs/decisions/0272).
"""

from alembic import op

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None

_WAITS = (
    "state IN ('need_submitted', 'need_reported', 'appraised', 'submitted', 'gatekept', 'with_province', "
    "'in_joint_review', 'leading_group_decided', 'need_returned', 'need_gatekept', 'returned')"
)
_INDEXES = {
    "ix_projects_near_line": "projects (tenant_id, state, route, entered_at, id) "
    f"""WHERE {_WAITS} AND decision @> '{{"findings": [{{"code": "near_line"}}]}}'::jsonb""",
    "ix_project_findings_judged": "project_findings (tenant_id, project_id) "
    "WHERE code = 'near_line' OR (reason IS NOT NULL AND opinion IS NULL)",
    "ix_obligations_queue": "obligations (tenant_id, desk, code, due, since, id) WHERE state IN ('open', 'lapsed')",
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for name, of in _INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # half built by an attempt broken off
            op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {of}")
        op.execute("SET lock_timeout = '5s'")
