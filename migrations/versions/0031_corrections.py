"""An approval is corrected by its next edition; an owner takes back what nobody appraised yet, wherever it lies.

The pen of the tenants' login opens for that: until the approval the province's desk has it, while the owner withdraws
(arts 14, 18) and the city's finance says what it can afford (art. 9). What may be done stays the lifecycle table's.
"""

from alembic import op

revision = "0031"
down_revision = "0030"
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


def upgrade() -> None:
    op.execute("ALTER TABLE approvals ADD COLUMN edition INTEGER NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE approvals DROP CONSTRAINT pk_approvals")
    op.execute(
        "ALTER TABLE approvals ADD CONSTRAINT pk_approvals PRIMARY KEY (tenant_id, project_id, edition)"
    )
    op.execute(f"ALTER POLICY tj_tenant_update ON projects USING ({_MINE} AND {_PEN})")
