"""What the province reviews is told by the row itself: `by_tenant` is the province's (docs/decisions/0286).

The rule asked the registry of tenants. Which tenant is the province's never changes in a deployment: the registry is
asked once, here. A database of another province than the environment names is refused.
"""

from alembic import op

from service.province import CODE

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

_OPEN = (
    "EXISTS (SELECT FROM appraisals a WHERE a.tenant_id = appraisal_scores.tenant_id "
    "AND a.id = appraisal_scores.appraisal_id AND a.opened_at IS NOT NULL)"
)
_MORE = {"appraisals": "", "appraisal_experts": "", "appraisal_scores": f" AND {_OPEN}", "joint_reviews": "",
         "joint_review_opinions": ""}  # fmt: skip
_SAME = f"""
DO $do$ BEGIN
  IF EXISTS (SELECT FROM tenants WHERE tier = 'province' AND id <> '{CODE}') THEN
    RAISE EXCEPTION 'the tenants are of another province than {CODE}: TONGJIAN_PROVINCE_DIR names the directory';
  END IF;
END $do$
"""


def upgrade() -> None:
    op.execute(_SAME)
    with op.get_context().autocommit_block():
        for table, more in _MORE.items():
            op.execute(f"ALTER POLICY tj_province_select ON {table} USING (by_tenant = '{CODE}'{more})")
