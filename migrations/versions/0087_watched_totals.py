"""Running totals of what is watched of declarations (docs/decisions/0274). The worker counts the cases of before.

Until it is done a reading counts one by one, as it did: `watched` says of each case as what it is counted.
"""

from alembic import op

from migrations import tools

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None

_FINDINGS = ("near_line", "label_without_evidence", "under_line_by_maintenance")
_FIGURES = ", ".join(
    (
        "count, amount_fen, investment_fen, maintenance_fen",
        *(f"{code}, {code}_fen" for code in _FINDINGS),
        *(f"{kind}_suspicions, {kind}_confirmed" for kind in ("split", "label")),
    )
)
_SEEN = "reach = 'province'"  # what row level security shows the province of `projects`


def upgrade() -> None:
    tools.run_sql("0087_watched_totals.sql")
    names = ("watched_totals", "watched_deltas")
    tools.isolate(*names)
    tools.estimate_alike(*names)
    tools.allow("tj_tenant", "watched_deltas", "SI", tools.WHOLE)
    tools.allow("tj_tenant", "watched_totals", "S", tools.WHOLE)
    for name in names:
        tools.allow("tj_province", name, "S", _SEEN)
    tools.allow("tj_relay", "watched_deltas", "SD", "true")
    tools.allow("tj_relay", "watched_totals", "SI", "true", columns=_FIGURES)
    op.execute("ALTER TABLE obligation_cases ADD COLUMN watched JSONB")
    op.execute("GRANT UPDATE (watched) ON obligation_cases TO tj_tenant")
    # The province decides on suspicions of cases that it sees: it may ask that one be derived anew, and no more.
    op.execute("GRANT UPDATE (derived_version) ON obligation_cases TO tj_province")
    tools.policy("tj_province", "obligation_cases", "UPDATE", "true", "derived_version IS NULL")
