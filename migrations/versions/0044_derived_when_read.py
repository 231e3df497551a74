"""When the duties of a case were derived last, and of which version: what a reading finds behind it derives anew."""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE obligation_cases ADD COLUMN derived_on date, ADD COLUMN derived_version integer")
    op.execute("GRANT UPDATE (derived_on, derived_version) ON obligation_cases TO tj_tenant")
