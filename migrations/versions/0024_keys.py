"""Comparison keys of names, made by PostgreSQL: what looks the same is found, and is there once (docs/text.md).

Where rows of before share a key already, they stay: the index leaves all but the first of them out, by id.
"""

from alembic import op

from migrations import tools

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

# Index, table, the columns that are unique together.
_UNIQUE = (
    ("uq_offices_name_key", "offices", "tenant_id, division, name_key"),
    ("uq_experts_person_key", "experts", "tenant_id, person_key"),
)
_INDEX = """
DO $$ DECLARE twins text; BEGIN
  SELECT string_agg(quote_literal(id::text), ', ' ORDER BY id) INTO twins FROM (
    SELECT id, row_number() OVER (PARTITION BY {columns} ORDER BY id) AS place FROM {table}
  ) AS numbered WHERE place > 1;
  EXECUTE 'CREATE UNIQUE INDEX {name} ON {table} ({columns})'
    || coalesce(' WHERE id <> ALL (ARRAY[' || twins || ']\\:\\:uuid[])', '');
END $$
"""


def upgrade() -> None:
    op.execute("ALTER TABLE experts ADD COLUMN told_apart TEXT NOT NULL DEFAULT ''")
    op.execute("GRANT UPDATE (told_apart) ON experts TO tj_tenant")
    tools.run_sql("0024_keys.sql")
    for name, table, columns in _UNIQUE:
        op.execute(
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
        )  # the owner reads across tenants here, once
        op.execute(_INDEX.format(name=name, table=table, columns=columns))
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
