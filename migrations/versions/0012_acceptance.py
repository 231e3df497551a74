"""Acceptance filings, rectification orders, maintenance plans and proposals: tables, grants, policies.

An order lives in the tenant of its project and names the organ's tenant: the province writes and closes its own only.
"""

from migrations import tools
from migrations.tools import MINE, WHOLE, acting

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ORDER = "state, answer, evidence, answered_on, finding, closed_on"
DECISION = "arranged_fen, opinions, note, decided_by, decided_at"


def upgrade() -> None:
    tools.run_sql("0012_acceptance.sql")
    tools.isolate(
        "acceptance_filings",
        "rectification_orders",
        "maintenance_plans",
        "maintenance_plan_reviews",
        "maintenance_proposals",
    )
    tools.allow("tj_tenant", "acceptance_filings", "SI", MINE)
    tools.allow("tj_province", "acceptance_filings", "S", "true")
    tools.allow("tj_tenant", "rectification_orders", "S", MINE, columns=ORDER)
    tools.allow("tj_tenant", "rectification_orders", "I", f"{MINE} AND {acting('by_tenant')}")
    tools.allow("tj_province", "rectification_orders", "S", "true")
    tools.allow("tj_province", "rectification_orders", "I", acting("by_tenant"), columns=ORDER)
    # Nobody who is bound to one office reviews plans of the whole tenant.
    tools.allow("tj_tenant", "maintenance_plans", "SI", WHOLE)
    tools.allow("tj_tenant", "maintenance_plan_reviews", "SI", WHOLE)
    tools.allow("tj_tenant", "maintenance_proposals", "SI", MINE, columns=DECISION)
    # The province's organs propose for the departments; across tenants they see what is theirs.
    tools.allow("tj_province", "maintenance_proposals", "SI", acting("by_tenant"))
