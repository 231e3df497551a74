"""People signed in with a browser: the digest of the cookie, whose, since when, last seen when."""

from migrations import tools

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.run_sql("0048_sessions.sql")
    tools.isolate("sessions")
    tools.allow("tj_tenant", "sessions", "SID", tools.TENANT, columns="seen_at")
    tools.allow("tj_relay", "sessions", "SD", "made_at < now() - interval '1 day'")
