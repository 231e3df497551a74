"""What was asked and answered lately is found by its time: a reading of duties looks at what changed since the last."""

from alembic import op

from migrations import tools

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    tools.run_sql("0059_asked_lately.sql")
