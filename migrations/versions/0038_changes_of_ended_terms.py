"""A change asked for during a maintenance term may be decided when the term is over, as the lifecycle table has it."""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_DECIDED = (
    "'approved', 'budgeted', 'started', 'trial_run', 'term_ended', 'final_inspected', 'acceptance_applied', "
    "'acceptance_delegated', 'accepted', 'evaluated', 'suspended'"
)


def upgrade() -> None:
    for table, verbs in (
        ("project_versions", ("INSERT",)),
        ("project_findings", ("INSERT", "UPDATE", "DELETE")),
    ):
        rule = (
            f"EXISTS (SELECT FROM projects p WHERE p.tenant_id = {table}.tenant_id AND p.id = {table}.project_id "
            f"AND p.office_id = {table}.office_id AND p.route = 'provincial_review' AND p.state IN ({_DECIDED}))"
        )
        clauses = {"INSERT": f"WITH CHECK ({rule})", "UPDATE": f"USING ({rule}) WITH CHECK ({rule})"}
        for verb in verbs:
            clause = clauses.get(verb, f"USING ({rule})")
            op.execute(f"ALTER POLICY tj_province_change_{verb.lower()} ON {table} {clause}")
