"""A database says that it is a sandbox's."""

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE tenant_local ADD COLUMN sandbox BOOLEAN NOT NULL DEFAULT false")
