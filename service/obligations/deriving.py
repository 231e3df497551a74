"""Obligations of cases, derived anew and written where they differ: after every event of a case, and every day.

Everything is read in the transaction, in the tenant's own scope: the case as it stands, the tenant's rule book, the
calendar. So neither the order of events nor their repetition matters, and building anew gives the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.ids import stable_id
from service.measures.deadlines import (
    HALT_ARTICLES,
    OWES_NOTHING,
    Calendar,
    CaseOnDay,
    Obligation,
    Status,
    due,
)
from service.measures.duties import ENDS_WHEN_GONE
from service.measures.figures import Figures
from service.measures.gates import GatedCase
from service.measures.law import law_of
from service.measures.lifecycle_states import State, procedure_of
from service.measures.offices import Tier
from service.measures.parameters import RuleBook
from service.obligations.asked import ASKED
from service.obligations.counting import Count
from service.obligations.queries import CASES, EXISTING, SPECIAL
from service.obligations.statements import DERIVED, LOCK, LOCK_READ, WRITE
from service.obligations.watching import watch
from service.rulebook.book import RuleBooks
from service.rulebook.following import books_in

EVERY_STATE = frozenset(State)
_OWED = (Status.OPEN.value, Status.LAPSED.value)


@dataclass(frozen=True)
class Derived:
    """A case with what it owes on the day, each with the id of its row."""

    case: Row
    owed: dict[str, Obligation] = field(default_factory=dict)


NEVER = date(1, 1, 1)  # a case that the worker has not looked at yet


async def refresh(
    tx: Tx, tenant: str, ids: Sequence[str], today: date, *, read: bool = False
) -> list[Derived]:
    """Brings the obligations of the cases up to the day and returns what is owed; repeating it changes nothing.

    `read`: for a reading, which is no look of the worker's.
    """
    lock, looked_on = (LOCK_READ, NEVER) if read else (LOCK, today)
    locked = await tx.fetch(lock, tenant_id=tenant, ids=sorted(ids), looked_on=looked_on, today=today)
    found = [row["project_id"] for row in locked]
    counted = {row["project_id"]: row["counted_for"] for row in locked}
    if not found:
        return []
    books = await books_in(tx)
    cases = await tx.fetch(CASES, tenant_id=tenant, ids=found)
    asked: dict[str, list[Row]] = {}
    for row in await tx.fetch(ASKED, tenant_id=tenant, ids=found):
        asked.setdefault(row["project_id"], []).append(row)
    kept: dict[str, dict[str, Row]] = {}
    for row in await tx.fetch(EXISTING, tenant_id=tenant, ids=found):
        kept.setdefault(row["project_id"], {})[row["id"]] = row
    derived, rows, count = list[Derived](), list[dict[str, Any]](), Count(tenant)
    for case in cases:
        view = on_day(case, asked.get(case["id"], []), books, tenant, today)
        owed = {stable_id("obligation", tenant, case["id"], o.code, o.key): o for o in due(view)}
        derived.append(Derived(case, owed))
        changed = differing(case, kept.get(case["id"], {}), owed, today)
        count.change(case, counted[case["id"]], kept.get(case["id"], {}), changed)
        rows += changed
    if rows:
        tx.batch.add(WRITE, expect=None, of_tenant=tenant, rows=rows)
    count.write(tx)
    await tx.flush()
    await watch(tx, tenant, found)
    return derived


async def calendar(tx: Tx) -> Calendar:
    """The calendar as entered."""
    return Calendar({row["day"]: row["working"] for row in await tx.fetch(SPECIAL)})


def on_day(case: Row, asked: Sequence[Row], books: RuleBooks, tenant: str, today: date) -> CaseOnDay:
    """The case as deadlines read it."""
    dated: Mapping[str, Any] = case["dated"] or {}
    imported = (dated.get("imported") or {}).get("on")
    declarer, law = Tier(case["tier"]), law_of(dated, books.book.first_date)
    return CaseOnDay(
        state=State(case["state"]),
        procedure=procedure_of(case["route"], declarer),
        declarer=declarer,
        gated=GatedCase(today, dated, Figures(books.of(tenant).under(law), today), kind=case["kind"]),
        created=date.fromisoformat(imported) if imported else legal_day(case["created_at"]),
        since=legal_day(case["entered_at"]) if case["entered_at"] else None,
        filed=legal_day(case["filed_at"]) if case["filed_at"] else None,
        provincial=Figures(books.book.under(law), today),
        below_limit=_below_limit(case, books.of(tenant).under(law), today),
        queries={
            row["key"]: (
                legal_day(row["asked_at"]),
                legal_day(row["answered_at"]) if row["answered_at"] else None,
            )
            for row in asked
            if row["kind"] == "filing_query"
        },
        opinions={row["key"]: legal_day(row["answered_at"]) for row in asked if row["kind"] == "opinion"},
    )


def _below_limit(case: Row, book: RuleBook, today: date) -> bool:
    """Art. 9 on what a draft says so far: whether it stays below the limit of its class, upkeep aside (R3)."""
    name = str(case["project_class"])
    upkeep = case["kind"] == "maintain" and book.flag_on(f"maintenance_excluded.{name}", today)
    return bool(upkeep or case["investment_fen"] < book.number_on(f"limit.{name}", today))


def _on_its_day(row: dict[str, Any], old: Row | None) -> dict[str, Any]:
    """The day on which a duty was kept stays, whatever is told again later (art. 39)."""
    if old is not None and old["state"] == row["state"] == Status.DONE.value:
        row["done_on"] = old["done_on"]
    return row


def differing(
    case: Row, kept: Mapping[str, Row], owed: Mapping[str, Obligation], today: date
) -> list[dict[str, Any]]:
    """The rows to write: what is new or changed, and what is owed no longer."""
    rows = []
    for row_id, each in owed.items():
        row = _on_its_day(row_of(case, row_id, each), kept.get(row_id))
        if row_id not in kept or any(kept[row_id][name] != row[name] for name in DERIVED):
            rows.append(row)
    state_of = State(case["state"])
    over = state_of in OWES_NOTHING
    for row_id, old in kept.items():
        if row_id in owed or old["state"] not in _OWED:
            continue
        done = not over and state_of not in ENDS_WHEN_GONE.get(old["code"], EVERY_STATE)
        state = Status.DONE if done else Status.VOID
        ended = {"state": state.value, "paused": False, "done_on": today if done else None}
        rows.append({**dict(old), **ended})
    return rows


def row_of(case: Row, row_id: str, owed: Obligation) -> dict[str, Any]:
    """An obligation as its row."""
    return {
        "tenant_id": case["tenant_id"],
        "office_id": case["office_id"],
        "id": row_id,
        "project_id": case["id"],
        "code": owed.code,
        "key": owed.key,
        "state": owed.status.value,
        "due": owed.due,
        "since": owed.since,
        "article": owed.article,
        "basis": owed.basis.value,
        "severity": owed.severity.value,
        "duty_tier": owed.duty.tier.value,
        "duty_roles": list(owed.duty.roles),
        "desk": owed.duty.desk,
        "paused": owed.paused,
        "pauses": [
            {
                "reason": each.halt.value,
                "since": each.since.isoformat(),
                "until": each.until.isoformat() if each.until else None,
                "article": HALT_ARTICLES[each.halt],
            }
            for each in owed.pauses
        ],
        "done_on": owed.done_on,
        "amended_by": list(owed.amended_by),
        "route": case["route"] or "",
    }
