"""Everything in an office's hands changes to the successor's, set by set, in the transaction that records it.

Rows of what happened stay under the office of their day; row level security lets the successor's people read them
(migration 0031). Only what is worked on moves; each statement names its table, and its rows are found by the office.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import text

from service.identity.holdings import LIVE_ADOPTION, UNSIGNED
from service.identity.models import office_successions
from service.kit import proofs
from service.kit.api import Call
from service.kit.db import Tx, metadata
from service.kit.ids import new_id
from service.kit.statements import Statement
from service.kit.tables import insert_row

_FROM, _TO = "CAST(:office AS uuid)", "CAST(:successor AS uuid)"
_WHERE = f"tenant_id = :tenant AND office_id = {_FROM}"


def _new_id(of: str) -> str:
    """The id of a row that is made of another, by its id and a seed that is drawn once.

    Nothing is drawn within a statement: where tenants lie on several machines it would be each machine's own.
    """
    halves = (f"{of}::text", f"{of}::text || CAST(:seed AS text)")
    made = " || ".join(f"lpad(to_hex(hashtextextended({each}, 0)), 16, '0')" for each in halves)
    return f"CAST({made} AS uuid)"


def _moves(table: str, more: str = "", where: str = "true") -> Statement:
    return Statement(text(f"UPDATE {table} SET office_id = {_TO}{more} WHERE {_WHERE} AND {where}"))


RECORD = insert_row(office_successions, given={"recorded_at": None})
# What was handed to this office before is handed on with it.
CARRY = Statement(
    text(
        "INSERT INTO office_successions (tenant_id, id, predecessor, successor, predecessor_name, successor_name, "
        f"direct, document, by, at) SELECT DISTINCT ON (s.predecessor) s.tenant_id, {_new_id('s.id')}, s.predecessor, "
        f"{_TO}, s.predecessor_name, CAST(:name AS text), false, CAST(:document AS text), CAST(:by AS text), "
        "CAST(:now AS timestamptz) FROM office_successions s WHERE s.tenant_id = :tenant "
        f"AND s.successor = {_FROM} AND s.predecessor NOT IN ({_FROM}, {_TO})"
    )
)
# The case's own history names both offices; its rows of before keep the old one's id.
_TOLD = (
    "INSERT INTO transitions (tenant_id, office_id, id, project_id, action, from_state, to_state, actor, "
    "actor_tenant, client, reason, citation, details, at) "
    f"SELECT tenant_id, {_TO}, {_new_id('id')}, id, 'change_owner', state, state, CAST(:by AS text), tenant_id, "
    "CAST(:client AS text), CAST(:document AS text), '{\"articles\": []}'::jsonb, "
    f"jsonb_build_object('from_office', {_FROM}::text, 'from_name', owner_name, 'to_office', {_TO}::text, "
    f"'to_name', CAST(:name AS text)), CAST(:now AS timestamptz) FROM projects WHERE {_WHERE}"
)
_PROJECTS = (
    f"UPDATE projects SET office_id = {_TO}, owner_name = CAST(:name AS text), tier = CAST(:tier AS text), "
    "division = CAST(:division AS text), office_kind = CAST(:office_kind AS text), "
    f"updated_at = CAST(:now AS timestamptz), version = version + 1 WHERE {_WHERE}"
)
_PLAIN = (
    "project_drafts",
    "project_findings",
    "similarity_keys",
    "obligations",
    "obligation_cases",
    "obligation_reminders",
    "inbox",
)
# One that has ended keeps the name it had; the successor may still rate it.
_ADOPTIONS = _moves(
    "adoptions",
    f", adopter_name = CASE WHEN {LIVE_ADOPTION} THEN CAST(:name AS text) ELSE adopter_name END, "
    "division = CAST(:division AS text), version = version + 1",
)
_MOVES = (
    *(_moves(table) for table in _PLAIN),
    _moves("apps", ", version = version + 1"),
    _moves("systems", ", version = version + 1"),
    # A calendar address ends with its maker's right to it: what goes on is that of people who go along.
    _moves("obligation_feeds", where="split_part(created_by, ' via ', 1) <> ALL (CAST(:ended AS text[]))"),
)
_SEEN_BY = (
    "(SELECT array_agg(DISTINCT o ORDER BY o) FROM unnest(array_replace(offices, {0}::text, {1}::text)) o)"
)
_ELSEWHERE = (
    *(
        Statement(
            text(
                f"UPDATE {table} SET offices = {_SEEN_BY.format(_FROM, _TO)} "
                f"WHERE tenant_id = :tenant AND {_FROM}::text = ANY (offices)"
            )
        )
        for table in ("apps", "app_entries")
    ),
    Statement(
        text(
            f"UPDATE experts SET employer_office_id = {_TO}, version = version + 1 "
            f"WHERE tenant_id = :tenant AND employer_office_id = {_FROM}"
        )
    ),
    Statement(
        text(
            "UPDATE frameworks AS t SET parties = (SELECT array_agg(DISTINCT o) FROM "
            f"unnest(array_replace(parties, {_FROM}::text, {_TO}::text)) o), party_names = party_names "
            f"|| jsonb_build_object({_TO}::text, CAST(:name AS text)) WHERE t.tenant_id = :tenant AND {UNSIGNED}"
        )
    ),
)
_RENAMED = (
    "UPDATE projects SET owner_name = CAST(:name AS text), version = version + 1 "
    f"WHERE {_WHERE} AND owner_name <> CAST(:name AS text)"
)
_RENAMED_ADOPTIONS = Statement(
    text(
        f"UPDATE adoptions SET adopter_name = CAST(:name AS text), version = version + 1 WHERE {_WHERE} "
        f"AND {LIVE_ADOPTION}"
    )
)


def add(tx: Tx, statement: Statement, given: Mapping[str, Any]) -> None:
    """Adds a set-based change with those of the parameters that it names."""
    tx.batch.add(statement, expect=None, **_named(statement, given))


def _named(statement: Statement, given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in statement.names if name in given}


@cache
def _returning(sql: str, table: str) -> Statement:
    """With the rows as they are now; the tables stand above this package and are looked up when they are there."""
    columns = ", ".join(f'"{name}"' for name in proofs.columns(metadata.tables[table]))
    return Statement(text(f"{sql} RETURNING {columns}"))


async def _changed(tx: Tx, sql: str, table: str, given: Mapping[str, Any]) -> None:
    """Runs a set-based change of cases and keeps the digests of what it made of them for the trail (kit/proofs)."""
    statement = _returning(sql, table)
    tx.told(metadata.tables[table], await tx.fetch(statement, **_named(statement, given)))


async def record(
    call: Call, tx: Tx, office: Mapping[str, Any], successor: Mapping[str, Any], document: str | None
) -> None:
    """Writes the succession, alone: only after it may rows change their office."""
    tenant = office["tenant_id"]
    row = {
        "tenant_id": tenant,
        "id": new_id(),
        "predecessor": office["id"],
        "successor": successor["id"],
        "predecessor_name": office["name"],
        "successor_name": successor["name"],
        "direct": True,
        "document": document,
        "by": call.principal.actor,
        "at": call.now,
    }
    tx.batch.add(RECORD, **row)
    if office["id"] != successor["id"]:
        carried = {"office": office["id"], "successor": successor["id"], "tenant": tenant, "now": call.now}
        carried["seed"] = new_id()
        add(tx, CARRY, {**carried, "name": successor["name"], "document": document, "by": row["by"]})
    await tx.flush()


async def hand_over(
    call: Call,
    tx: Tx,
    office: Mapping[str, Any],
    successor: Mapping[str, Any],
    document: str | None,
    ended: list[str],
) -> None:
    """Writes the moves; `record` must have been written. `ended`: makers of calendar addresses who do not go along."""
    given = {
        "tenant": office["tenant_id"],
        "office": office["id"],
        "successor": successor["id"],
        "name": successor["name"],
        "tier": successor["tier"],
        "division": successor["division"],
        "office_kind": successor["office_kind"],
        "document": document,
        "by": call.principal.actor,
        "client": call.principal.client,
        "now": call.now,
        "ended": ended,
        "seed": new_id(),
    }
    await _changed(tx, _TOLD, "transitions", given)
    await _changed(tx, _PROJECTS, "projects", given)
    for statement in (_ADOPTIONS, *_MOVES):
        add(tx, statement, given)
    await tx.flush()  # one statement changes a row once: an app moves first, then who sees it
    for statement in _ELSEWHERE:
        add(tx, statement, given)
    await tx.flush()


async def rename(tx: Tx, office: Mapping[str, Any], name: str) -> None:
    """The office's cases and adoptions carry its new name; what was sealed and recorded keeps the old one."""
    given = {"tenant": office["tenant_id"], "office": office["id"], "name": name}
    await _changed(tx, _RENAMED, "projects", given)
    add(tx, _RENAMED_ADOPTIONS, given)
