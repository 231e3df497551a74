"""An approval is corrected by its next edition; an owner takes back what nobody appraised yet, wherever it lies.

The pen of the tenants' login opens for that: until the approval the province's desk has it, while the owner withdraws
(arts 14, 18) and the city's finance says what it can afford (art. 9). What may be done stays the lifecycle table's.
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_MINE = (
    "tenant_id = split_part(current_setting('app.scope', true), '/', 1) "
    "AND split_part(current_setting('app.scope', true), '/', 2) IN ('*', office_id::text)"
)
_PEN = (
    "(holder <> 'province' OR state IN ('acceptance_applied', 'need_reported', 'with_province', 'in_joint_review', "
    "'leading_group_decided'))"
)

# What the province's organs do without the pen; since 0030 in `city_approved` too (arts 23, 41).
_PENLESS = (
    "state IN ('approved', 'budgeted', 'city_approved', 'filed', 'started', 'trial_run', 'final_inspected', "
    "'acceptance_applied', 'acceptance_delegated', 'accepted', 'evaluated', 'suspended') "
    "OR (state IN ('in_library', 'returned', 'need_returned') AND route = 'provincial_review')"
)


def upgrade() -> None:
    op.execute("ALTER TABLE approvals ADD COLUMN edition INTEGER NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE approvals DROP CONSTRAINT pk_approvals")
    op.execute(
        "ALTER TABLE approvals ADD CONSTRAINT pk_approvals PRIMARY KEY (tenant_id, project_id, edition)"
    )
    op.execute(f"ALTER POLICY tj_tenant_update ON projects USING ({_MINE} AND {_PEN})")
    op.execute(f"ALTER POLICY tj_province_update ON projects USING (holder = 'province' OR {_PENLESS})")
