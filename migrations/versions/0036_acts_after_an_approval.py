"""The province's organs act on what a city approved and has not filed, and on maintenance whose term is over.

As the lifecycle table has it (arts 23, 36, 39-41): beside the states of migration 0017.
"""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

PENLESS = (
    "state IN ('approved', 'budgeted', 'city_approved', 'filed', 'started', 'trial_run', 'term_ended', "
    "'final_inspected', 'acceptance_applied', 'acceptance_delegated', 'accepted', 'evaluated', 'suspended') "
    "OR (state IN ('in_library', 'returned', 'need_returned') AND route = 'provincial_review')"
)


def upgrade() -> None:
    op.execute(f"ALTER POLICY tj_province_update ON projects USING (holder = 'province' OR {PENLESS})")
