"""A duty names the documents that amended the figures it was worked out by; the next look tells them of older rows."""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE obligations ADD COLUMN amended_by TEXT[] NOT NULL DEFAULT '{}'::text[]")
    op.execute("GRANT UPDATE (amended_by) ON obligations TO tj_tenant")
