"""What the three organs ask of declarations (art. 14), and the codes by which other platforms know a project.

A round is a row per proposal, confirmation and refusal that only the province's login may add; nobody changes one.
Codes of declarations made before are none: their form did not ask for them.
"""

from alembic import op

from migrations import tools

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.run_sql("0034_forms.sql")
    op.execute("GRANT SELECT ON declaration_rounds TO tj_tenant, tj_province, tj_relay")
    op.execute("GRANT INSERT ON declaration_rounds TO tj_province")
    op.execute("ALTER TABLE projects ADD COLUMN project_codes TEXT[] NOT NULL DEFAULT '{}'::text[]")
    op.execute("GRANT UPDATE (project_codes) ON projects TO tj_tenant, tj_province, tj_relay")
