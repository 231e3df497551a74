"""Cases that are in no watched figures yet, and those to be derived anew, are found by indexes: few at any time."""

from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_obligation_cases_unwatched": "obligation_cases (tenant_id, project_id) WHERE watched IS NULL",
    "ix_obligation_cases_underived": "obligation_cases (tenant_id, project_id) WHERE derived_version IS NULL",
}


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        for name, of in _INDEXES.items():
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")  # half built by an attempt broken off
            op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {of}")
        op.execute("SET lock_timeout = '5s'")
