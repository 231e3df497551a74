"""The worker's part of a confirmed spill (art. 14): every word of it goes, everywhere, and a tombstone stays.

One transaction under the worker's login, whose rows open only to a confirmed spill (migration 0015), or to what it told
the row's tenant before (migration 0090): done whole or not at all, and done again it changes nothing. A second pass a
minute later takes what was on its way during the first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, DateTime, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from service.documents.storage import Storage, aside
from service.kit.db import RELAY, Door, Row, Tx, metadata, tenant_scope
from service.kit.ordering import database_now
from service.kit.statements import Statement
from service.kit.tables import insert_rows, update_row
from service.portfolio.closing import close
from service.portfolio.erasure_alone import of_file
from service.portfolio.erasure_finding import TOLD_BY, found_before, resolved
from service.portfolio.erasure_plan import RULES, Rule
from service.portfolio.models import spill_words, spills
from service.portfolio.queries import CONFIRMED, FILES, HELD, PURGED, TENANTS, WORDS

SETTLES = timedelta(seconds=60)  # whatever was under way during the first pass is over by then
GONE = "（已清除）"
# Files and replies first: then the rows by which others are found are still as they were.
_LAST = ("projects", "project_drafts", "project_versions", "documents", "apps")
_ORDER = sorted(RULES, key=lambda name: (name in _LAST, name))

_DONE = update_row(spills, state="to_state", erased_at="erased", purged_at="purged")
_TOLD = insert_rows(spill_words, ignore_conflict=True)


async def purge_spills(door: Door, storage: Storage) -> int:
    """All confirmed spills that are due for their first or second pass; returns how many passes were made."""
    now = await database_now(door)
    due = await door.fetch(RELAY, CONFIRMED, settled=now - SETTLES)
    failed: Exception | None = None
    for spill in due:
        try:
            await _pass(door, storage, spill, now)
        except Exception as error:  # one that cannot be done now does not hold up the others
            failed = error
    if failed is not None:
        raise failed
    return len(due)


async def _pass(door: Door, storage: Storage, spill: Row, now: datetime) -> None:
    """Bytes first: a crash in between leaves rows that still tell which they were."""
    for file in await door.fetch(RELAY, FILES, tenant_id=spill["tenant_id"], project_id=spill["project_id"]):
        if spill["document_id"] in (None, file["id"]):
            await aside(storage.delete, spill["tenant_id"], file["id"])
    tenants = [row["tenant_id"] for row in await door.fetch(RELAY, TENANTS)]
    await _tell(door, spill, tenants)
    async with door.transaction(RELAY) as tx:
        if await tx.row(HELD, tenant_id=spill["tenant_id"], id=spill["id"], seen=spill["erased_at"]) is None:
            # Another worker was before this one: what was told after its last pass goes as well.
            if await tx.row(PURGED, tenant_id=spill["tenant_id"], id=spill["id"]) is not None:
                await _forget(tx, spill, tenants)
            return
        await erase(tx, spill, tenants, now)
        first = spill["erased_at"] is None
        if first:
            await close(tx, spill, now)
        await tx.flush()  # the closing's own rows, before the state that permits them goes
        last = not first
        if last:
            await _forget(tx, spill, tenants)
        await tx.fetch(
            _DONE,
            of_tenant=spill["tenant_id"],
            of_id=spill["id"],
            to_state="purged" if last else "confirmed",
            erased=spill["erased_at"] or now,
            purged=now if last else None,
        )


async def _tell(door: Door, spill: Row, tenants: list[str]) -> None:
    """Writes into each tenant, in its own scope, by which ids its rows are found; what was told before stays told."""
    given = {"tenant_id": spill["tenant_id"], "project_id": spill["project_id"]}
    words = [("projects", str(spill["project_id"]))]
    for parent, statement in _FOUND.items():
        words += [
            (parent, row["id"]) for row in await door.fetch(RELAY, statement, **_named(statement, given))
        ]
    whose = {"spill_id": str(spill["id"]), "spill_tenant": spill["tenant_id"]}
    rows = [{**whose, "source": source, "word": word} for source, word in words]
    for tenant in tenants:
        async with door.transaction(tenant_scope(tenant)) as tx:
            await tx.fetch(_TOLD, of_tenant=tenant, rows=rows)


async def _forget(tx: Tx, spill: Row, tenants: list[str]) -> None:
    for tenant in tenants:
        await tx.fetch(_FORGOTTEN, **_named(_FORGOTTEN, {"row_tenant": tenant, "spill_id": spill["id"]}))


async def erase(tx: Tx, spill: Row, tenants: list[str], now: datetime) -> None:
    """Every rule of the plan, in the case's tenant or in one after the other; nothing where its one file is unknown."""
    given = await _given(tx, spill, now)
    alone = spill["document_id"] is not None
    if alone and given["digest"] is None:
        return
    for name in _ORDER:
        for index, rule in enumerate(RULES[name]):
            statement = _statement(name, index, alone)
            if statement is None:
                continue
            for tenant in tenants if rule.across else [spill["tenant_id"]]:
                await tx.fetch(statement, **_named(statement, {**given, "row_tenant": tenant}))


async def _given(tx: Tx, spill: Row, now: datetime) -> dict[str, Any]:
    """What the statements are told of the spill, and the ids of what stands for its case; all read before any goes."""
    given = {name: spill[name] for name in ("tenant_id", "project_id", "document_id")}
    given |= {"mark": {"purged": str(spill["id"])}, "now": now}
    words = await tx.fetch(WORDS, tenant_id=spill["tenant_id"], id=spill["id"])
    given |= {parent: [row["word"] for row in words if row["source"] == parent] for parent, _ in TOLD_BY}
    file = await tx.row(_DIGEST, **_named(_DIGEST, given))
    return {**given, "digest": file and file["digest"]}


def _named(statement: Statement, given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in statement.names}


# The spill as its statements know it, and the file where it is of one alone: that it is confirmed is held (`HELD`), and
# asked by the policies of every table.
_SPILL = "(SELECT CAST(:tenant_id AS text) AS tenant_id, CAST(:project_id AS uuid) AS project_id) z"
_FILE = "(SELECT CAST(:document_id AS uuid) AS id, CAST(:digest AS text) AS digest) d"
_KINDS: dict[str, Any] = {
    "tenant_id": Text,
    "spill_id": Uuid(as_uuid=False),
    "project_id": Uuid(as_uuid=False),
    "document_id": Uuid(as_uuid=False),
    "digest": Text,
    "row_tenant": Text,
    "mark": JSONB,
    "now": DateTime(timezone=True),
    **{parent: ARRAY(Text) for parent, _ in TOLD_BY},
}


def _of(sql: str) -> Statement:
    params = [bindparam(key, type_=kind) for key, kind in _KINDS.items() if re.search(rf":{key}\b", sql)]
    return Statement(text(sql).bindparams(*params))


_FOUND = {
    parent: _of(found_before(parent, of_case).replace(f"{parent} e", f"{_SPILL}, {parent} e", 1))
    for parent, of_case in TOLD_BY
}
_FORGOTTEN = _of("DELETE FROM spill_words WHERE tenant_id = :row_tenant AND spill_id = :spill_id")
_DIGEST = _of("SELECT d.digest FROM documents d WHERE d.tenant_id = :tenant_id AND d.id = :document_id")


@cache
def _statement(name: str, index: int, alone: bool) -> Statement | None:
    """The statement of a rule, if it does anything; `alone`: of one file only. One tenant's rows at a time."""
    rule = RULES[name][index]
    more = of_file(name, rule) if alone else None
    if (alone and more is None) or not (rule.erase or rule.delete):
        return None
    places = f"{_SPILL}, {_FILE}" if alone else _SPILL
    found = f"{name}.tenant_id = :row_tenant AND ({resolved(rule.where).format(t=name)})"
    if more:
        found += f" AND ({more})"
    if rule.delete:
        return _of(f"DELETE FROM {name} USING {places} WHERE {found}")
    sets = ", ".join(f"{column} = {_tombstone(name, column, rule)}" for column in _written(name, rule))
    return _of(f"UPDATE {name} SET {sets} FROM {places} WHERE {found}")


def _written(name: str, rule: Rule) -> list[str]:
    """The columns an erasing writes; what `also` leaves empty the closing of the case writes instead."""
    own = [
        column for column in rule.also if rule.also[column] or (name, column) == ("documents", "removed_at")
    ]
    return [*rule.erase, *(column for column in own if column not in rule.erase)]


def _tombstone(name: str, column: str, rule: Rule) -> str:
    if rule.also.get(column):
        return rule.also[column]
    if (name, column) == ("documents", "removed_at"):
        return "coalesce(documents.removed_at, :now)"
    kind = metadata.tables[name].c[column]
    gone = f"'{GONE}'"
    if isinstance(kind.type, JSONB):  # a list goes on to be read as one
        gone = f"CASE WHEN jsonb_typeof({name}.{column}) = 'array' THEN '[]'::jsonb ELSE :mark END"
    return f"CASE WHEN {name}.{column} IS NULL THEN NULL ELSE {gone} END" if kind.nullable else gone
