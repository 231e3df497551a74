"""The worker's part of a confirmed spill (art. 14): every word of it goes, everywhere, and a tombstone stays.

One transaction under the worker's login, whose rows open only to a confirmed spill (migration 0015): done whole or not
at all, and done again it changes nothing. A second pass a minute later takes what was on its way during the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, DateTime, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from service.documents.storage import Storage, aside
from service.kit.db import RELAY, Door, Row, Tx, metadata
from service.kit.ordering import database_now
from service.kit.statements import Statement
from service.kit.tables import update_row
from service.portfolio.closing import close
from service.portfolio.erasure_alone import of_file
from service.portfolio.erasure_plan import RULES, Rule
from service.portfolio.models import spills
from service.portfolio.queries import CONFIRMED, FILES, HELD, TENANTS

SETTLES = timedelta(seconds=60)  # whatever was under way during the first pass is over by then
GONE = "（已清除）"
# Files and replies first: then the rows by which others are found are still as they were.
_LAST = ("projects", "project_drafts", "project_versions", "documents", "apps")
_ORDER = sorted(RULES, key=lambda name: (name in _LAST, name))

_DONE = update_row(spills, state="to_state", erased_at="erased", purged_at="purged")


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
    async with door.transaction(RELAY) as tx:
        if await tx.row(HELD, tenant_id=spill["tenant_id"], id=spill["id"], seen=spill["erased_at"]) is None:
            return
        await erase(tx, spill, tenants, now)
        first = spill["erased_at"] is None
        if first:
            await close(tx, spill, now)
        await tx.flush()  # the closing's own rows, before the state that permits them goes
        last = not first
        await tx.fetch(
            _DONE,
            of_tenant=spill["tenant_id"],
            of_id=spill["id"],
            to_state="purged" if last else "confirmed",
            erased=spill["erased_at"] or now,
            purged=now if last else None,
        )


async def erase(tx: Tx, spill: Row, tenants: list[str], now: datetime) -> None:
    """Every rule of the plan, in the case's tenant or in all at once."""
    alone = spill["document_id"] is not None
    for name in _ORDER:
        for index, rule in enumerate(RULES[name]):
            given = {
                "spill_tenant": spill["tenant_id"],
                "spill_id": spill["id"],
                "mark": {"purged": str(spill["id"])},
                "row_tenants": tenants if rule.across else [spill["tenant_id"]],
                "now": now,
            }
            for statement in _statements(name, index, alone):
                await tx.fetch(statement, **{k: v for k, v in given.items() if k in statement.names})


@cache
def _statements(name: str, index: int, alone: bool) -> tuple[Statement, ...]:
    return tuple(_built(name, RULES[name][index], alone))


def _built(name: str, rule: Rule, alone: bool) -> Iterator[Statement]:
    """The statement of a rule, if it does anything; `alone`: of one file only."""
    more = of_file(name, rule) if alone else None
    if (alone and more is None) or not (rule.erase or rule.delete):
        return
    files = " JOIN documents d ON d.tenant_id = z.tenant_id AND d.id = z.document_id" if alone else ""
    found = (
        f"z.tenant_id = :spill_tenant AND z.id = :spill_id AND z.state = 'confirmed' "
        f"AND {name}.tenant_id = ANY(:row_tenants) AND ({rule.where.format(t=name)})"
    )
    if more:
        found += f" AND ({more})"
    if rule.delete:
        sql = f"DELETE FROM {name} USING spills z{files} WHERE {found}"
    else:
        sets = ", ".join(f"{column} = {_tombstone(name, column, rule)}" for column in _written(name, rule))
        sql = f"UPDATE {name} SET {sets} FROM spills z{files} WHERE {found}"
    kinds: dict[str, Any] = {
        "spill_tenant": Text,
        "spill_id": Uuid(as_uuid=False),
        "row_tenants": ARRAY(Text),
        "mark": JSONB,
        "now": DateTime(timezone=True),
    }
    params = [bindparam(key, type_=kind) for key, kind in kinds.items() if f":{key}" in sql]
    yield Statement(text(sql).bindparams(*params))


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
