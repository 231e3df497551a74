"""A person's own sessions: from where, when he proved who he is, and which rows are a portal's codes not used yet."""

from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE sessions ADD COLUMN address text, ADD COLUMN proved_at timestamptz, "
        "ADD COLUMN handed boolean NOT NULL DEFAULT false"
    )
