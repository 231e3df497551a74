"""Attachments: a row per file; the bytes lie in storage."""

from alembic import op

from migrations import tools

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What the owner adds while it works on a returned text is not declared yet (trap 13).
SEEN = (
    "EXISTS (SELECT FROM projects p WHERE p.tenant_id = documents.tenant_id AND p.id = project_id AND "
    "(p.state NOT IN ('returned', 'need_returned', 'in_library', 'lapsed', 'withdrawn') "
    "OR documents.at <= p.submitted_at OR documents.by_tenant <> documents.tenant_id))"
)


def upgrade() -> None:
    tools.run_sql("0008_documents.sql")
    tools.isolate("documents")
    tools.allow("tj_tenant", "documents", "S", tools.MINE, columns="removed_at, removed_by")
    tools.allow("tj_tenant", "documents", "I", f"{tools.MINE} AND {tools.acting('by_tenant')}")
    op.execute("GRANT SELECT, INSERT ON documents TO tj_province")
    tools.policy("tj_province", "documents", "SELECT", SEEN)
    tools.policy("tj_province", "documents", "INSERT", check=tools.acting("by_tenant"))
