"""Cases are found by a platform's code through indexes, and those that go one way, the newest first.

A member of a list no index finds under row level security. A list's first four members one does each; who has more is
found by the fourth. That few have as many PostgreSQL knows by statistics of that place alone.
"""

from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

_INDEXES = {
    **{
        f"ix_projects_code_{place}": f"projects (tenant_id, (project_codes[{place}])) "
        f"WHERE project_codes[{place}] IS NOT NULL"
        for place in (1, 2, 3, 4)
    },
    "ix_projects_route": "projects (tenant_id, route, created_at DESC, id DESC)",
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for name, of in _INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # half built by an attempt broken off
            op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {of}")
        op.execute("CREATE STATISTICS IF NOT EXISTS st_projects_codes ON (project_codes[4]) FROM projects")
        op.execute("ANALYZE projects")
        op.execute("SET lock_timeout = '5s'")
