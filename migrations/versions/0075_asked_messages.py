"""A desk's messages that ask for a deed are found by an index: those that only tell are not read on the way to them."""

from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_inbox_asked_desk": "inbox (tenant_id, role, at DESC, id DESC) WHERE office_id IS NULL AND asked IS NOT NULL",
    "ix_inbox_asked_office": "inbox (tenant_id, role, office_id, at DESC, id DESC) "
    "WHERE office_id IS NOT NULL AND asked IS NOT NULL",
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
