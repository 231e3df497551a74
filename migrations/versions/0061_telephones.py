"""How a desk is reached: a telephone and a room by office and role."""

from migrations import tools

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    tools.run_sql("0061_telephones.sql")
    tools.isolate("office_desks")
    tools.estimate_alike("office_desks")
    tools.allow("tj_tenant", "office_desks", "SI", tools.TENANT, columns="telephone, room, by, at")
