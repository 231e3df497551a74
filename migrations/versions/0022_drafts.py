"""A draft that is deleted takes its attachments and notes along; a registered system forgets which draft it named.

Only drafts can be deleted (the policy of `projects` says so), so nothing that was declared goes this way (art. 39).
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

GOING = {
    "documents": "CASCADE",
    "project_records": "CASCADE",
    "transitions": "CASCADE",
    "project_findings": "CASCADE",
    "systems": "SET NULL (project_id)",
}


def upgrade() -> None:
    for table, gone in GOING.items():
        name = f"fk_{table}_project"
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (tenant_id, project_id) "
            f"REFERENCES projects (tenant_id, id) ON DELETE {gone} NOT VALID"
        )
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
