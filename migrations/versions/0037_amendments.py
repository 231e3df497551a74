"""Amendments of the rules and what the second person said to them: append-only, nobody may update or delete."""

from alembic import op

from migrations import tools

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.run_sql("0037_amendments.sql")
    for name in ("amendments", "amendment_decisions"):
        op.execute(f"GRANT SELECT ON {name} TO tj_tenant, tj_province, tj_relay")
        op.execute(f"GRANT INSERT ON {name} TO tj_province")
