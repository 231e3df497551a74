"""Leases: what one worker of several does at a time, with a fence against one that comes late (decision 0234)."""

from migrations import tools

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.run_sql("0064_leases.sql")
    tools.isolate("leases")
    tools.estimate_alike("leases")
    tools.allow("tj_relay", "leases", "SI", "true", columns="holder, fence, until")
