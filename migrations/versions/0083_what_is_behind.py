"""Which cases have other words than those by which the search finds them (decision 0276), by an index of its own.

Digest and flag are those of projects/snippets.py; the snippets themselves come with migration 0084.
"""

from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

_AWAY = (
    "(state NOT IN ('draft', 'need_draft', 'need_submitted', 'need_gatekept') AND NOT (state IN "
    "('need_returned', 'withdrawn') AND submissions = 0 AND origin = 'declared'))"
)
_FLAG = f"CASE WHEN {_AWAY} THEN 1::bigint ELSE 0::bigint END"
_BEHIND = f"(snipped_as IS DISTINCT FROM hashtextextended(search_key, {_FLAG}))"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE projects ADD COLUMN IF NOT EXISTS snipped_as BIGINT")
        op.execute("SET lock_timeout = 0")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_projects_behind")  # half built, broken off
        op.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_projects_behind ON projects (tenant_id, version, id) "
            f"WHERE {_BEHIND}"
        )
        op.execute("SET lock_timeout = '5s'")
