"""Erasing what must not have been kept (art. 14): only where two people said so, only by the worker.

Every policy asks for a confirmed spill of the very case whose row it is; without one the worker's login neither reads
nor changes the row. `sql/0015_erasing.json` comes from `python -m service.portfolio.erasure_plan`.
"""

import json

from alembic import op

from migrations import tools
from migrations.tools import WHOLE, acting

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CONFIRMED = "EXISTS (SELECT FROM spills z WHERE z.state = 'confirmed' AND ({0}))"
# What the worker reads and deletes already, whatever it is about (migration 0003).
READS = ("outbox", "idempotency", "webhook_deliveries", "app_entries", "app_uses", "summary_deltas")
DELETES = ("outbox", "idempotency")
CONFIRMING = "state, confirmed_by, confirmed_tenant, confirmed_user, confirmed_at"


def _spills() -> None:
    tools.run_sql("0015_spills.sql")
    tools.isolate("spills")
    asked = f"state = 'requested' AND {acting('requested_tenant')}"
    said = f"state = 'confirmed' AND {acting('confirmed_tenant')}"
    op.execute("GRANT SELECT, INSERT ON spills TO tj_tenant, tj_province")
    op.execute(f"GRANT UPDATE ({CONFIRMING}) ON spills TO tj_tenant, tj_province")
    tools.policy("tj_tenant", "spills", "SELECT", WHOLE)
    tools.policy("tj_tenant", "spills", "INSERT", check=f"{WHOLE} AND {asked}")
    tools.policy("tj_tenant", "spills", "UPDATE", f"{WHOLE} AND state = 'requested'", f"{WHOLE} AND {said}")
    tools.policy("tj_province", "spills", "SELECT", "true")
    tools.policy("tj_province", "spills", "INSERT", check=asked)
    tools.policy("tj_province", "spills", "UPDATE", "state = 'requested'", said)
    op.execute("GRANT SELECT ON spills TO tj_relay")
    op.execute("GRANT UPDATE (state, erased_at, purged_at) ON spills TO tj_relay")
    tools.policy("tj_relay", "spills", "SELECT", "true")
    tools.policy(
        "tj_relay",
        "spills",
        "UPDATE",
        "state = 'confirmed'",
        "state IN ('confirmed', 'purged') AND erased_at IS NOT NULL",
    )


def _erasing() -> None:
    for each in json.loads((tools.SQL / "0015_erasing.json").read_text(encoding="utf-8")):
        table = each["table"]
        rule = CONFIRMED.format(each["where"])
        check = rule
        if each["tombstone"]:  # the new row no longer names the case
            check = CONFIRMED.format(f"z.id::text = {table}.{each['tombstone']} ->> 'purged'")
        if table not in READS:
            op.execute(f"GRANT SELECT ON {table} TO tj_relay")
            # What an update leaves behind must be readable too.
            tools.policy("tj_relay", table, "SELECT", rule if check == rule else f"{rule} OR {check}")
        if each["update"]:
            op.execute(f"GRANT UPDATE ({', '.join(each['update'])}) ON {table} TO tj_relay")
            tools.policy("tj_relay", table, "UPDATE", rule, check)
        if each["delete"] and table not in DELETES:
            op.execute(f"GRANT DELETE ON {table} TO tj_relay")
            tools.policy("tj_relay", table, "DELETE", rule)


def _telling() -> None:
    """The worker closes the case, counts it over and says so: nothing else of its kind, and nothing of another case."""
    same = "z.tenant_id = {0}.tenant_id AND z.project_id = {0}.project_id"
    told = {
        "transitions": f"{same.format('transitions')} AND transitions.action = 'purge'",
        "summary_deltas": "z.tenant_id = summary_deltas.tenant_id AND z.erased_at IS NULL",
        "audit_entries": "z.tenant_id = audit_entries.tenant_id AND audit_entries.action = 'spill.purge' "
        "AND audit_entries.object_id = z.id::text",
        "outbox": "z.tenant_id = outbox.tenant_id AND outbox.kind = 'spill.purged'",
    }
    for table, rule in told.items():
        op.execute(f"GRANT INSERT ON {table} TO tj_relay")
        tools.policy("tj_relay", table, "INSERT", check=CONFIRMED.format(rule))


def upgrade() -> None:
    _spills()
    _erasing()
    _telling()
