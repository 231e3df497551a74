"""An index of the needs that were reported to the province: the figures of a round read them and nothing else."""

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX ix_projects_reported ON projects (tenant_id) WHERE dated ? 'need_reported'")
