"""Whose hands a case went through, by person and role: nobody judges his own work, whatever roles he held (trap 20).

What cases of before tell is taken over from their history: who declared, gatekept and approved.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_READ = ("projects", "transitions", "users")
_DECLARED = "'submit', 'need_submit', 'withdraw', 'request_change', 'apply_acceptance', 'report_delegated', 'evaluate'"
_GATEKEPT = "'gatekeep_pass', 'gatekeep_return', 'need_gatekeep', 'need_return', 'hand_over', 'decide_change'"
_TAKEN_OVER = f"""
WITH acts AS (
  SELECT DISTINCT p.tenant_id, p.id, u.id AS person, CASE
    WHEN t.action IN ({_DECLARED})
      THEN CASE p.tier WHEN 'province' THEN 'province.department' ELSE p.tier || '.unit' END
    WHEN t.action = 'approve' THEN 'city.approver'
    WHEN t.action = 'province_approve' THEN 'province.drc'
    WHEN t.action IN ({_GATEKEPT}) AND t.actor_tenant = p.tenant_id AND p.tier <> 'province' THEN 'city.gatekeeper'
  END AS role
  FROM transitions t
  JOIN projects p ON p.tenant_id = t.tenant_id AND p.id = t.project_id
  JOIN users u ON u.tenant_id = t.actor_tenant AND t.actor LIKE 'user:%'
    AND u.login = split_part(split_part(t.actor, ' via ', 1), ':', 3)
), people AS (
  SELECT tenant_id, id, person, jsonb_agg(role ORDER BY role) AS roles FROM acts WHERE role IS NOT NULL
  GROUP BY tenant_id, id, person
), cases AS (
  SELECT tenant_id, id, jsonb_object_agg(person::text, roles) AS hands FROM people GROUP BY tenant_id, id
)
UPDATE projects SET hands = cases.hands FROM cases
WHERE projects.tenant_id = cases.tenant_id AND projects.id = cases.id
"""


def upgrade() -> None:
    op.execute("ALTER TABLE projects ADD COLUMN hands JSONB NOT NULL DEFAULT '{}'::jsonb")
    op.execute("GRANT UPDATE (hands) ON projects TO tj_tenant, tj_province")
    for table in _READ:  # the owner reads across tenants here, once
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    op.execute(_TAKEN_OVER)
    for table in _READ:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
