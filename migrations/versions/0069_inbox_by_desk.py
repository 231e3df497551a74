"""A desk's messages are found by an index, newest first: others' are not read on the way to them."""

from alembic import context, op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with context.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute(
            "DROP INDEX CONCURRENTLY IF EXISTS ix_inbox_desk"
        )  # half built by an attempt that was broken off
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_inbox_desk ON inbox (tenant_id, role, office_id, at DESC, id DESC)"
        )
        op.execute("SET lock_timeout = '5s'")
