"""A client is in force once the security administrator confirmed it, and vouches for named roles only; locked people.

Clients of before count as confirmed, for every role but those that manage (administrator, security_admin): these sign
in through the client that `tongjian bootstrap` makes, run once per tenant after this.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# The roles of people when this was written, without those that manage.
_VOUCHED = (
    "'{office,drc,finance,supervisor,department,leading_group_secretary,agency,expert,info_centre,cyber,"
    "public_security,crypto_organ,data_office,secrecy,archives,auditor,app_provider,gatekeeper,approver,unit,user}'"
)


def upgrade() -> None:
    op.execute(
        "ALTER TABLE clients ADD COLUMN vouch_roles TEXT[] NOT NULL DEFAULT '{}'::text[], "
        "ADD COLUMN sign_in JSONB, ADD COLUMN pending JSONB, "
        "ADD COLUMN confirmed_at TIMESTAMP WITH TIME ZONE, ADD COLUMN confirmed_by TEXT"
    )
    op.execute("ALTER TABLE users ADD COLUMN locked_at TIMESTAMP WITH TIME ZONE")
    op.execute("GRANT UPDATE (locked_at) ON users TO tj_tenant")
    op.execute(
        "GRANT UPDATE (vouch_roles, sign_in, pending, confirmed_at, confirmed_by) ON clients TO tj_tenant"
    )
    op.execute("ALTER TABLE clients DISABLE ROW LEVEL SECURITY")
    op.execute(
        f"UPDATE clients SET confirmed_at = created_at, confirmed_by = 'migration', vouch_roles = {_VOUCHED}"
    )
    op.execute("ALTER TABLE clients ENABLE ROW LEVEL SECURITY")
