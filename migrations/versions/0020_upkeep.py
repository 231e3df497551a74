"""What is old goes in slices by its own indexes, and only what is old; a database once seeded as a demo says so.

The worker's login may delete deliveries, feed entries and read messages of more than 400 days: the age stands in the
policies, by the database's clock. Demo databases of before are known by what the demo's seed has left in them.
"""

from alembic import context, op

from migrations import tools

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

AGE = "now() - interval '400 days'"
OLD = {
    "webhook_deliveries": f"state <> 'pending' AND created_at < {AGE}",
    "event_feed": f"at < {AGE}",
    "inbox": f"read_at IS NOT NULL AND at < {AGE}",
}
INDEXES = {
    "ix_outbox_done": "outbox (tenant_id, done_at) WHERE done_at IS NOT NULL",
    "ix_webhook_deliveries_ended": "webhook_deliveries (tenant_id, created_at) WHERE state <> 'pending'",
    "ix_assertion_uses_expired": "assertion_uses (tenant_id, expires_at)",
}


def _indexes() -> None:
    """Beside the running service: these tables may hold millions of rows, and nobody waits for the building."""
    with context.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for name, on in INDEXES.items():
            op.execute(f"DROP INDEX IF EXISTS {name}")  # half built by an attempt that was broken off
            op.execute(f"CREATE INDEX CONCURRENTLY {name} ON {on}")
        op.execute("SET lock_timeout = '5s'")


def _deleting() -> None:
    for table, rule in OLD.items():
        if table == "webhook_deliveries":  # read by the worker whatever their age (migration 0003)
            tools.allow("tj_relay", table, "D", rule)
            continue
        op.execute(f"GRANT SELECT, DELETE ON {table} TO tj_relay")
        for verb in ("SELECT", "DELETE"):  # beside the policies of the erasing (migration 0015)
            op.execute(
                f"CREATE POLICY tj_relay_old_{verb.lower()} ON {table} FOR {verb} TO tj_relay USING ({rule})"
            )


def _demo() -> None:
    op.execute("ALTER TABLE tenant_local ADD COLUMN demo BOOLEAN NOT NULL DEFAULT false")
    for table in ("role_grants", "clients"):  # the owner reads across tenants here, once
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE tenant_local t SET demo = true "
        "WHERE EXISTS (SELECT FROM role_grants g WHERE g.tenant_id = t.tenant_id AND g.granted_by = 'seed') "
        "OR EXISTS (SELECT FROM clients c WHERE c.tenant_id = t.tenant_id AND c.name = '演示门户')"
    )
    for table in ("role_grants", "clients"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def upgrade() -> None:
    _deleting()
    _demo()
    _indexes()
