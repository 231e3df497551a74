"""What the list of cases is found and sorted by: numbers, amount, time in a state, what is due."""

from alembic import op

from migrations import tools

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE projects DROP COLUMN search_key")
    tools.run_sql("0050_lists.sql")
