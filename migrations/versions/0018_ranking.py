"""The owner's tag or plan item moves its entry in the library's order (arts 8, 16): its login may say so of its own."""

from alembic import op

from migrations import tools
from migrations.tools import MINE

revision = "0018"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT UPDATE (in_plan, plan_item, priority, rank) ON library_entries TO tj_tenant")
    tools.policy("tj_tenant", "library_entries", "UPDATE", MINE, MINE)
