"""What is not summed up of the summary is found by an index; that it is little PostgreSQL knows by statistics."""

from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

_COUNT, _FEN = "count - summed_count", "amount_fen - summed_fen"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute(
            "DROP INDEX CONCURRENTLY IF EXISTS ix_summary_unsummed"
        )  # half built by an attempt broken off
        op.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_summary_unsummed ON summary (tenant_id) "
            f"WHERE {_COUNT} <> 0 OR {_FEN} <> 0"
        )
        op.execute(
            f"CREATE STATISTICS IF NOT EXISTS st_summary_unsummed ON ({_COUNT}), ({_FEN}) FROM summary"
        )
        op.execute("ANALYZE summary")
        op.execute("SET lock_timeout = '5s'")
