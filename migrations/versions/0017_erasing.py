"""Erasing reaches what tells of a case by another id; what the province's login meets of hidden cases, and may change.

`sql/0017_erasing.json` comes from `python -m service.portfolio.erasure_plan inbox event_feed webhook_deliveries
maintenance_plans`: messages may name a case by its filing, app or plan only, and a plan holds its name (art. 14). The
policies of migration 0015 on these tables become wider by what it says now.
"""

import json

from alembic import op

from migrations import tools

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

CONFIRMED = "EXISTS (SELECT FROM spills z WHERE z.state = 'confirmed' AND ({0}))"
READS = ("webhook_deliveries",)  # the worker reads them whatever they are about (migration 0003)
# A plain sub-select, which the planner never turns into a table of all cases: 0.7 ms a page of findings as before,
# among 300,000.
SHOWN = "(SELECT true FROM {0} o WHERE o.tenant_id = {1}.tenant_id AND o.id = {2}) IS TRUE"
# The trail as migration 0009 has it, and spills by the case they name.
TRAIL = (
    "action NOT IN ('project.create', 'project.edit', 'project.delete', 'project.tag_priority', 'project.link_plan', "
    "'project.reuse_check', 'project.need_submit', 'project.need_gatekeep', 'project.need_return') "
    "AND CASE WHEN object_id !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN true "
    + " ".join(
        f"WHEN object_kind = '{kind}' THEN {SHOWN.format(table, 'audit_entries', 'object_id::uuid')}"
        for kind, table in (("project", "projects"), ("document", "documents"), ("spill", "spills"))
    )
    + " ELSE true END"
)
# Acts of the province's organs that need no pen (decision 27), as the lifecycle table has them: on what was approved,
# of either route; on what was returned or entered into the library, of its own route only.
PENLESS = (
    "state IN ('approved', 'budgeted', 'filed', 'started', 'trial_run', 'final_inspected', 'acceptance_applied', "
    "'acceptance_delegated', 'accepted', 'evaluated', 'suspended') "
    "OR (state IN ('in_library', 'returned', 'need_returned') AND route = 'provincial_review')"
)


def _erasing() -> None:
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


def _hiding() -> None:
    """Trap 13: findings and spills of what was never declared are nobody's outside the tenant."""
    for table in ("project_findings", "spills"):
        shown = SHOWN.format("projects", table, f"{table}.project_id")
        op.execute(f"ALTER POLICY tj_province_select ON {table} USING ({shown})")
    op.execute(f"ALTER POLICY tj_province_select ON audit_entries USING ({TRAIL})")
    op.execute(f"ALTER POLICY tj_province_update ON projects USING (holder = 'province' OR {PENLESS})")


def upgrade() -> None:
    _erasing()
    _hiding()
