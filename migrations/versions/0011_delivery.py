"""Delivery: an approved change is decided by the province's organ after the pen went back to the owner (arts 13, 20).

It seals a new version and refreshes the findings; named apart from what reviews allow while the province has the pen.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COLUMNS = "severity, article, reason, opinion, opinion_by, submitted_at"


def _changeable(table: str) -> str:
    return (
        f"EXISTS (SELECT FROM projects p WHERE p.tenant_id = {table}.tenant_id AND p.id = {table}.project_id "
        f"AND p.office_id = {table}.office_id AND p.route = 'provincial_review' "
        "AND p.state IN ('approved', 'budgeted', 'started', 'trial_run'))"
    )


def upgrade() -> None:
    for table, verbs in (
        ("project_versions", ("INSERT",)),
        ("project_findings", ("INSERT", "UPDATE", "DELETE")),
    ):
        rule = _changeable(table)
        clauses = {
            "INSERT": f"WITH CHECK ({rule})",
            "UPDATE": f"USING ({rule}) WITH CHECK ({rule})",
            "DELETE": f"USING ({rule})",
        }
        for verb in verbs:
            granted = f"UPDATE ({_COLUMNS})" if verb == "UPDATE" else verb
            op.execute(f"GRANT {granted} ON {table} TO tj_province")
            op.execute(
                f"CREATE POLICY tj_province_change_{verb.lower()} ON {table} FOR {verb} TO tj_province {clauses[verb]}"
            )
