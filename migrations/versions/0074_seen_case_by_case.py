"""Whether the province sees the case that a row belongs to is looked up for the rows that are read, one by one.

Of `EXISTS (SELECT FROM projects …)` PostgreSQL makes a list of all cases beforehand where it expects many rows, however
few a page has. With an OFFSET it cannot, and the rule is the same (docs/decisions/0250). Each policy is altered in a
transaction of its own: all at once would hold every one of these tables until the last.
"""

from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

_FENCED = r"""
DO $do$ DECLARE each record;
BEGIN
  FOR each IN SELECT tablename, policyname, qual FROM pg_policies WHERE schemaname = 'public' AND cmd = 'SELECT'
    AND roles = '{tj_province}' AND qual ~ '^\(EXISTS \( SELECT' AND qual !~ 'OFFSET' ORDER BY 1, 2
  LOOP
    EXECUTE format('ALTER POLICY %I ON %I USING (%s)', each.policyname, each.tablename,
      regexp_replace(each.qual, '\)\)$', ' OFFSET 0))'));
    COMMIT;
  END LOOP;
END $do$
"""


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(_FENCED)
