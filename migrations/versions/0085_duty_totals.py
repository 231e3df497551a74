"""Running totals of duties (docs/decisions/0274). Cases of before are counted by the worker, which begins with it.

Until it is done a reading counts one by one, as it did: `counted_for` says of each case whether it is in the totals.
"""

from alembic import op

from migrations import tools

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

_FIGURES = "open, lapsed, paused, soon, done, done_late"
_SEEN = "reach = 'province'"  # what row level security shows the province of `projects`


def upgrade() -> None:
    tools.run_sql("0085_duty_totals.sql")
    names = ("duty_totals", "duty_deltas")
    tools.isolate(*names)
    tools.estimate_alike(*names)
    # Figures are of whole tenants: nobody who is bound to one office reads them.
    tools.allow("tj_tenant", "duty_deltas", "SI", tools.WHOLE)
    tools.allow("tj_tenant", "duty_totals", "S", tools.WHOLE)
    for name in names:
        tools.allow("tj_province", name, "S", _SEEN)
    tools.allow("tj_relay", "duty_deltas", "SD", "true")
    tools.allow("tj_relay", "duty_totals", "SI", "true", columns=_FIGURES)
    op.execute("ALTER TABLE obligation_cases ADD COLUMN counted_for TEXT")
    op.execute("GRANT UPDATE (counted_for) ON obligation_cases TO tj_tenant")
