"""An erasing takes the entry of before that the case stands on, and what was told of it (arts 8, 14).

`sql/0043_erasing.json` comes from `python -m service.portfolio.erasure_plan library_imports inbox event_feed
webhook_deliveries`: the policies of migrations 0015 and 0017 on the tables of messages become wider by what it says
now. Stored replies and what waits to be told the worker may delete whatever they are about.
"""

import json

from alembic import op

from migrations import tools

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

CONFIRMED = "EXISTS (SELECT FROM spills z WHERE z.state = 'confirmed' AND ({0}))"
READS = ("webhook_deliveries",)  # the worker reads them whatever they are about (migration 0003)


def upgrade() -> None:
    op.execute("GRANT SELECT ON library_imports TO tj_relay")
    for each in json.loads((tools.SQL / "0043_erasing.json").read_text(encoding="utf-8")):
        table, rule = each["table"], CONFIRMED.format(each["where"])
        if table == "library_imports":
            op.execute(f"GRANT UPDATE ({', '.join(each['update'])}) ON {table} TO tj_relay")
            tools.policy("tj_relay", table, "SELECT", rule)
            tools.policy("tj_relay", table, "UPDATE", rule, rule)
            continue
        told = CONFIRMED.format(f"z.id::text = {table}.{each['tombstone']} ->> 'purged'")
        if table not in READS:
            op.execute(f"ALTER POLICY tj_relay_select ON {table} USING ({rule} OR {told})")
        op.execute(f"ALTER POLICY tj_relay_update ON {table} USING ({rule}) WITH CHECK ({told})")
