"""What is owed of one office's cases, and what waits of one division's, each by an index (docs/decisions/0299)."""

from migrations import tools

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


_WAITS = (
    "state IN ('need_submitted', 'need_reported', 'appraised', 'submitted', 'gatekept', 'with_province', "
    "'in_joint_review', 'leading_group_decided', 'need_returned', 'need_gatekept', 'returned')"
)


def upgrade() -> None:
    tools.build_beside(
        {
            "ix_obligations_seat": "obligations (tenant_id, office_id, due, since, id, desk) "
            "WHERE state IN ('open', 'lapsed')",
            "ix_projects_waiting_in": "projects (tenant_id, division, state, route, entered_at, id) "
            f"WHERE {_WAITS}",
        }
    )
