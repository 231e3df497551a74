"""A notice tells days of a neighbouring year too: each special day is kept with the year whose notice told it."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE calendar_days ADD COLUMN notice INTEGER")
    op.execute("UPDATE calendar_days SET notice = extract(year FROM day)")
    op.execute("ALTER TABLE calendar_days ALTER COLUMN notice SET NOT NULL")
    op.execute("ALTER TABLE calendar_days DROP CONSTRAINT pk_calendar_days")
    op.execute("ALTER TABLE calendar_days ADD CONSTRAINT pk_calendar_days PRIMARY KEY (day, notice)")
