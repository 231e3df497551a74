"""Cases by the month of their declaration, and reported needs that have none, by indexes (docs/decisions/0272)."""

from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_projects_month": "projects (tenant_id, month DESC, created_at DESC, id DESC) WHERE month IS NOT NULL",
    "ix_projects_needs": "projects (tenant_id, created_at DESC, id DESC) "
    "WHERE month IS NULL AND dated ? 'need_reported'",
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for name, of in _INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # half built by an attempt broken off
            op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {of}")
        op.execute("SET lock_timeout = '5s'")
