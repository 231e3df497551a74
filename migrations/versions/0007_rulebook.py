"""Overlays of the cities and the register of interpretations: append-only, nobody may update or delete."""

from alembic import op

from migrations import tools

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.run_sql("0007_rulebook.sql")
    tools.isolate("rulebook_overlays")
    # Every decision of the tenant reads them; who is bound to one office changes nothing for the whole city.
    tools.allow("tj_tenant", "rulebook_overlays", "S", tools.TENANT)
    tools.allow("tj_tenant", "rulebook_overlays", "I", tools.WHOLE)
    tools.allow("tj_province", "rulebook_overlays", "S", "true")
    tools.allow("tj_relay", "rulebook_overlays", "S", "true")
    op.execute("GRANT SELECT ON interpretations TO tj_tenant, tj_province, tj_relay")
    op.execute("GRANT INSERT ON interpretations TO tj_province")
