"""City approval, filing with the leading group's office, and its queries (arts 20, 23, 39)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Text, Uuid, bindparam, update

from service.audit.actions import record
from service.filings.models import filing_queries, filings
from service.filings.queries import APPROVAL, FILING, QUERY
from service.filings.schemas import AnswerIn, AskIn, ChangeDocument, FileIn, Receipt
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.counters import next_number
from service.kit.db import Row, Tx
from service.kit.digest import sealed
from service.kit.errors import ServiceError, not_found
from service.kit.ids import Ref, new_id
from service.kit.money import yuan
from service.kit.outbox import Recipient, emit
from service.kit.statements import Statement
from service.kit.tables import insert_row
from service.measures.gates_filing import amendments
from service.measures.lifecycle import Action
from service.projects.approving import approve_case
from service.projects.case import Case, in_reach, load
from service.projects.facts import record_fact
from service.projects.findings import record_findings
from service.projects.gatekeeping import follow
from service.projects.state import Step, actor_of, advance, opened, permit, totals_of
from service.projects.submission import PROVINCE
from service.province import HERE

FILED_WITH = HERE.filed_with
_FILE = insert_row(filings)
_ASK = insert_row(filing_queries)
Q = filing_queries.c
_ANSWER = Statement(
    update(filing_queries)
    .where(
        Q.tenant_id == bindparam("of_tenant", type_=Text),
        Q.id == bindparam("of_id", type_=Uuid(as_uuid=False)),
        Q.answered_at.is_(None),
    )
    .values(answer=bindparam("text"), answered_by=bindparam("by"), answered_at=bindparam("at"))
)


async def approve(call: Call, tx: Tx, ref: Ref) -> Case:
    """The city approves; the approved amount decides the route again, and another route is refused (law.md, trap 2)."""
    case = await load(tx, call.principal, ref, call.expected)
    actor = actor_of(call)
    before, moved = totals_of(case), follow(call, case)
    row = permit(case, Action.APPROVE, actor)
    await approve_case(
        tx, call, case, actor, Action.APPROVE, row, "project.approved", city_desks(case), moved, before
    )
    return case


def city_desks(case: Case) -> list[Recipient]:
    """Who in the city hears of an approval or filing."""
    return [
        Recipient(case.tenant_id, "gatekeeper"),
        Recipient(case.tenant_id, "portal"),
        Recipient(case.tenant_id, "unit", case.office_id),
    ]


async def file(call: Call, tx: Tx, ref: Ref) -> tuple[Case, str, Receipt]:
    """Files an approved project: number per tenant and year, receipt at once; nobody can reject it (art. 23)."""
    body: FileIn = call.body
    case, actor, row = await opened(call, tx, ref, Action.FILE)
    approval = await tx.row(APPROVAL, tenant_id=case.tenant_id, id=case.id)
    if approval is None:
        raise ServiceError(409, "action_not_allowed", "尚无批复，不能备案（第二十三条）", article=23)
    year = legal_day(call.now).year
    sequence = await next_number(tx, case.tenant_id, f"filing:{year}")
    before = totals_of(case)
    case.filing_number = f"{case.tenant_id}-{year}-{sequence:04d}"
    case.filed_at = call.now
    today = legal_day(call.now)
    changes = [_changed(each) for each in amendments(case.dated)]
    case.dated = record_fact(case.dated, "filed", today, number=case.filing_number, supplements=0)
    if changes:  # what was changed before the first filing is filed with it
        case.dated = record_fact(case.dated, "amended", today, documents=[])
    record_findings(tx, case, ("started_before_filing",), (), call.now)
    receipt = _receipt(case, approval, body.note, call, changes)
    filing_id = _add_filing(tx, case, year, receipt, call)
    wish = Step(
        Action.FILE,
        "filing.filed",
        [Recipient(PROVINCE, "office"), *city_desks(case)],
        details={"filing_number": case.filing_number, "digest": receipt.digest},
        extra={
            "filing": {
                "id": str(Ref(case.tenant_id, filing_id)),
                "number": case.filing_number,
                "receipt": receipt,
            }
        },
    )
    advance(tx, case, before, row, wish, actor)
    return case, filing_id, receipt


def _add_filing(tx: Tx, case: Case, year: int, receipt: Receipt, call: Call) -> str:
    filing_id = new_id()
    tx.batch.add(
        _FILE,
        tenant_id=case.tenant_id,
        office_id=case.office_id,
        id=filing_id,
        project_id=case.id,
        number=receipt.filing_number,
        year=year,
        project_name=case.name,
        owner_name=case.owner_name,
        approved_fen=case.approved_fen,
        receipt=receipt,
        filed_by=call.principal.actor,
        filed_at=call.now,
    )
    return filing_id


def _changed(told: Mapping[str, Any]) -> ChangeDocument:
    return ChangeDocument(told["number"], date.fromisoformat(told["date"]), told["digest"])


def _receipt(case: Case, approval: Row, note: str, call: Call, changes: list[ChangeDocument]) -> Receipt:
    receipt = Receipt(
        filing_number=case.filing_number or "",
        project_id=str(case.ref),
        project_name=case.name,
        owner_name=case.owner_name,
        tenant=case.tenant_id,
        tenant_name=approval["tenant_name"],
        approved_amount_yuan=yuan(
            approval["approved_fen"] if case.approved_fen is None else case.approved_fen
        ),
        document_number=approval["document_number"],
        document_date=approval["document_date"],
        document_digest=approval["document_digest"],
        filed_with=FILED_WITH,
        filed_at=call.now,
        articles=[23],
        note=note,
        digest="",
        changes=changes,
    )
    plain = {k: v for k, v in msgspec.to_builtins(receipt).items() if k != "digest"}
    receipt.digest = sealed(plain)
    return receipt


async def _filing(call: Call, tx: Tx, ref: Ref) -> Row:
    in_reach(call.principal, ref, tx.scope)
    row = await tx.row(FILING, tenant_id=ref.tenant, id=ref.id)
    if row is None:
        raise not_found()
    return row


async def ask(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """The province asks; the filing stands as it is."""
    body: AskIn = call.body
    filing = await _filing(call, tx, ref)
    query = {
        "tenant_id": ref.tenant,
        "office_id": filing["office_id"],
        "id": new_id(),
        "filing_id": ref.id,
        "question": body.question,
        "asked_by": call.principal.actor,
        "asked_by_tenant": call.principal.tenant,
        "asked_at": call.now,
        "answer": None,
        "answered_by": None,
        "answered_at": None,
    }
    tx.batch.add(_ASK, **query)
    desks = [Recipient(ref.tenant, "gatekeeper"), Recipient(ref.tenant, "portal")]
    _tell(call, tx, filing, "filing.queried", desks, {"question": body.question}, query["id"])
    return query


async def answer(call: Call, tx: Tx, ref: Ref, query_id: str) -> dict[str, Any]:
    """The city answers once."""
    body: AnswerIn = call.body
    filing = await _filing(call, tx, ref)
    row = await tx.row(QUERY, tenant_id=ref.tenant, id=query_id)
    if row is None or row["filing_id"] != ref.id:
        raise not_found()
    answered = ServiceError(409, "already_answered", "该询问已经答复")
    if row["answered_at"] is not None:
        raise answered
    who = call.principal.actor
    tx.batch.add(
        _ANSWER, miss=answered, of_tenant=ref.tenant, of_id=query_id, text=body.answer, by=who, at=call.now
    )
    desks = [Recipient(PROVINCE, "office")]
    _tell(
        call,
        tx,
        filing,
        "filing.answered",
        desks,
        {"question": row["question"], "answer": body.answer},
        query_id,
    )
    return {**dict(row), "answer": body.answer, "answered_by": who, "answered_at": call.now}


def _tell(
    call: Call, tx: Tx, filing: Row, kind: str, desks: list[Recipient], text: dict[str, str], query_id: str
) -> None:
    """Audit and event of a query or its answer; they need no pen, so no state moves."""
    tenant = filing["tenant_id"]
    record(
        tx,
        tenant=tenant,
        principal=call.principal,
        action=kind,
        object_kind="filing",
        object_id=filing["id"],
        summary={"query": query_id},
        request_id=call.trace_id,
        now=call.now,
    )
    emit(
        tx,
        tenant=tenant,
        kind=kind,
        recipients=desks,
        snapshot={
            "filing": {"id": str(Ref(tenant, filing["id"])), "number": filing["number"]},
            "project": {
                "id": str(Ref(tenant, filing["project_id"])),
                "tenant": tenant,
                "external_ref": filing["external_ref"],
                "name": filing["project_name"],
                "owner_name": filing["owner_name"],
            },
            "query": {"id": query_id, **text},
            "actor": call.principal.actor,
        },
        trace_id=call.trace_id,
        now=call.now,
    )
