"""A filing is a fact of its case, beside the state; what a city approved is the owner's to begin (arts 13, 23)."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_ENDED = "'retired', 'withdrawn', 'terminated', 'funds_recalled'"


def upgrade() -> None:
    op.execute("ALTER TABLE projects DISABLE ROW LEVEL SECURITY")  # the owner reads across tenants here, once
    op.execute(
        "UPDATE projects SET dated = dated || jsonb_build_object('filed', jsonb_build_object("
        "'on', to_char(filed_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'), 'number', filing_number)) "
        "WHERE filed_at IS NOT NULL"
    )
    # A project that was brought along as filed says so by its document.
    op.execute(
        "UPDATE projects SET dated = dated || jsonb_build_object('filed', jsonb_build_object("
        "'on', dated #> '{approved,on}', 'number', NULL)) "
        "WHERE state = 'filed' AND filed_at IS NULL AND dated ? 'approved'"
    )
    op.execute("UPDATE projects SET holder = 'owner' WHERE state = 'city_approved'")
    op.execute("ALTER TABLE projects ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE INDEX ix_projects_unfiled ON projects (tenant_id) WHERE route = 'city_filing' "
        f"AND filed_at IS NULL AND approved_at IS NOT NULL AND state NOT IN ({_ENDED})"
    )
