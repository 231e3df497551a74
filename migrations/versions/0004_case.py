"""The case's dated facts and origin, what phases record of it; needs are hidden like drafts until they are reported."""

from alembic import op

from migrations import tools

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What has not left its city yet is nobody's outside (trap 13).
_DECLARED = "state NOT IN ('draft', 'need_draft', 'need_submitted', 'need_gatekept')"
# Acts of the province's organs that need no pen: confirmations, budgets, orders, on what was approved (art. 41).
_AFTER_APPROVAL = (
    "state IN ('approved', 'budgeted', 'filed', 'started', 'trial_run', 'final_inspected', 'acceptance_applied', "
    "'acceptance_delegated', 'accepted', 'evaluated', 'suspended', 'in_library', 'returned', 'need_returned')"
)


def upgrade() -> None:
    op.execute("ALTER TABLE projects ADD COLUMN dated JSONB NOT NULL DEFAULT '{}'::jsonb")
    op.execute("ALTER TABLE projects ADD COLUMN origin TEXT NOT NULL DEFAULT 'declared'")
    op.execute(
        "ALTER TABLE projects ADD CONSTRAINT ck_projects_origin CHECK (origin IN ('declared', 'imported'))"
    )
    op.execute("GRANT UPDATE (dated) ON projects TO tj_tenant, tj_province")
    for name in (
        "tj_tenant_insert",
        "tj_tenant_update",
        "tj_tenant_delete",
        "tj_province_select",
        "tj_province_update",
    ):
        op.execute(f"DROP POLICY {name} ON projects")
    new = "state IN ('draft', 'need_draft')"
    tools.policy("tj_tenant", "projects", "INSERT", check=f"{tools.MINE} AND ({new} OR origin = 'imported')")
    # An acceptance lies with the province's desk, while its owner goes on recording what happens (arts 25, 28, 39).
    pen = "(holder <> 'province' OR state = 'acceptance_applied')"
    tools.policy("tj_tenant", "projects", "UPDATE", f"{tools.MINE} AND {pen}", tools.MINE)
    tools.policy("tj_tenant", "projects", "DELETE", f"{tools.MINE} AND {new}")
    tools.policy("tj_province", "projects", "SELECT", _DECLARED)
    tools.policy("tj_province", "projects", "UPDATE", f"holder = 'province' OR {_AFTER_APPROVAL}", _DECLARED)
    tools.run_sql("0004_case.sql")
    tools.isolate("project_records")
    tools.allow("tj_tenant", "project_records", "S", tools.MINE)
    tools.allow("tj_tenant", "project_records", "I", f"{tools.MINE} AND {tools.acting('by_tenant')}")
    seen = (
        "EXISTS (SELECT FROM projects p WHERE p.tenant_id = project_records.tenant_id AND p.id = project_id)"
    )
    op.execute("GRANT SELECT, INSERT ON project_records TO tj_province")
    tools.policy("tj_province", "project_records", "SELECT", seen)
    tools.policy("tj_province", "project_records", "INSERT", check=tools.acting("by_tenant"))
