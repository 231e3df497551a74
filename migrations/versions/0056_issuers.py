"""Identity providers of a tenant, and by whom and for which roles a session was vouched for."""

from alembic import op

from migrations import tools

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.run_sql("0056_issuers.sql")
    tools.isolate("issuers")
    tools.allow(
        "tj_tenant", "issuers", "SI", tools.WHOLE,
        columns="current, pending, disabled_at, confirmed_at, confirmed_by, version",
    )  # fmt: skip
    op.execute("ALTER TABLE sessions ADD COLUMN issuer text, ADD COLUMN client text, ADD COLUMN roles text[]")
    op.execute("ALTER TABLE sessions ADD COLUMN subject text, ADD COLUMN sid text, ADD COLUMN terms text")
    op.execute("CREATE INDEX ix_sessions_subject ON sessions (tenant_id, issuer, subject)")
