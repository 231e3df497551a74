"""Library: rounds, entries, plans, frameworks, links; needs that were never reported stay in their city.

What the province announces to everybody stands in reference tables: its login may add, nobody may change or delete.
"""

from alembic import op

from migrations import tools
from migrations.tools import MINE, TENANT, WHOLE

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PUBLIC = ("intake_notices", "published_plans")
OWN = (
    "library_entries", "plan_versions", "frameworks", "framework_signatures", "links", "link_standards",
    "link_invitations",
)  # fmt: skip
# A need the city's desk gave back, or its unit took back, before it was ever reported: nobody's outside (trap 13).
DECLARED = (
    "state NOT IN ('draft', 'need_draft', 'need_submitted', 'need_gatekept') "
    "AND NOT (state IN ('need_returned', 'withdrawn') AND submissions = 0 AND origin = 'declared')"
)
# Audit entries of what happens before a declaration or report; `system:` of none. What befell a case or a file that is
# not to be seen is not to be seen either: plain sub-selects, which the planner never turns into a table of all cases.
_SHOWN = (
    "(SELECT true FROM {0} o WHERE o.tenant_id = audit_entries.tenant_id AND o.id = object_id::uuid) IS TRUE"
)
UNDECLARED = (
    "action NOT IN ('project.create', 'project.edit', 'project.delete', 'project.tag_priority', 'project.link_plan', "
    "'project.reuse_check', 'project.need_submit', 'project.need_gatekeep', 'project.need_return') "
    "AND CASE WHEN object_id !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN true "
    f"WHEN object_kind = 'project' THEN {_SHOWN.format('projects')} "
    f"WHEN object_kind = 'document' THEN {_SHOWN.format('documents')} ELSE true END"
)
SIGNING = (
    f"{TENANT} AND (split_part(current_setting('app.scope', true), '/', 2) = ANY (parties || ARRAY['*']))"
)
FRAMEWORK = "(SELECT FROM frameworks f WHERE f.tenant_id = {0}.tenant_id AND f.id = {0}.framework_id)"
SEEN = "EXISTS (SELECT FROM projects p WHERE p.tenant_id = {0}.tenant_id AND p.id = {0}.project_id)"


def _needs() -> None:
    op.execute(f"ALTER POLICY tj_province_select ON projects USING ({DECLARED})")
    # What was sealed of it, and every step it took, goes with the case.
    for name in ("project_versions", "transitions"):
        op.execute(f"ALTER POLICY tj_province_select ON {name} USING ({SEEN.format(name)})")
    op.execute(f"ALTER POLICY tj_province_select ON audit_entries USING ({UNDECLARED})")


def _library() -> None:
    tools.allow("tj_tenant", "library_entries", "S", MINE)
    op.execute("GRANT SELECT, INSERT ON library_entries TO tj_province")
    op.execute("GRANT UPDATE (removed_on, removal_reason, by_tenant) ON library_entries TO tj_province")
    tools.policy("tj_province", "library_entries", "SELECT", "true")
    tools.policy("tj_province", "library_entries", "INSERT", check=tools.acting("by_tenant"))
    tools.policy("tj_province", "library_entries", "UPDATE", "true", tools.acting("by_tenant"))


def _plans() -> None:
    columns = "title, first_year, items, state, reason, appraisal, decision, updated_at, version"
    # Drafts are for the desks that keep the plan; what was adopted is everybody's in the tenant.
    tools.policy("tj_tenant", "plan_versions", "SELECT", f"{WHOLE} OR ({TENANT} AND state = 'adopted')")
    tools.policy("tj_tenant", "plan_versions", "INSERT", check=WHOLE)
    tools.policy("tj_tenant", "plan_versions", "UPDATE", WHOLE, WHOLE)
    op.execute("GRANT SELECT, INSERT ON plan_versions TO tj_tenant, tj_province")
    op.execute(f"GRANT UPDATE ({columns}) ON plan_versions TO tj_tenant, tj_province")
    mine = tools.acting("tenant_id")
    tools.policy("tj_province", "plan_versions", "SELECT", mine)
    tools.policy("tj_province", "plan_versions", "INSERT", check=mine)
    tools.policy("tj_province", "plan_versions", "UPDATE", mine, mine)


def _frameworks() -> None:
    tools.allow("tj_tenant", "frameworks", "S", SIGNING)
    tools.allow(
        "tj_province", "frameworks", "SI", tools.acting("tenant_id"),
        columns="goals, content, parties, party_names, edition, updated_at, version",
    )  # fmt: skip
    shown = "EXISTS " + FRAMEWORK.format("framework_signatures")
    op.execute("GRANT SELECT, INSERT ON framework_signatures TO tj_tenant, tj_province")
    tools.policy("tj_tenant", "framework_signatures", "SELECT", f"{TENANT} AND {shown}")
    # An office signs for itself.
    own = f"{TENANT} AND party = split_part(current_setting('app.scope', true), '/', 2) AND {shown}"
    tools.policy("tj_tenant", "framework_signatures", "INSERT", check=own)
    tools.policy("tj_province", "framework_signatures", "SELECT", tools.acting("tenant_id"))
    tools.policy("tj_province", "framework_signatures", "INSERT", check=tools.acting("by_tenant"))


def _links() -> None:
    tools.allow("tj_tenant", "links", "SI", MINE, columns="child_id, state, summary, seq, updated_at")
    tools.allow("tj_tenant", "link_standards", "SI", MINE)
    for name in ("links", "link_standards"):
        tools.allow("tj_province", name, "S", SEEN.format(name))
    # An invitation is the whole tenant's: its desks and every office may see and answer it.
    tools.allow(
        "tj_tenant", "link_invitations", "SI", TENANT,
        columns="lead_name, lead_owner, standards, standards_number, state, project_id, reason, answered_by, "
        "answered_at, summary, summary_seq",
    )  # fmt: skip
    tools.allow("tj_province", "link_invitations", "S", SEEN.format("link_invitations"))


def upgrade() -> None:
    tools.run_sql("0009_library.sql")
    for name in PUBLIC:
        op.execute(f"GRANT SELECT ON {name} TO tj_tenant, tj_province, tj_relay")
        op.execute(f"GRANT INSERT ON {name} TO tj_province")
    tools.isolate(*OWN)
    _needs()
    _library()
    _plans()
    _frameworks()
    _links()
