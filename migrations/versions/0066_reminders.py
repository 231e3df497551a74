"""Personal reminders: who wants them and where, what reached whom, what was sent; the two last go after thirty days."""

from migrations import tools

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

_CODE = "verified_at, code_at, code_tries, codes, codes_on"
_SETTINGS = f"channel, address, mode, hour, kinds, digest_on, changed_at, {_CODE}"
_MESSAGES = "body, state, attempts, next_attempt_at, ended_at, last_error"


def upgrade() -> None:
    tools.run_sql("0066_reminders.sql")
    names = ("reminder_settings", "reminder_marks", "reminder_messages")
    tools.isolate(*names)
    tools.estimate_alike(*names)
    tools.allow("tj_tenant", "reminder_settings", "SID", tools.TENANT, columns=_SETTINGS)
    tools.allow("tj_tenant", "reminder_marks", "SI", tools.TENANT, columns="message_id")
    tools.allow("tj_tenant", "reminder_messages", "SI", tools.TENANT, columns=_MESSAGES)
    # The worker looks over all tenants for what is owed or due, and deletes what is old.
    tools.allow("tj_relay", "reminder_settings", "S", "true")
    tools.allow("tj_relay", "reminder_marks", "S", "true")
    tools.allow("tj_relay", "reminder_messages", "S", "true")
    tools.allow("tj_relay", "reminder_marks", "D", "at < now() - interval '30 days'")
    tools.allow("tj_relay", "reminder_messages", "D", "created_at < now() - interval '30 days'")
