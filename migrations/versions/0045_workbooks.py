"""Workbooks that offices send: one tenant's, staged until they are in force, gone after thirty days."""

from migrations import tools

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_WORK = "state, name, done, wrong, present, made, faults, notes, content, rows, things, beat_at"
_COLUMNS = f"{_WORK}, committed_by, committed_at, version"
_OLD = "sent_at < now() - interval '30 days'"


def upgrade() -> None:
    tools.run_sql("0045_workbooks.sql")
    tools.isolate("workbooks")
    tools.allow("tj_tenant", "workbooks", "SI", tools.TENANT, columns=_COLUMNS)
    # Where the province's organs put a workbook in force, they write in other tenants too; the workbook is their own.
    tools.allow("tj_province", "workbooks", "S", tools.TENANT, columns=_COLUMNS)
    tools.allow("tj_relay", "workbooks", "SD", _OLD)
