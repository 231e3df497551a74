"""What 0035 opened to the tenants' login is opened for two deeds alone: taking back and telling what one can afford.

While the province's desk holds a case (from the report of a need to the approval), the new row says what the old one
said: whose it is, its text, its amounts. Its state stays with its desk, or it is taken back before the review (arts
14, 18); what finance tells goes to the dated facts (art. 9). Other owners' columns move with a succession (0031).
"""

from alembic import op

from migrations.tools import MINE

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_KEPT = (
    "office_id", "owner_name", "tier", "division", "office_kind", "external_ref", "name", "route", "project_class",
    "kind", "investment_fen", "declared", "submissions", "submitted_at", "gatekept_at", "approved_at", "filed_at",
    "approved_fen", "filing_number", "project_codes", "origin",
)  # fmt: skip


def _row(of: str) -> str:
    return "ROW(" + ", ".join(f"{of}.{name}" for name in _KEPT) + ")"


# A function, since a rule of a table may not ask the table itself. It runs as its caller and, being STABLE, reads the
# row `o` as it was before the statement, which the rule compares with the row to be.
_FUNCTION = (
    "CREATE FUNCTION tj_pen_kept(new projects) RETURNS boolean LANGUAGE sql STABLE AS $$ "
    "SELECT EXISTS (SELECT FROM projects o WHERE o.tenant_id = new.tenant_id AND o.id = new.id AND ("
    "o.holder <> 'province' OR o.state = 'acceptance_applied' "
    f"OR ({_row('o')} IS NOT DISTINCT FROM {_row('new')} "
    "AND ((o.state = new.state AND o.holder = new.holder) "
    "OR (new.state = 'withdrawn' AND o.state IN ('need_reported', 'with_province')))))) $$"
)


def upgrade() -> None:
    op.execute(_FUNCTION)
    op.execute(f"ALTER POLICY tj_tenant_update ON projects WITH CHECK ({MINE} AND tj_pen_kept(projects))")
