"""One office's cases of each state, and what it owes of each kind, by indexes (docs/decisions/0310)."""

from migrations import tools

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.build_beside(
        {
            "ix_projects_seat": "projects (tenant_id, office_id, state, created_at DESC, id DESC)",
            "ix_obligations_owner_code": "obligations (tenant_id, office_id, code, due, since, id) "
            "WHERE state IN ('open', 'lapsed') AND duty_roles = '{}'::text[]",
        }
    )
