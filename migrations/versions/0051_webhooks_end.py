"""Administrators delete an endpoint of their own tenant, with its deliveries and what is known of its answering."""

from alembic import op

from migrations import tools

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("webhook_endpoints", "webhook_deliveries", "webhook_health"):
        op.execute(f"GRANT DELETE ON {table} TO tj_tenant")
        tools.policy("tj_tenant", table, "DELETE", tools.WHOLE)
