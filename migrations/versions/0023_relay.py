"""The relay's bookkeeping: progress per subscriber, dead letters, lanes of their own; the health of endpoints.

And how many alike projects a capped group leaves out (art. 8).
"""

from alembic import context, op

from migrations import tools

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE outbox ADD COLUMN handed text[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE outbox ADD COLUMN dead_at timestamptz")
    op.execute("GRANT UPDATE (handed, dead_at) ON outbox TO tj_relay")
    op.execute("DROP INDEX ix_outbox_due")
    op.execute(
        "CREATE INDEX ix_outbox_due ON outbox (tenant_id, next_attempt_at, id) "
        "WHERE done_at IS NULL AND dead_at IS NULL"
    )
    op.execute("CREATE INDEX ix_outbox_dead ON outbox (tenant_id, dead_at) WHERE dead_at IS NOT NULL")
    tools.run_sql("0023_relay.sql")
    tools.isolate("outbox_work", "webhook_health")
    tools.allow(
        "tj_relay", "outbox_work", "SID", "true",
        columns="attempts, next_attempt_at, handed, last_error, dead_at",
    )  # fmt: skip
    tools.allow(
        "tj_tenant", "webhook_health", "SI", tools.WHOLE,
        columns="pace, failures, failing_since, paused_until, told_at",
    )  # fmt: skip
    op.execute("ALTER TABLE suspicions ADD COLUMN beyond integer NOT NULL DEFAULT 0")
    op.execute("GRANT UPDATE (beyond) ON suspicions TO tj_tenant")
    _newest_first()


def _newest_first() -> None:
    """Within a day too, since what is read under a key is limited. Beside the running service, as in 0020."""
    with context.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for name, columns in (("token", "token"), ("office", "office_id, token")):
            kept = f"ix_similarity_keys_{name}"
            op.execute(f"DROP INDEX IF EXISTS {kept}_new")  # half built by an attempt that was broken off
            op.execute(
                f"CREATE INDEX CONCURRENTLY {kept}_new ON similarity_keys "
                f"(tenant_id, {columns}, day DESC, project_id DESC)"
            )
            op.execute(f"DROP INDEX {kept}")
            op.execute(f"ALTER INDEX {kept}_new RENAME TO {kept}")
        op.execute("SET lock_timeout = '5s'")
