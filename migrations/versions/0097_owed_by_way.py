"""What is owed of each office of one way, by an index (docs/decisions/0310)."""

from migrations import tools

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.build_beside(
        {
            "ix_obligations_way": "obligations (tenant_id, office_id, route, due, since, id, desk) "
            "WHERE state IN ('open', 'lapsed')",
        }
    )
