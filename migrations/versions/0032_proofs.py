"""The audit trail of one case is found by an index: its entries hold the digests of what was written of it."""

from alembic import context, op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with context.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute(
            "DROP INDEX IF EXISTS ix_audit_entries_object"
        )  # half built by an attempt that was broken off
        op.execute(
            "CREATE INDEX CONCURRENTLY ix_audit_entries_object ON audit_entries (tenant_id, object_id, at)"
        )
        op.execute("SET lock_timeout = '5s'")
