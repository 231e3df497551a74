"""Erasing reaches messages that name a case by its filing, app or plan only, and its name inside a plan (art. 14).

`sql/0017_erasing.json` comes from `python -m service.portfolio.erasure_plan inbox event_feed webhook_deliveries
maintenance_plans`; the policies of migration 0015 on these tables become wider by what it says now.
"""

import json

from alembic import op

from migrations import tools

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

CONFIRMED = "EXISTS (SELECT FROM spills z WHERE z.state = 'confirmed' AND ({0}))"
READS = ("webhook_deliveries",)  # the worker reads them whatever they are about (migration 0003)


def upgrade() -> None:
    for each in json.loads((tools.SQL / "0017_erasing.json").read_text(encoding="utf-8")):
        table, rule = each["table"], CONFIRMED.format(each["where"])
        check = rule
        if each["tombstone"]:
            check = CONFIRMED.format(f"z.id::text = {table}.{each['tombstone']} ->> 'purged'")
        if table not in READS:
            seen = rule if check == rule else f"{rule} OR {check}"
            op.execute(f"ALTER POLICY tj_relay_select ON {table} USING ({seen})")
        op.execute(f"ALTER POLICY tj_relay_update ON {table} USING ({rule}) WITH CHECK ({check})")
    op.execute("GRANT UPDATE (projects) ON maintenance_plans TO tj_relay")
