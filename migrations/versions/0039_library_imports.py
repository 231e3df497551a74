"""Library entries of before the system: written by the province, read by their tenant, never changed once decided."""

from alembic import op

from migrations import tools

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_DECIDED = "state, decided_by, decided_at, reason, by_tenant, version"


def upgrade() -> None:
    tools.run_sql("0039_library_imports.sql")
    tools.isolate("library_imports")
    tools.allow("tj_tenant", "library_imports", "S", tools.TENANT)
    mine = tools.acting("by_tenant")
    op.execute("GRANT SELECT, INSERT ON library_imports TO tj_province")
    op.execute(f"GRANT UPDATE ({_DECIDED}) ON library_imports TO tj_province")
    tools.policy("tj_province", "library_imports", "SELECT", "true")
    tools.policy("tj_province", "library_imports", "INSERT", check=mine)
    tools.policy("tj_province", "library_imports", "UPDATE", "state = 'proposed'", mine)
