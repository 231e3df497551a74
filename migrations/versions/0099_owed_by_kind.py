"""What is owed of a kind and of an article, without what was done long ago, by indexes (docs/decisions/0310)."""

from migrations import tools

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.build_beside(
        {
            "ix_obligations_owed_code": "obligations (tenant_id, code, due, id) WHERE state IN ('open', 'lapsed')",
            "ix_obligations_owed_article": "obligations (tenant_id, article, due, id) "
            "WHERE state IN ('open', 'lapsed')",
        }
    )
