"""What is not declared is seen by its own office and the client that made it; agencies see what they were given.

The third part of `app.scope` says whose undeclared cases are seen, the fourth narrows an agency (kit/scopes.py). Rows
carry what the policies compare, so none of them reads another table but that of files, which have their case's state.
"""

from alembic import op

from migrations import tools
from migrations.tools import MINE, OFFICE, TENANT

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KEY = "split_part(current_setting('app.scope', true), '/', 3)"
BOUND = "split_part(current_setting('app.scope', true), '/', 2) = office_id::text"
OWN = f"({BOUND} OR {KEY} IN ('*', office_id::text))"
THEIRS = f"({OWN} OR {KEY} = '~' || client)"
COMMISSIONED = (
    f"(coalesce(split_part(current_setting('app.scope', true), '/', 4), '') = '' OR {KEY} = ANY (agencies))"
)
# What has left its city (migration 0009).
_DECLARED = (
    "state NOT IN ('draft', 'need_draft', 'need_submitted', 'need_gatekept') "
    "AND NOT (state IN ('need_returned', 'withdrawn') AND submissions = 0 AND origin = 'declared')"
)
_FILE = (
    f"{OWN} OR EXISTS (SELECT FROM projects p WHERE p.tenant_id = documents.tenant_id AND p.id = project_id "
    f"AND (NOT documents.undeclared OR documents.at <= p.submitted_at OR {KEY} = '~' || p.client))"
)
_READ = ("projects", "project_drafts", "appraisals", "documents")
_WORKING = "'draft', 'need_draft', 'returned', 'need_returned', 'in_library', 'lapsed'"


def _columns() -> None:
    op.execute("ALTER TABLE projects ADD COLUMN client TEXT")
    op.execute("ALTER TABLE projects ADD COLUMN agencies TEXT[] NOT NULL DEFAULT '{}'::text[]")
    op.execute("ALTER TABLE project_drafts ADD COLUMN client TEXT")
    op.execute("ALTER TABLE documents ADD COLUMN undeclared BOOLEAN NOT NULL DEFAULT false")
    op.execute("GRANT UPDATE (agencies) ON projects TO tj_tenant, tj_province")


def _take_over() -> None:
    """From what was recorded: who made a case, whom it was given to, what came after the last submission."""
    for table in _READ:  # the owner reads across tenants here, once
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute(
        "UPDATE projects SET client = CASE WHEN created_by LIKE 'client:%' "
        "THEN substr(created_by, length(tenant_id) + 9) ELSE nullif(split_part(created_by, ' via ', 2), '') END"
    )
    op.execute(
        "UPDATE project_drafts d SET client = p.client FROM projects p "
        "WHERE p.tenant_id = d.tenant_id AND p.id = d.project_id"
    )
    op.execute(
        "UPDATE projects p SET agencies = given.offices FROM (SELECT tenant_id, project_id, "
        "array_agg(DISTINCT agency_office_id::text) AS offices FROM appraisals GROUP BY 1, 2) given "
        "WHERE given.tenant_id = p.tenant_id AND given.project_id = p.id"
    )
    op.execute(
        "UPDATE documents d SET undeclared = true FROM projects p WHERE p.tenant_id = d.tenant_id "
        f"AND p.id = d.project_id AND d.by_tenant = d.tenant_id AND p.state IN ({_WORKING}) "
        "AND d.at > coalesce(p.submitted_at, '-infinity')"
    )
    for table in _READ:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def upgrade() -> None:
    _columns()
    _take_over()
    for table, login in (
        ("projects", "tj_tenant"),
        ("projects", "tj_province"),
        ("project_drafts", "tj_tenant"),
        ("documents", "tj_tenant"),
    ):
        op.execute(f"DROP POLICY {login}_select ON {table}")
    declared = "state NOT IN ('draft', 'need_draft')"
    seen = f"{TENANT} AND {OFFICE} AND ({declared} OR {THEIRS}) AND {COMMISSIONED}"
    tools.policy("tj_tenant", "projects", "SELECT", seen)
    tools.policy("tj_province", "projects", "SELECT", f"{_DECLARED} AND {COMMISSIONED}")
    tools.policy("tj_tenant", "project_drafts", "SELECT", f"{MINE} AND {THEIRS}")
    tools.policy("tj_tenant", "documents", "SELECT", f"{MINE} AND ({_FILE})")
