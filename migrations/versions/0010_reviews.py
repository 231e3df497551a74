"""Reviews: tables, grants, policies; what an approval tells beside its amount; the province approves.

`by_tenant` is the tenant whose organs review. Experts and scores: no policy for who is bound to one office, none
across tiers, and a score none at all before its appraisal is opened (`INSERT … RETURNING 1` reads no column).
"""

from alembic import op

from migrations import tools
from migrations.tools import MINE, TENANT, WHOLE

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = (
    "experts", "appraisals", "appraisal_experts", "appraisal_scores", "joint_reviews", "joint_review_opinions",
)  # fmt: skip
EXPERT = (
    "name, title, fields, employer_name, employer_office_id, user_id, valid_from, valid_to, suspended_reason, "
    "updated_at, version"
)
APPRAISAL = (
    "status, panel, seed, eligible, drawn_at, opened_at, verdict, report, concluded_by, concluded_at, "
    "fields, task, due_on"
)
PLACE = "recused_by, recusal_reason, recused_at, scored_at"
JOINT = "status, agreed, plan, budget_fen, summary, reason, closed_by, closed_at"
ACTING = tools.acting("by_tenant")
# The province's reads carry no scope: they are told by whose organs review, and a city's own reviews stay the city's.
PROVINCIAL = "by_tenant IN (SELECT t.id FROM tenants t WHERE t.tier = 'province')"


def _approvals() -> None:
    op.execute("ALTER TABLE approvals ADD COLUMN organ TEXT, ADD COLUMN by_tenant TEXT")
    op.execute("ALTER TABLE approvals ADD COLUMN civil_works BOOLEAN NOT NULL DEFAULT false")
    op.execute("ALTER TABLE approvals ADD COLUMN high_energy BOOLEAN NOT NULL DEFAULT false")
    op.execute("ALTER TABLE approvals ADD COLUMN procedures TEXT[] NOT NULL DEFAULT '{}'::text[]")
    tools.allow("tj_province", "approvals", "I", ACTING)
    # The province decides the route again when it approves (trap 2): the findings of that decision replace the old.
    seen = (
        "EXISTS (SELECT FROM projects p WHERE p.tenant_id = project_findings.tenant_id AND p.id = project_id"
    )
    tools.allow(
        "tj_province", "project_findings", "ID", f"{seen} AND p.holder = 'province')",
        columns="severity, article, reason, opinion, opinion_by, submitted_at",
    )  # fmt: skip


def upgrade() -> None:
    tools.run_sql("0010_reviews.sql")
    tools.isolate(*TABLES)
    # The pool: read by the tenant's organs, and by the province's at a case of another tenant.
    tools.allow("tj_tenant", "experts", "SI", WHOLE, columns=EXPERT)
    tools.allow("tj_province", "experts", "S", TENANT)
    for table, columns in (
        ("appraisals", APPRAISAL),
        ("joint_reviews", JOINT),
        ("joint_review_opinions", ""),
    ):
        tools.allow("tj_tenant", table, "S", MINE)
        tools.allow("tj_tenant", table, "I", f"{MINE} AND {ACTING}", columns=columns)
        tools.allow("tj_province", table, "S", PROVINCIAL)
        tools.allow("tj_province", table, "I", ACTING, columns=columns)
    tools.allow("tj_tenant", "appraisal_experts", "SI", f"{WHOLE} AND {ACTING}", columns=PLACE)
    tools.allow("tj_province", "appraisal_experts", "S", PROVINCIAL)
    tools.allow("tj_province", "appraisal_experts", "I", ACTING, columns=PLACE)
    opened = (
        "EXISTS (SELECT FROM appraisals a WHERE a.tenant_id = appraisal_scores.tenant_id "
        "AND a.id = appraisal_id AND a.opened_at IS NOT NULL)"
    )
    tools.allow("tj_tenant", "appraisal_scores", "S", f"{WHOLE} AND {ACTING} AND {opened}")
    tools.allow("tj_tenant", "appraisal_scores", "I", f"{WHOLE} AND {ACTING}")
    tools.allow("tj_province", "appraisal_scores", "S", f"{PROVINCIAL} AND {opened}")
    tools.allow("tj_province", "appraisal_scores", "I", ACTING)
    _approvals()
