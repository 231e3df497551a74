"""Duties that are in no totals yet, and yearly reports that are missing or came late, have indexes of their own.

Few are ever in the one; the other holds nothing but what the list of late reports asks (docs/decisions/0274, 0275).
"""

from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_obligation_cases_uncounted": "obligation_cases (tenant_id, project_id) WHERE counted_for IS NULL",
    "ix_obligations_reports": "obligations (tenant_id, key, due, id) "
    "WHERE code = 'performance_report' AND (state IN ('open', 'lapsed') OR done_on > due)",
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for name, of in _INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # half built by an attempt broken off
            op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {of}")
        op.execute("SET lock_timeout = '5s'")
