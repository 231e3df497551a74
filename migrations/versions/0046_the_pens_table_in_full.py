"""The pen's function (0040) names its table in full: no other table of that name can be put in its place."""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

_KEPT = (
    "office_id", "owner_name", "tier", "division", "office_kind", "external_ref", "name", "route", "project_class",
    "kind", "investment_fen", "declared", "submissions", "submitted_at", "gatekept_at", "approved_at", "filed_at",
    "approved_fen", "filing_number", "project_codes", "origin",
)  # fmt: skip


def _row(of: str) -> str:
    return "ROW(" + ", ".join(f"{of}.{name}" for name in _KEPT) + ")"


def upgrade() -> None:
    op.execute(
        "CREATE OR REPLACE FUNCTION tj_pen_kept(new projects) RETURNS boolean LANGUAGE sql STABLE AS $$ "
        "SELECT EXISTS (SELECT FROM public.projects o WHERE o.tenant_id = new.tenant_id AND o.id = new.id AND ("
        "o.holder <> 'province' OR o.state = 'acceptance_applied' "
        f"OR ({_row('o')} IS NOT DISTINCT FROM {_row('new')} "
        "AND ((o.state = new.state AND o.holder = new.holder) "
        "OR (new.state = 'withdrawn' AND o.state IN ('need_reported', 'with_province')))))) $$"
    )
