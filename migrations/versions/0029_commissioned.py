"""Whether a caller is narrowed to commissioned cases is asked in a form whose share of rows the planner does not guess.

An equality of settings is taken to hold for one row in two hundred, so lists over all tenants began to read every
case of a tenant and sort them. As a CASE the same rule counts as one row in two, and the lists keep their indexes.
"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_TENANT = "tenant_id = split_part(current_setting('app.scope', true), '/', 1)"
_OFFICE = "split_part(current_setting('app.scope', true), '/', 2) IN ('*', office_id::text)"
_KEY = "split_part(current_setting('app.scope', true), '/', 3)"
_COMMISSIONED = (
    "CASE WHEN coalesce(split_part(current_setting('app.scope', true), '/', 4), '') = '' "
    f"THEN true ELSE {_KEY} = ANY (agencies) END"
)
_DECLARED = (
    "state NOT IN ('draft', 'need_draft', 'need_submitted', 'need_gatekept') "
    "AND NOT (state IN ('need_returned', 'withdrawn') AND submissions = 0 AND origin = 'declared')"
)
_THEIRS = (
    "(split_part(current_setting('app.scope', true), '/', 2) = office_id::text "
    f"OR {_KEY} IN ('*', office_id::text) OR {_KEY} = '~' || client)"
)


def upgrade() -> None:
    op.execute(f"ALTER POLICY tj_province_select ON projects USING ({_DECLARED} AND {_COMMISSIONED})")
    op.execute(
        f"ALTER POLICY tj_tenant_select ON projects USING ({_TENANT} AND {_OFFICE} "
        f"AND (state NOT IN ('draft', 'need_draft') OR {_THEIRS}) AND {_COMMISSIONED})"
    )
