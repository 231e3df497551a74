"""Existing systems of offices."""

from migrations import tools

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.run_sql("0014_portfolio.sql")
    tools.isolate("systems")
    tools.allow(
        "tj_tenant", "systems", "SI", tools.MINE,
        columns="name, purpose, on_cloud, network, protection_level, launched_on, yearly_maintenance_fen, status, "
        "updated_at, version",
    )  # fmt: skip
    tools.allow("tj_province", "systems", "S", "true")
