"""A message may be for one person of a desk: drawn experts share a role, and each has to score himself."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE inbox ADD COLUMN user_id UUID")
