"""What was issued as PDF, for checking it (docs/decisions/0200); an erasing takes the bytes and says withdrawn."""

from alembic import op

from migrations import tools

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

_ERASED = (
    "EXISTS (SELECT FROM spills z WHERE z.state = 'confirmed' AND z.tenant_id = papers.tenant_id "
    "AND z.project_id = papers.project_id)"
)


def upgrade() -> None:
    tools.run_sql("0055_papers.sql")
    tools.isolate("papers")
    tools.allow("tj_tenant", "papers", "SI", tools.WHOLE)
    op.execute("GRANT SELECT, UPDATE (content, withdrawn_at) ON papers TO tj_relay")
    tools.policy("tj_relay", "papers", "SELECT", _ERASED)
    tools.policy("tj_relay", "papers", "UPDATE", _ERASED, _ERASED)
