"""Templates of drafts that offices put in the place of ours; rows are added, old files go."""

from migrations import tools

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.run_sql("0068_draft_templates.sql")
    tools.isolate("draft_templates")
    tools.estimate_alike("draft_templates")
    tools.allow("tj_tenant", "draft_templates", "SI", tools.TENANT, columns="content")
