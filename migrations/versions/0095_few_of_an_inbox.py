"""Messages of one kind, and what of the feed is old, each by an index (docs/decisions/0303)."""

from migrations import tools

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.build_beside(
        {
            "ix_inbox_kind_desk": "inbox (tenant_id, role, kind, at DESC, id DESC) WHERE office_id IS NULL",
            "ix_inbox_kind_office": "inbox (tenant_id, role, office_id, kind, at DESC, id DESC) "
            "WHERE office_id IS NOT NULL",
            "ix_event_feed_at": "event_feed (tenant_id, at)",
        }
    )
