"""What of a file was not read, beside `checked`: files of before keep an empty list."""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE documents ADD COLUMN notes text NOT NULL DEFAULT ''")
