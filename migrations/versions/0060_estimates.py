"""Rows of a tenant are estimated alike for every tenant, also for the one not known yet when a plan is made.

Plans are made before the scope is set, so PostgreSQL estimates for a value that no row has. From a complete list of the
tenants it concludes that there is no such row; from a list of one (statistics target 1) that it is one of the others.
"""

from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

_ISOLATED = """
DO $$ DECLARE each regclass; BEGIN
  FOR each IN SELECT c.oid FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
    WHERE c.relkind = 'r' AND c.relrowsecurity AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN tenant_id SET STATISTICS 1', each);
    EXECUTE format('ANALYZE %s (tenant_id)', each);
  END LOOP;
END $$
"""


def upgrade() -> None:
    op.execute(_ISOLATED)
