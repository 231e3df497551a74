"""Duties of one kind or article, those that may rest, and the cases of a district are found by indexes of their own.

Opinions given lately are looked for in the order of their index (service/obligations/asked.py), which is there.
"""

from alembic import op

revision = "0073"
down_revision = "0070"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_obligations_code": "obligations (tenant_id, code, due, id)",
    "ix_obligations_article": "obligations (tenant_id, article, due, id)",
    "ix_obligations_resting": "obligations (tenant_id, due, id) "
    "WHERE state IN ('open', 'lapsed') AND pauses <> '[]'::jsonb",
    "ix_projects_to_file": "projects (tenant_id, coalesce(dated #>> '{approved,on}', ''), id) "
    "WHERE route = 'city_filing' AND filed_at IS NULL AND approved_at IS NOT NULL "
    "AND state NOT IN ('retired', 'withdrawn', 'terminated', 'funds_recalled')",
    "ix_projects_division": "projects (tenant_id, division, created_at DESC, id DESC)",
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for name, of in _INDEXES.items():
            op.execute(
                f"DROP INDEX CONCURRENTLY IF EXISTS {name}"
            )  # half built by an attempt that was broken off
            op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {of}")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_projects_unfiled")  # the new one does its work
        op.execute("SET lock_timeout = '5s'")
