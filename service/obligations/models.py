"""What is owed, as last derived; reminders given; feeds; the calendar. Open rows can be deleted and built again."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Integer, Text, and_, literal_column, or_

from service.kit.tables import index, json, moment, number, reference, table, text, texts, uuid


def day(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, Date, nullable=null)


# No foreign key to the case: a need that is deleted takes its obligations with it at the next look (actions.swept).
obligations = table(
    "obligations",
    uuid("id"),  # made of project, code and key, so that a rebuilt row is the same row
    uuid("project_id"),
    text("code"),
    text("key"),
    text("state"),
    day("due"),
    day("since"),
    number("article"),
    text("basis"),
    text("severity"),
    text("duty_tier"),
    texts("duty_roles"),  # empty: the owner's own office
    Column("paused", Boolean, nullable=False),
    json("pauses"),
    day("done_on", null=True),
    # Migration 0049: "tier.role+role" of `duty_tier` and `duty_roles`, for an index under row level security, which
    # trusts a comparison of texts and none of lists; "tier." is an owner's.
    Column("desk", Text, nullable=False, server_default=literal_column("''")),
    texts("amended_by", default="'{}'::text[]"),  # documents that amended the figures it was worked out by
    # Migration 0096: the way its case goes (`projects.route`), so that those of one way are found among an office's
    # without asking each case. Empty: not derived since the migration, or by the version before: the case is asked.
    Column("route", Text, nullable=False, server_default=literal_column("''")),
    CheckConstraint("state IN ('open', 'lapsed', 'done', 'void')", name="ck_obligations_state"),
    kind="case",
    key=("id",),
)

# The row that orders whoever derives one case at a time, and the day on which the worker looked at it last; the day,
# version and number of questions, answers and opinions (asked.py) as of which its duties were derived last, by the
# worker or by a reading.
obligation_cases = table(
    "obligation_cases",
    uuid("project_id"),
    day("looked_on"),
    day("derived_on", null=True),
    Column("derived_version", Integer, nullable=True),
    Column("derived_told", Integer, nullable=True),
    Column("derived_rules", Integer, nullable=True),
    # In whose totals its duties are counted (counted_as.py); null: in none yet, as all were before migration 0085.
    Column("counted_for", Text, nullable=True),
    json("watched", null=True),  # as what it is counted in the figures watched of declarations (watching.py)
    kind="case",
    key=("project_id",),
)

# When all of a tenant was looked at last with nothing left behind, on which day, and how many changes of the rule books
# bore on it then: so that the next process need not look at all of it again (current.py).
obligation_looks = table("obligation_looks", day("day"), moment("at"), number("rules"), key=())

# Each reminder once: an obligation with another due date is reminded of anew.
obligation_reminders = table(
    "obligation_reminders",
    uuid("obligation_id"),
    day("due"),
    text("point"),
    day("given_on"),
    kind="case",
    key=("obligation_id", "due", "point"),
)

# A calendar feed by its secret address: of one office, or of one desk (role) of the tenant.
obligation_feeds = table(
    "obligation_feeds",
    uuid("id"),
    uuid("office_id", null=True),
    text("tier"),
    text("role"),
    text("digest"),
    text("created_by"),
    moment("created_at"),
    key=("id",),
)

# What an alarm said once: the calendar's horizon, week by week.
obligation_alarms = table(
    "obligation_alarms", text("name"), text("period"), moment("at"), key=("name", "period")
)

# Public holidays and the weekends worked for them, as the State Council's yearly notices have them. A notice also tells
# days of the year before or after (`notice`: its own year); of two notices on one day the later year's counts.
calendar_years = reference(
    "calendar_years",
    Column("year", Integer, nullable=False, autoincrement=False),
    text("source"),
    text("recorded_by"),
    moment("recorded_at"),
    number("version"),
    key=("year",),
)
calendar_days = reference(
    "calendar_days",
    day("day"),
    Column("working", Boolean, nullable=False),
    text("note"),
    number("notice"),
    key=("day", "notice"),
)

index(
    "ix_obligation_cases_uncounted",
    obligation_cases.c.tenant_id,
    obligation_cases.c.project_id,
    postgresql_where=obligation_cases.c.counted_for.is_(None),
)
index(
    "ix_obligation_cases_unwatched",
    obligation_cases.c.tenant_id,
    obligation_cases.c.project_id,
    postgresql_where=obligation_cases.c.watched.is_(None),
)
# What has to be derived although its case has not changed: a suspicion has.
index(
    "ix_obligation_cases_underived",
    obligation_cases.c.tenant_id,
    obligation_cases.c.project_id,
    postgresql_where=obligation_cases.c.derived_version.is_(None),
)
index("ix_obligations_due", obligations.c.tenant_id, obligations.c.due, obligations.c.id)
# What is owed, the first due first: by the desks that have the duty, by whoever watches a tier, by an owner's office.
_owed = obligations.c.state.in_([literal_column("'open'"), literal_column("'lapsed'")])
_by_due = (obligations.c.due, obligations.c.since, obligations.c.id)
index("ix_obligations_desk", obligations.c.tenant_id, obligations.c.desk, *_by_due, postgresql_where=_owed)
# Of one kind alone, where a desk has many of another.
index(
    "ix_obligations_queue",
    obligations.c.tenant_id,
    obligations.c.desk,
    obligations.c.code,
    *_by_due,
    postgresql_where=_owed,
)
index(
    "ix_obligations_late", obligations.c.tenant_id, obligations.c.duty_tier, *_by_due, postgresql_where=_owed
)
index(
    "ix_obligations_owner",
    obligations.c.tenant_id,
    obligations.c.office_id,
    *_by_due,
    postgresql_where=and_(_owed, obligations.c.duty_roles == literal_column("'{}'::text[]")),
)
# Of one kind alone, where an office owes much of another.
index(
    "ix_obligations_owner_code",
    obligations.c.tenant_id,
    obligations.c.office_id,
    obligations.c.code,
    *_by_due,
    postgresql_where=and_(_owed, obligations.c.duty_roles == literal_column("'{}'::text[]")),
)
# Of one office's cases, whoever owes it.
index(
    "ix_obligations_seat",
    obligations.c.tenant_id,
    obligations.c.office_id,
    *_by_due,
    obligations.c.desk,
    postgresql_where=_owed,
)
# Of one way alone, where an office owes much of another.
index(
    "ix_obligations_way",
    obligations.c.tenant_id,
    obligations.c.office_id,
    obligations.c.route,
    *_by_due,
    obligations.c.desk,
    postgresql_where=_owed,
)
# What is owed, as every list of it asks first.
index(
    "ix_obligations_owed",
    obligations.c.tenant_id,
    obligations.c.due,
    obligations.c.id,
    postgresql_where=obligations.c.state.in_([literal_column("'open'"), literal_column("'lapsed'")]),
)
# Of one kind or article, as lists of what is owed ask: what was done of it long ago stands before all of that.
index(
    "ix_obligations_owed_code",
    obligations.c.tenant_id,
    obligations.c.code,
    obligations.c.due,
    obligations.c.id,
    postgresql_where=_owed,
)
index(
    "ix_obligations_owed_article",
    obligations.c.tenant_id,
    obligations.c.article,
    obligations.c.due,
    obligations.c.id,
    postgresql_where=_owed,
)
# Yearly reports (art. 27) that are missing or came after their day, by the year: what the list of late ones asks.
REPORT_LATE = and_(
    obligations.c.code == literal_column("'performance_report'"),
    or_(_owed, obligations.c.done_on > obligations.c.due),
)
index(
    "ix_obligations_reports",
    obligations.c.tenant_id,
    obligations.c.key,
    obligations.c.due,
    obligations.c.id,
    postgresql_where=REPORT_LATE,
)
# Of one kind or article, whatever became of it; and what may rest, so that its day has passed and it is open.
index("ix_obligations_code", obligations.c.tenant_id, obligations.c.code, obligations.c.due, obligations.c.id)
index(
    "ix_obligations_article",
    obligations.c.tenant_id,
    obligations.c.article,
    obligations.c.due,
    obligations.c.id,
)
index(
    "ix_obligations_resting",
    obligations.c.tenant_id,
    obligations.c.due,
    obligations.c.id,
    postgresql_where=and_(
        obligations.c.state.in_([literal_column("'open'"), literal_column("'lapsed'")]),
        obligations.c.pauses != literal_column("'[]'::jsonb"),
    ),
)
index("ix_obligations_project", obligations.c.tenant_id, obligations.c.project_id)
index(
    "ix_obligations_office",
    obligations.c.tenant_id,
    obligations.c.office_id,
    obligations.c.due,
    obligations.c.id,
)
