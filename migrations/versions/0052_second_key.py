"""A client has two public keys while they change."""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE clients ADD COLUMN second_jwk JSONB")
    op.execute("GRANT UPDATE (second_jwk) ON clients TO tj_tenant")
