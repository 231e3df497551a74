"""Obligations: tables, grants, policies; the calendar as far as it is published.

The worker derives rows in each tenant's own scope. The province's organs see what belongs to cases they may see.
"""

from datetime import date, timedelta
from pathlib import Path

import sqlalchemy as sa
import yaml
from alembic import op

from migrations import tools
from migrations.tools import MINE, TENANT

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

CALENDAR = Path(__file__).parents[2] / "policies" / "calendar" / "2024-2026.yaml"
CASES = ("obligations", "obligation_cases", "obligation_notes", "obligation_reminders")
DERIVED = "state, due, since, article, basis, severity, duty_tier, duty_roles, paused, pauses, done_on"


def _days(year: int, span: str) -> list[date]:
    first, _, last = span.partition("..")
    begin, end = (date.fromisoformat(f"{year}-{day}") for day in (first, last or first))
    return [begin + timedelta(n) for n in range((end - begin).days + 1)]


def _calendar() -> None:
    years = sa.table(
        "calendar_years", *map(sa.column, ("year", "source", "recorded_by", "recorded_at", "version"))
    )
    days = sa.table("calendar_days", *map(sa.column, ("day", "working", "note")))
    for told in yaml.safe_load(CALENDAR.read_text(encoding="utf-8")):
        year = int(told["year"])
        row = {"year": year, "source": told["source"], "recorded_by": "migration", "version": 1}
        op.execute(years.insert().values(**row, recorded_at=sa.func.now()))
        rows = [
            {"day": day, "working": False, "note": name}
            for name, span in told["rest"].items()
            for day in _days(year, span)
        ]
        rows += [{"day": _days(year, day)[0], "working": True, "note": "调休上班"} for day in told["work"]]
        op.bulk_insert(days, rows)


def upgrade() -> None:
    tools.run_sql("0013_obligations.sql")
    tools.isolate(*CASES, "obligation_feeds", "obligation_alarms")
    tools.allow("tj_tenant", "obligations", "SI", MINE, columns=DERIVED)
    # What was kept or fell away stays on record; what is owed can be built again.
    tools.allow("tj_tenant", "obligations", "D", f"{MINE} AND state IN ('open', 'lapsed')")
    tools.allow("tj_tenant", "obligation_cases", "SID", MINE, columns="looked_on")
    tools.allow("tj_tenant", "obligation_notes", "SI", MINE, columns="asked_on, answered_on")
    tools.allow("tj_tenant", "obligation_reminders", "SI", MINE)
    tools.allow("tj_tenant", "obligation_feeds", "SID", MINE, columns="digest, created_by, created_at")
    tools.allow("tj_tenant", "obligation_alarms", "SI", TENANT)
    seen = "EXISTS (SELECT FROM projects p WHERE p.tenant_id = obligations.tenant_id AND p.id = project_id)"
    tools.allow("tj_province", "obligations", "S", seen)
    for table in ("calendar_years", "calendar_days"):
        op.execute(f"GRANT SELECT ON {table} TO tj_tenant, tj_province, tj_relay")
        op.execute(f"GRANT INSERT ON {table} TO tj_province")
    op.execute("GRANT UPDATE (source, recorded_by, recorded_at, version) ON calendar_years TO tj_province")
    op.execute("GRANT DELETE ON calendar_days TO tj_province")
    _calendar()
