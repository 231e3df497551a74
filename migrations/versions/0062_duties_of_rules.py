"""Duties are derived anew when the rules beside them changed: by how many changes they were derived is kept."""

from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE obligation_cases ADD COLUMN derived_rules integer")
    op.execute("GRANT UPDATE (derived_rules) ON obligation_cases TO tj_tenant")
