"""What a declaration is held against is found by indexes: an owner's results, and who stands on an entry.

Both were looked for among all cases of the office or the tenant, at every preview and submission. That few cases have
a result PostgreSQL knows by statistics of that expression alone; without them it reads a small table whole.
"""

from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_projects_scored": "projects (tenant_id, office_id) WHERE (dated #>> '{scored,total}') IS NOT NULL",
    "ix_projects_on_entry": "projects (tenant_id) WHERE (dated #>> '{library,entry}') IS NOT NULL",
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for name, of in _INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # half built by an attempt broken off
            op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {of}")
        op.execute(
            "CREATE STATISTICS IF NOT EXISTS st_projects_scored ON (dated #>> '{scored,total}') FROM projects"
        )
        op.execute("ANALYZE projects")
        op.execute("SET lock_timeout = '5s'")
