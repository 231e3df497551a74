"""Suspicions: tables, grants, policies.

A group shows the province only what projects themselves show it: needs that have not left their city stay hidden.
"""

from alembic import op

from migrations import tools
from migrations.tools import MINE, acting

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("similarity_keys", "suspicions", "suspicion_members")
DECISION = "state, reason, joint_project_id, decided_by, decided_tenant, decided_at, version"
FOUND = "project_name, owner_name, month, line_fen, sum_fen, article, score, size, phrases, found_at"


def _declared(table: str) -> str:
    return (
        f"EXISTS (SELECT FROM projects p WHERE p.tenant_id = {table}.tenant_id AND p.id = {table}.project_id)"
    )


def upgrade() -> None:
    tools.run_sql("0006_suspicions.sql")
    tools.isolate(*TABLES)
    tools.allow("tj_tenant", "similarity_keys", "SID", MINE)
    tools.allow("tj_tenant", "suspicions", "SI", MINE, columns=f"{FOUND}, {DECISION}")
    tools.allow(
        "tj_tenant", "suspicion_members", "SID", MINE, columns="name, owner_name, counted_fen, score, day"
    )
    for table in ("suspicions", "suspicion_members"):
        tools.allow("tj_province", table, "S", _declared(table))
    op.execute(f"GRANT UPDATE ({DECISION}) ON suspicions TO tj_province")
    tools.policy("tj_province", "suspicions", "UPDATE", _declared("suspicions"), acting("decided_tenant"))
