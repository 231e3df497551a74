"""Failed sign-ins, counted per client, address and ten minutes until they become one audit entry (art. 39)."""

from migrations import tools
from migrations.tools import TENANT

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.run_sql("0026_logins.sql")
    tools.isolate("login_failures")
    tools.allow("tj_tenant", "login_failures", "SID", TENANT, columns="count, last_at")
    # The worker finds the tenants where something waits; it takes the rows in each tenant's own scope.
    tools.allow("tj_relay", "login_failures", "S", "true")
