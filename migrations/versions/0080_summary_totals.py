"""Totals over all months beside the summary's cells of months; the cells note how much of them stands there.

Nothing is filled: what is not noted yet counts as changed, and the next fold sums it up. What a worker of the version
before folds into the cells is seen as changed in the same way (docs/decisions/0280).
"""

from alembic import op

from migrations import tools

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.run_sql("0080_summary_totals.sql")
    tools.isolate("summary_totals")
    tools.estimate_alike("summary_totals")
    tools.allow("tj_tenant", "summary_totals", "S", tools.TENANT)
    tools.allow("tj_province", "summary_totals", "S", "true")
    tools.allow("tj_relay", "summary_totals", "SI", "true", columns="count, amount_fen")
    op.execute("ALTER TABLE summary ADD COLUMN summed_count bigint NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE summary ADD COLUMN summed_fen bigint NOT NULL DEFAULT 0")
    op.execute("GRANT UPDATE (summed_count, summed_fen) ON summary TO tj_relay")
