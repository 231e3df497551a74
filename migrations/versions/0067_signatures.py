"""Attachments tell what electronic signatures they carry: how many, and who they say has signed."""

from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE documents ADD COLUMN signatures integer")
    op.execute("ALTER TABLE documents ADD COLUMN signers text DEFAULT '' NOT NULL")
    op.execute("GRANT UPDATE (signers) ON documents TO tj_relay")
