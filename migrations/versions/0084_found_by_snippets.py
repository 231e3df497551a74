"""Text is found by snippets of three characters, compared as numbers, which an index may do (decision 0276).

The worker makes them under a scope of one tenant; without one its login sees none of the cases, as before. Whoever
erases needs no snippet: it may read whose a row is and delete it, nothing more. Only who sees all of a tenant's cases
reads its snippets, and the province those of cases that have left their city: the odd ones (projects/snippets.py).
"""

from alembic import op

from migrations import tools

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

_UNNARROWED = "coalesce(split_part(current_setting('app.scope', true), '/', 4), '') = ''"


def _policies() -> None:
    tools.allow("tj_tenant", "case_snippets", "S", f"{tools.WHOLE} AND {_UNNARROWED}")
    tools.allow("tj_province", "case_snippets", "S", f"snippet % 2 = 1 AND {_UNNARROWED}")
    op.execute("GRANT SELECT (tenant_id, project_id), INSERT, DELETE ON case_snippets TO tj_relay")
    tools.policy("tj_relay", "case_snippets", "SELECT", "true")
    tools.policy("tj_relay", "case_snippets", "DELETE", "true")
    tools.policy("tj_relay", "case_snippets", "INSERT", check=tools.WHOLE)
    op.execute("GRANT UPDATE (snipped_as) ON projects TO tj_relay")
    op.execute(f"CREATE POLICY tj_relay_snipping_s ON projects FOR SELECT TO tj_relay USING ({tools.WHOLE})")
    op.execute(
        f"CREATE POLICY tj_relay_snipping_u ON projects FOR UPDATE TO tj_relay USING ({tools.WHOLE}) "
        f"WITH CHECK ({tools.WHOLE})"
    )


def upgrade() -> None:
    tools.run_sql("0084_snippets.sql")
    tools.isolate("case_snippets")
    tools.estimate_alike("case_snippets")
    _policies()
