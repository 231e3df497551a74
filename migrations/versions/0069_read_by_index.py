"""A desk's messages and the experts of a case are found by an index: others' are not read on the way to them.

Of `office_id IS NULL` PostgreSQL does not conclude that an index with the office in it is in the order of what follows:
messages for all of a tenant and those for one office have an index each.
"""

from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_inbox_desk": "inbox (tenant_id, role, at DESC, id DESC) WHERE office_id IS NULL",
    "ix_inbox_office": "inbox (tenant_id, role, office_id, at DESC, id DESC) WHERE office_id IS NOT NULL",
    "ix_appraisal_experts_project": "appraisal_experts (tenant_id, project_id)",
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for name, of in _INDEXES.items():
            op.execute(
                f"DROP INDEX CONCURRENTLY IF EXISTS {name}"
            )  # half built by an attempt that was broken off
            op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {of}")
        op.execute("SET lock_timeout = '5s'")
