"""The owner's tag or plan item moves its entry in the library's order (arts 8, 16): its login may say so of its own.

And the province's login may see in which of its own offices a person sits: an appraisal is the commissioned agency's
(art. 18). Nothing else of people, and nobody of another tenant.
"""

from alembic import op

from migrations import tools
from migrations.tools import MINE, acting

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT UPDATE (in_plan, plan_item, priority, rank) ON library_entries TO tj_tenant")
    tools.policy("tj_tenant", "library_entries", "UPDATE", MINE, MINE)
    op.execute("GRANT SELECT (tenant_id, id, office_id) ON users TO tj_province")
    tools.policy("tj_province", "users", "SELECT", acting("tenant_id"))
