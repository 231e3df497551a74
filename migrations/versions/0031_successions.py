"""An office that ends hands what is in hand to its successor; who sits there reads what the old office left.

What is worked on (a case, a draft, a duty, an app …) changes its office. That reaches cases whose pen the province
holds, and only in the transaction that recorded the succession: `recorded_at = now()` is true nowhere else. What was
recorded under the old office stays under it, and is read, answered and continued by the successor.
"""

from alembic import op

from migrations import tools
from migrations.tools import OFFICE, TENANT, WHOLE

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# The tables whose rows move (service/identity/handing_over.py); those whose rows stay under the office of their day.
MOVED = (
    "projects", "project_drafts", "project_findings", "similarity_keys", "obligations", "obligation_cases",
    "obligation_notes", "obligation_reminders", "apps", "adoptions", "systems", "inbox", "obligation_feeds",
)  # fmt: skip
STAYING = {
    "project_versions": "S", "transitions": "S", "approvals": "S", "project_records": "S",
    "maintenance_proposals": "SU", "acceptance_filings": "S", "rectification_orders": "SU", "library_entries": "SU",
    "links": "SU", "link_standards": "S", "appraisals": "SU", "joint_reviews": "SU", "joint_review_opinions": "S",
    "filings": "S", "filing_queries": "SU", "adoption_steps": "SU", "adoption_usage": "SU", "suspicions": "SU",
    "suspicion_members": "SUD", "documents": "SU",
}  # fmt: skip
_HERE = "s.tenant_id = split_part(current_setting('app.scope', true), '/', 1)"
_SEAT = "split_part(current_setting('app.scope', true), '/', 2)"
_KEY = "split_part(current_setting('app.scope', true), '/', 3)"
_NOW = "s.recorded_at = now() AND s.predecessor <> s.successor"
LEFT = (
    f"{TENANT} AND {_SEAT} <> '*' AND office_id IN "
    f"(SELECT s.predecessor FROM office_successions s WHERE {_HERE} AND s.successor::text = {_SEAT})"
)
GOING = f"{WHOLE} AND EXISTS (SELECT FROM office_successions s WHERE {_HERE} AND {_NOW} AND s.predecessor = office_id)"
COME = f"{WHOLE} AND EXISTS (SELECT FROM office_successions s WHERE {_HERE} AND {_NOW} AND s.successor = office_id)"
# A rename moves nothing; the cases of the office carry its new name, whoever holds the pen.
RENAMED = (
    f"{WHOLE} AND EXISTS (SELECT FROM office_successions s WHERE {_HERE} AND s.recorded_at = now() "
    "AND s.successor = office_id)"
)
_PREDECESSORS = f"ARRAY(SELECT s.predecessor::text FROM office_successions s WHERE {_HERE} AND "
COMMISSIONED = (
    "coalesce(split_part(current_setting('app.scope', true), '/', 4), '') <> '' "
    f"AND agencies && {_PREDECESSORS}s.successor::text = {_KEY})"
)
_DECLARED = (
    "state NOT IN ('draft', 'need_draft', 'need_submitted', 'need_gatekept') "
    "AND NOT (state IN ('need_returned', 'withdrawn') AND submissions = 0 AND origin = 'declared')"
)
_VERBS = {"S": "SELECT", "U": "UPDATE", "D": "DELETE"}


def _policy(name: str, table: str, login: str, verb: str, rule: str, check: str = "") -> None:
    after = f" WITH CHECK ({check})" if check else ""
    op.execute(f"CREATE POLICY {name} ON {table} FOR {verb} TO {login} USING ({rule}){after}")


def _moving() -> None:
    for table in MOVED:
        op.execute(f"GRANT UPDATE (office_id) ON {table} TO tj_tenant")
        _policy("tj_tenant_going", table, "tj_tenant", "UPDATE", GOING, COME)
    op.execute("GRANT UPDATE (owner_name, tier, division, office_kind) ON projects TO tj_tenant")
    op.execute("GRANT UPDATE (adopter_name, division) ON adoptions TO tj_tenant")
    _policy("tj_tenant_renamed", "projects", "tj_tenant", "UPDATE", RENAMED, RENAMED)
    op.execute("GRANT UPDATE (parties, party_names) ON frameworks TO tj_tenant")
    parties = f"{WHOLE} AND parties && {_PREDECESSORS}{_NOW})"
    _policy("tj_tenant_going", "frameworks", "tj_tenant", "UPDATE", parties, WHOLE)


def _reading() -> None:
    for table, letters in STAYING.items():
        for letter in letters:
            check = LEFT if letter == "U" else ""
            _policy(f"tj_tenant_left_{letter.lower()}", table, "tj_tenant", _VERBS[letter], LEFT, check)
    left = f"{TENANT} AND parties && {_PREDECESSORS}s.successor::text = {_SEAT})"
    _policy("tj_tenant_left_s", "frameworks", "tj_tenant", "SELECT", left)
    _policy(
        "tj_tenant_left_s", "projects", "tj_tenant", "SELECT", f"{TENANT} AND {OFFICE} AND {COMMISSIONED}"
    )
    _policy("tj_province_left_s", "projects", "tj_province", "SELECT", f"{_DECLARED} AND {COMMISSIONED}")


def upgrade() -> None:
    tools.run_sql("0031_successions.sql")
    tools.isolate("office_successions")
    tools.policy("tj_tenant", "office_successions", "SELECT", TENANT)
    tools.policy("tj_tenant", "office_successions", "INSERT", check=f"{WHOLE} AND recorded_at = now()")
    tools.policy("tj_province", "office_successions", "SELECT", "true")
    op.execute("GRANT SELECT, INSERT ON office_successions TO tj_tenant")
    op.execute("GRANT SELECT ON office_successions TO tj_province")
    _moving()
    _reading()
