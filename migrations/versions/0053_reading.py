"""What a message is about and asks for; who of a desk has read it. Readings of before are kept as the one they were.

What messages of before ask for is not told: they only tell. `sql/0053_reading.sql` holds the table of the models.
"""

from alembic import op

from migrations import tools

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

_ABOUT = """
UPDATE inbox SET
  object_kind = CASE WHEN snapshot #>> '{obligation,id}' IS NOT NULL THEN 'obligation'
                     WHEN snapshot #>> '{project,id}' IS NOT NULL THEN 'project' ELSE 'adoption' END,
  object_id = coalesce(snapshot #>> '{obligation,id}', snapshot #>> '{project,id}', snapshot #>> '{subject,id}')
WHERE snapshot #>> '{project,id}' IS NOT NULL
   OR (kind LIKE 'adoption.%' AND role <> 'app_provider' AND snapshot #>> '{subject,id}' IS NOT NULL)
"""
_READ = """
INSERT INTO inbox_reads (tenant_id, message_id, reader, by, at)
SELECT tenant_id, id, split_part(read_by, ' via ', 1), read_by, read_at FROM inbox
WHERE read_at IS NOT NULL AND read_by IS NOT NULL
"""


def upgrade() -> None:
    for column in ("object_kind", "object_id", "asked"):
        op.execute(f"ALTER TABLE inbox ADD COLUMN {column} TEXT")
    tools.run_sql("0053_reading.sql")
    op.execute("ALTER TABLE inbox DISABLE ROW LEVEL SECURITY")  # the owner reads across tenants here, once
    op.execute(_ABOUT)
    op.execute(_READ)
    op.execute("ALTER TABLE inbox ENABLE ROW LEVEL SECURITY")
    tools.isolate("inbox_reads")
    tools.allow("tj_tenant", "inbox_reads", "SI", tools.TENANT)
