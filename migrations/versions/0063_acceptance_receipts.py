"""Receipts of filed acceptances are papers too."""

from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE papers DROP CONSTRAINT ck_papers_kind")
    op.execute(
        "ALTER TABLE papers ADD CONSTRAINT ck_papers_kind "
        "CHECK (kind IN ('receipt', 'supplement', 'acceptance_receipt', 'evidence'))"
    )
