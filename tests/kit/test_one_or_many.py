"""The rules of one schema for one PostgreSQL and for many that need no Citus to be held (docs/decisions/0165, 0232).

Each was broken once and found by a trial on the real product. What breaks one today stands here by name and may only
become less: what is new keeps the rules.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import DateTime, Interval, select
from sqlalchemy.sql import ClauseElement, dml, elements, selectable, visitors

from migrations.tools import SQL
from service.kit.db import Door, metadata, tenant_scope
from service.kit.statements import Statement, scope_ready
from service.projects.models import projects
from tests.kit.test_schema import REFERENCE, TENANT, catalog  # noqa: F401 - a fixture
from tests.statements import EVERY
from tests.tenancy import READ, leaves, read_without_a_tenant, unbound

VERSIONS = SQL.parent / "versions"
# Statements whose tables no chain of equalities ties to one tenant's parameter: verb and tables, how many, what for.
# All are the worker's or the province's; what a city's scope is folded into names the tenant, in a form of its own.
ACROSS = {
    "select app_entries": (1, "one's own shelf, by provider"),
    "select app_uses": (1, "a provider's own uses"),
    "select duty_deltas tenant_local": (1, "who has figures of duties to fold"),
    "select joint_review_opinions": (1, "of reviews of several cities' cases"),
    "select joint_reviews": (1, "the latest of up to 50 cases"),
    "select library_imports": (1, "of an import, by its cases' names"),
    "select login_failures": (1, "who has something to settle"),
    "select filing_queries filings joint_review_opinions joint_reviews obligation_cases projects "
    "rulebook_overlays tenant_local": (1, "whose rules changed since"),
    "select filing_queries filings joint_review_opinions joint_reviews obligation_cases projects "
    "tenant_local": (1, "whose duties are of less than was asked and answered since"),
    "select obligation_cases projects tenant_local": (1, "whose duties were not looked at"),
    "select offices systems": (1, "systems by office, of all cities"),
    "select outbox outbox_work": (2, "who has events due; how many were given up"),
    "select projects": (1, "how many cite a reading"),
    "select documents projects": (1, "cases at work under a new round, with their papers"),
    "select reminder_marks reminder_messages reminder_settings": (1, "whom nothing reached"),
    "select reminder_messages": (2, "which ways have something due; the channels' figures"),
    "select reminder_settings": (1, "who wants reminders"),
    "select revocations": (1, "what was cut off since, for every process"),
    "select rulebook_overlays": (2, "the rule book of all tenants, which every process holds"),
    "select spills": (1, "which confirmed spills wait to be erased"),
    "select summary summary_deltas tenant_local": (1, "who has figures to fold or to sum up"),
    "select tenant_local": (6, "the list of tenants, gone through one by one"),
    "select tenant_local webhook_deliveries": (1, "who has deliveries due"),
    "select tenant_local watched_deltas": (1, "who has watched figures to fold"),
    "update outbox": (1, "dead letters get one more attempt when a worker starts"),
    "update outbox_work": (1, "the same"),
}
# Policies that ask another table, by table: functions on Citus (decision 0273), which cost more there than a fact that
# lies on the row.
ASKING = {
    "acceptance_filings": 3,
    "adoption_steps": 2,
    "adoption_usage": 2,
    "adoptions": 3,
    "app_entries": 1,
    "appraisal_experts": 2,
    "appraisal_scores": 4,
    "appraisals": 4,
    "approvals": 3,
    "apps": 3,
    "audit_entries": 2,
    "documents": 6,
    "event_feed": 2,
    "filing_queries": 4,
    "filings": 3,
    "framework_signatures": 5,
    "frameworks": 9,
    "inbox": 3,
    "joint_review_opinions": 3,
    "joint_reviews": 4,
    "library_entries": 4,
    "library_imports": 2,
    "link_invitations": 3,
    "link_standards": 4,
    "links": 5,
    "maintenance_plan_reviews": 2,
    "maintenance_plans": 2,
    "maintenance_proposals": 4,
    "obligation_cases": 2,
    "obligation_feeds": 1,
    "obligation_reminders": 1,
    "obligations": 4,
    "outbox": 1,
    "papers": 2,
    "project_drafts": 3,
    "project_findings": 10,
    "project_records": 4,
    "project_versions": 5,
    "projects": 6,
    "provisions": 2,
    "rectification_orders": 4,
    "similarity_keys": 3,
    "spills": 1,
    "summary_deltas": 1,
    "suspicion_members": 6,
    "suspicions": 6,
    "systems": 3,
    "transitions": 5,
    "webhook_deliveries": 1,
}
# Policies kept for the version before (decision 0286), by table: how many.
BEFORE = {
    "adoptions": 2,
    "app_entries": 1,
    "event_feed": 2,
    "inbox": 2,
    "link_invitations": 2,
    "links": 2,
    "maintenance_plan_reviews": 2,
    "maintenance_plans": 2,
    "webhook_deliveries": 1,
}
_SCOPED = "split_part(current_setting('app.scope'::text, true), '/'::text, 1)"
VOLATILE = re.compile(r"\b(random|gen_random_uuid|clock_timestamp|nextval|uuidv7)\(", re.I)


def _within(value: Any) -> Iterator[Any]:
    return iter(visitors.iterate(value)) if isinstance(value, ClauseElement) else iter(())


def _verb(core: Any) -> str:
    return {dml.Insert: "insert", dml.Update: "update", dml.Delete: "delete"}.get(type(core), "select")


def test_every_statement_names_the_tenant_of_every_table() -> None:
    found = Counter(
        f"{_verb(each._core)} {' '.join(tables)}" for each in EVERY if (tables := unbound(each._core))
    )
    known = Counter({name: count for name, (count, _) in ACROSS.items()})
    new = found - known
    assert not new, f"name each table's tenant (rule 3), or say here why it is of all tenants: {dict(new)}"
    assert not known - found, f"no longer so, take it out above: {dict(known - found)}"
    assert len(EVERY) > 300


def test_reads_over_all_tenants_are_not_folded() -> None:
    """Those that are made when they are first used are looked at where they were: tests/conftest.py."""
    folded = [each.sql for each in EVERY if each.folds and unbound(each._core)]
    assert not folded, "give the read of one tenant a filter of its own, and leave `scope_ready` to that one"


async def test_a_read_without_its_tenant_is_found_whenever_it_was_made(door: Door) -> None:
    loose = Statement(select(projects.c.id).where(scope_ready()).limit(1))
    await door.fetch(tenant_scope("360100"), loose)
    assert [each for each in read_without_a_tenant() if loose.sql in each]
    READ.discard(loose)


def test_rows_that_are_given_are_inserted_beside_their_tenant() -> None:
    found: Counter[str] = Counter()
    for each in EVERY:
        for part in visitors.iterate(each._core):
            if isinstance(part, dml.Insert) and part.select is not None and part.table.name in TENANT:
                froms = part.select.get_final_froms() if isinstance(part.select, selectable.Select) else []
                if not {getattr(leaf, "name", "") for one in froms for leaf in leaves(one)} & TENANT:
                    found[part.table.name] += 1
    assert not found, "`beside_tenant` and `insert_rows` of kit/tables put them there"


def test_nothing_volatile_is_written() -> None:
    """Each node would draw its own: what is drawn is a parameter."""
    writing = [each.sql for each in EVERY if _verb(each._core) != "select"]
    assert len(writing) > 50
    assert not [sql for sql in writing if VOLATILE.search(sql)]


def test_what_is_written_hangs_on_no_session() -> None:
    """A moment and an interval are added by the zone of the session; by UTC none is asked (identity/revoking.py)."""
    added = 0
    for each in EVERY:
        for part in visitors.iterate(each._core):
            if isinstance(part, dml.Update | dml.Insert):
                clause = getattr(part, "_post_values_clause", None)
                sets = dict(getattr(clause, "update_values_to_set", {})) | dict(part._values or {})
                for one in (one for value in sets.values() for one in _within(value)):
                    sides = [one.left, one.right] if isinstance(one, elements.BinaryExpression) else []
                    by = [side for side in sides if isinstance(side.type, Interval)]
                    moments = [s for s in sides if isinstance(s.type, DateTime) and s.type.timezone]
                    added += len(by)
                    columns = [
                        inner for side in moments for inner in _within(side) if hasattr(inner, "table")
                    ]
                    assert not (by and columns), each.sql
    assert added > 3


def test_every_table_is_distributed_or_a_reference() -> None:
    files = [*SQL.glob("*.sql"), *VERSIONS.glob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    made, kept = (
        set(re.findall(rf"create_{kind}_table\('(\w+)'", text)) for kind in ("distributed", "reference")
    )
    assert made - {"obligation_notes"} == TENANT, "(that one was dropped again)"
    assert kept <= REFERENCE
    # Those of later migrations are laid out after the last one: migrations/spread.py goes by the models.
    assert {each.name for each in metadata.sorted_tables if each.info["kind"] == "reference"} == REFERENCE


def test_policies_ask_no_other_table(catalog: Any) -> None:  # noqa: F811
    rows = _policies(catalog)
    asking = Counter(row["tablename"] for row in rows if "SELECT" in _said(row).upper())
    new = asking - Counter(ASKING)
    assert not new, f"copy the fact onto the row: {dict(sorted(new.items()))}"
    gone = Counter(ASKING) - asking
    assert not gone, f"no longer so, take it out above: {dict(sorted(gone.items()))}"
    assert len(rows) > 300


def test_what_stays_for_the_version_before_is_named(catalog: Any) -> None:  # noqa: F811
    """Not laid out on several machines; a migration of the version after this one takes them away."""
    rows = catalog(
        "SELECT tablename FROM pg_policies WHERE schemaname = 'public' AND policyname ~ '_before_'"
    )
    assert Counter(row["tablename"] for row in rows) == Counter(BEFORE)


def test_policies_ask_no_other_tenant(catalog: Any) -> None:  # noqa: F811
    """Each table that a policy asks is tied to the tenant of the row, or of the scope, and to no other."""
    asked = 0
    for row in _policies(catalog):
        text = " ".join(_said(row).split()).replace(_SCOPED, "scoped")
        own = {f"{row['tablename']}.tenant_id", "scoped"}
        for table, alias in re.findall(r"FROM (\w+) (\w+)", text):
            if table not in TENANT:
                continue
            sides = re.findall(rf"\b{alias}\.tenant_id = ([\w.]+)|([\w.]+) = {alias}\.tenant_id\b", text)
            tied = {one or other for one, other in sides}
            asked += 1
            assert tied, f"{row['tablename']}, {row['policyname']}: {table} of every tenant"
            others = tied - own - {f"{name}.tenant_id" for _, name in re.findall(r"FROM (\w+) (\w+)", text)}
            assert not others, f"{row['tablename']}, {row['policyname']}: {table} by {sorted(others)}"
    assert asked > 100


def _policies(catalog: Any) -> list[Any]:  # noqa: F811
    """All but those that stay for the version before, which are not laid out on several machines."""
    rows = catalog(
        "SELECT tablename, policyname, qual, with_check FROM pg_policies WHERE schemaname = 'public'"
    )
    return [row for row in rows if "_before_" not in row["policyname"]]


def _said(row: Any) -> str:
    return f"{row['qual'] or ''} {row['with_check'] or ''}"
