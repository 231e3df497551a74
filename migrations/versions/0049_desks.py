"""What waits for a desk is read by indexes: since when a case is in its state, and what is open of each kind.

`entered_at` of cases of before comes from their history; it is no part of what proves a case: its steps are.
`sql/0049_desks.sql` holds the indexes of the models.
"""

from alembic import op

from migrations import tools

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

_READ = ("projects", "transitions", "obligations")
_ENTERED = """
UPDATE projects SET entered_at = coalesce(
  (SELECT max(t.at) FROM transitions t WHERE t.tenant_id = projects.tenant_id AND t.project_id = projects.id
   AND t.to_state = projects.state AND t.from_state <> t.to_state), projects.created_at)
"""


def upgrade() -> None:
    op.execute("ALTER TABLE projects ADD COLUMN entered_at TIMESTAMPTZ NOT NULL DEFAULT now()")
    op.execute("GRANT UPDATE (entered_at) ON projects TO tj_tenant, tj_province")
    op.execute("ALTER TABLE obligations ADD COLUMN desk TEXT NOT NULL DEFAULT ''")
    op.execute("GRANT UPDATE (desk) ON obligations TO tj_tenant")
    for table in _READ:  # the owner reads across tenants here, once
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute(_ENTERED)
    op.execute("UPDATE obligations SET desk = duty_tier || '.' || array_to_string(duty_roles, '+')")
    for table in _READ:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    # The province's readers are told what was derived of which version, so that lists over all tenants look once.
    seen = (
        "EXISTS (SELECT FROM projects p WHERE p.tenant_id = obligation_cases.tenant_id AND p.id = project_id)"
    )
    tools.allow("tj_province", "obligation_cases", "S", seen)
    tools.run_sql("0049_desks.sql")
