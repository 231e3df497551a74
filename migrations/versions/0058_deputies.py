"""Who stands for an absent person, at which desk, on which days; it is ended by its day, or earlier by somebody."""

from migrations import tools

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.run_sql("0058_deputies.sql")
    tools.isolate("deputies")
    tools.allow("tj_tenant", "deputies", "SI", tools.TENANT, columns="ended_by, ended_at")
