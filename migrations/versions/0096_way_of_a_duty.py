"""A duty says which way its case goes; of a tenant stands when all of it was looked at last (docs/decisions/0310).

Rows of before say no way until they are derived next: the worker's daily look derives every duty that is owed. Until
then, and of what the version before writes, a reading asks the case.
"""

from alembic import op

from migrations import tools

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE obligations ADD COLUMN route TEXT NOT NULL DEFAULT ''")
    op.execute("GRANT UPDATE (route) ON obligations TO tj_tenant")
    tools.run_sql("0096_looks.sql")
    tools.isolate("obligation_looks")
    tools.estimate_alike("obligation_looks")
    tools.allow("tj_tenant", "obligation_looks", "SI", tools.WHOLE, columns="day, at, rules")
