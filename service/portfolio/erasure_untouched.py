"""What an erasing leaves alone: tables without words about a case, and why; and which columns could hold any.

With the plan (erasure_plan.py) every table of the tenants is named: a test compares both with the models.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from service.kit.db import metadata

# Tables that hold nobody's words about a case, and why.
UNTOUCHED: Mapping[str, str] = {
    "app_uses": "numbers of offices",
    "adoption_steps": "the life of an adoption, not of the app's text",
    "adoption_usage": "numbers",
    "provision_usage": "numbers",
    "assertion_uses": "token ids",
    "draft_templates": "an office's forms, filled with a case only in the answer",
    "deputies": "who stands for whom, at which desk, on which days",
    "leases": "process ids and times",
    "inbox_reads": "who read which message, and when",
    "login_failures": "clients and addresses",
    "audit_chain": "digests",
    "audit_entries": "ids, versions and digests, by rule; the chain goes on verifying",
    "clients": "client registry",
    "counters": "numbers",
    "duty_deltas": "numbers",
    "duty_totals": "numbers",
    "experts": "the pool",
    "obligation_alarms": "weeks",
    "obligation_feeds": "digests of addresses",
    "obligation_looks": "points in time",
    "obligation_reminders": "points in time",
    "offices": "office registry",
    "office_desks": "telephones and rooms of desks",
    "office_successions": "office registry",
    "plan_versions": "plans are written by the organs, not taken from a case",
    "reminder_settings": "where and when somebody wants to be reminded",
    "reminder_marks": "which event reached whom, by kind",
    "reminder_messages": "how many things wait for somebody, never which; addresses",
    "revocations": "token cuts",
    "issuers": "settings of identity providers",
    "sessions": "digests of cookies, logins, roles and times",
    "role_grants": "roles",
    "rulebook_overlays": "figures of the city",
    "summary": "numbers",
    "summary_deltas": "numbers",
    "summary_totals": "numbers",
    "tenant_local": "tenants",
    "spill_words": "ids, from the first pass to the last",
    "users": "people registry",
    "watched_deltas": "numbers",
    "watched_totals": "numbers",
    "webhook_endpoints": "addresses",
    "webhook_health": "numbers and times",
    "workbooks": "what an office sent in; its rows go when they are in force, withdrawn, or thirty days old",
    "outbox_work": "ids, lanes and codes of errors",
}


# Named by a Rule for part of their columns only: the rest speaks of the adopter, not of the case.
PARTIAL = frozenset({"adoptions", "provisions"})


def wordy(table: Table) -> set[str]:
    """Columns that could hold somebody's words."""
    kinds = (Text, JSONB, ARRAY, LargeBinary)
    return {column.name for column in table.columns if isinstance(column.type, kinds)} - {"tenant_id"}


def tables() -> list[Table]:
    """Tables of tenants, the reference tables left out: those are public by nature."""
    return [table for table in metadata.sorted_tables if table.info["kind"] != "reference"]
