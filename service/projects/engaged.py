"""What a project is engaged to, as its records stand, and the findings that these give together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from service.kit.db import Row, Tx
from service.kit.money import fen
from service.measures.engagements import (
    CODES,
    CONTRACT,
    OVERSIGHT,
    PROCUREMENT,
    Around,
    Engagement,
    findings,
    latest,
)
from service.measures.findings import Finding
from service.measures.lifecycle import Action
from service.measures.ownership import owned_by_government
from service.projects.case import Case
from service.projects.findings import record_findings
from service.projects.phases import fact_day
from service.projects.queries_records import IN_FORCE, REPLACED

_KINDS = {
    Action.RECORD_PROCUREMENT.value: PROCUREMENT,
    Action.RECORD_CONTRACT.value: CONTRACT,
    Action.RECORD_SUPERVISION.value: OVERSIGHT,
}
READ = (*_KINDS, Action.RECORD_PAYMENT, Action.NAME_RESPONSIBLE, Action.COMMISSION_APPRAISAL)
Told = Mapping[str, Any]  # id, kind, on, content of a record that stands or is about to


async def in_force_of(tx: Tx, case: Case, *kinds: Action | str) -> list[Row]:
    """The records of these kinds that nothing has taken the place of, newest first."""
    names = [kind.value if isinstance(kind, Action) else kind for kind in kinds]
    return await tx.fetch(IN_FORCE, tenant_id=case.tenant_id, id=case.id, kinds=names)


async def engaged(
    tx: Tx,
    case: Case,
    now: datetime,
    *,
    records: Sequence[Told] | None = None,
    new: Told | None = None,
    old: str | None = None,
    approved: tuple[date | None, int | None] | None = None,
) -> list[Finding]:
    """Writes what the engagements show by now and returns what is new of it.

    `records`: those of READ where they were read already; `new` is about to stand, in the place of `old`. `approved`:
    day and fen where they are about to change.
    """
    rows: list[Told] = list(await in_force_of(tx, case, *READ) if records is None else records)
    left = [row for row in rows if row["id"] != old] + ([new] if new else [])
    replaced = await _replaced(tx, case, left)
    if new and old:
        replaced[old] = new["id"]
    day, amount = approved or (fact_day(case, "approved"), case.approved_fen)
    around = Around(day, amount, _builders(case, left), _of(left, Action.COMMISSION_APPRAISAL, "agency"))
    return record_findings(tx, case, CODES, findings(_engagements(left, replaced), around), now)


async def _replaced(tx: Tx, case: Case, rows: Sequence[Told]) -> dict[str, str]:
    """What stands in the place of contracts that were corrected after something was paid under them."""
    kind = Action.RECORD_CONTRACT.value
    known = {row["id"] for row in rows if row["kind"] == kind}
    if {_under(row) for row in rows} - {None} <= known:
        return {}
    found = await tx.fetch(REPLACED, tenant_id=case.tenant_id, id=case.id, kinds=[kind])
    return {row["supersedes"]: row["id"] for row in found}


def _under(row: Told) -> str | None:
    """The contract that a payment names."""
    paid = row["kind"] == Action.RECORD_PAYMENT.value
    return row["content"].get("contract") if paid else None


def _engagements(rows: Sequence[Told], replaced: Mapping[str, str]) -> list[Engagement]:
    paid: dict[str, list[tuple[date, int]]] = {}
    for row in rows:
        contract = _under(row)
        if contract is not None:
            amount = fen(row["content"]["amount_yuan"])
            paid.setdefault(latest(contract, replaced), []).append((row["on"], amount))
    return [_engagement(row, paid.get(row["id"], ())) for row in rows if row["kind"] in _KINDS]


def _engagement(row: Told, paid: Sequence[tuple[date, int]]) -> Engagement:
    kind, content = _KINDS[row["kind"]], row["content"]
    overseen = kind == OVERSIGHT
    clause = (content.get("ownership_clause") or {}).get("quote")
    return Engagement(
        row["on"],
        None if overseen else owned_by_government(clause),
        kind,
        fen(content.get("amount_yuan") or "0"),
        content["contract_number" if overseen else "number"],
        (content["company"],) if overseen else tuple(content["parties"]),
        tuple(paid),
    )


def _builders(case: Case, rows: Sequence[Told]) -> list[str]:
    return [case.owner_name, *_of(rows, Action.NAME_RESPONSIBLE, "implementing_body")]


def _of(rows: Sequence[Told], action: Action, member: str) -> list[str]:
    return [str(row["content"][member]) for row in rows if row["kind"] == action.value]
