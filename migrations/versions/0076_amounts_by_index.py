"""Cases are found by their amount through an index: an expression that PostgreSQL trusts under row level security.

COALESCE it holds to be leaky, so that the index before this one gave the order of amounts and no place to begin in it.
"""

from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

_OF = "(CASE WHEN approved_fen IS NOT NULL THEN approved_fen ELSE investment_fen END)"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute(
            "DROP INDEX CONCURRENTLY IF EXISTS ix_projects_figure"
        )  # half built by an attempt broken off
        op.execute(
            f"CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_projects_figure ON projects (tenant_id, {_OF}, id)"
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_projects_amount")  # the new one does its work
        op.execute("SET lock_timeout = '5s'")
