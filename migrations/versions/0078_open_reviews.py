"""Joint reviews that are open are found by an index of their own: few at any time.

Whether an organ's opinion is still awaited was looked for among all reviews of all years, once for each desk's list.
"""

from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute(
            "DROP INDEX CONCURRENTLY IF EXISTS ix_joint_reviews_open"
        )  # half built by an attempt broken off
        op.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_joint_reviews_open "
            "ON joint_reviews (tenant_id, project_id) WHERE status = 'open'"
        )
        op.execute("SET lock_timeout = '5s'")
