"""Duties that follow from questions on filings and opinions are read where these live: how many had been said as of the
last derivation is kept, what events told of them (obligation_notes) is not."""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE obligation_cases ADD COLUMN derived_told integer")
    op.execute("GRANT UPDATE (derived_told) ON obligation_cases TO tj_tenant")
    op.execute("DROP TABLE obligation_notes")
