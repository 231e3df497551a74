"""Queries on what was filed, and their answers (arts 23, 39)."""

from __future__ import annotations

from typing import Any

from service.audit.actions import audited
from service.filings.models import filing_queries
from service.filings.queries import FILING, QUERY
from service.filings.schemas import AnswerIn, AskIn, QueryView
from service.kit.api import Call
from service.kit.command import command, ref_of
from service.kit.db import Row, Tx
from service.kit.errors import ServiceError, not_found
from service.kit.ids import Ref, new_id
from service.kit.outbox import Recipient, emitted
from service.kit.tables import insert_row, update_row
from service.projects.case import Case, row_taken
from service.projects.submission import PROVINCE
from service.province import HERE

TAG = "filings"

FILED_WITH = HERE.filed_with
_ASK = insert_row(filing_queries)
Q = filing_queries.c
_ANSWER = update_row(
    filing_queries, Q.answered_at.is_(None), answer="text", answered_by="by", answered_at="at"
)


def query_view(row: Any) -> QueryView:
    return QueryView(
        row["id"],
        str(Ref(row["tenant_id"], row["filing_id"])),
        *(row[name] for name in QueryView.__struct_fields__[2:]),
    )


def city_desks(case: Case) -> list[Recipient]:
    """Who in the city hears of an approval or filing."""
    return [
        Recipient(case.tenant_id, "gatekeeper"),
        Recipient(case.tenant_id, "portal"),
        Recipient(case.tenant_id, "unit", case.office_id),
    ]


async def _filing(call: Call, tx: Tx, ref: Ref) -> Row:
    return await row_taken(tx, call.principal, FILING, ref)


@command(
    "POST",
    "/filings/{ref:str}/queries",
    resource="filing.query",
    action="ask",
    summary="就备案提出询问",
    tag=TAG,
    where="cases",
    body=AskIn,
    answer=QueryView,
    status=201,
    at=ref_of,
    view=lambda _, row: query_view(row),
)
async def ask(call: Call, tx: Tx, ref: Ref) -> dict[str, Any]:
    """询问不影响备案的效力（第三十九条）。"""
    # The province asks; the filing stands as it is.
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
    audited(call, tx, kind, filing["id"], {"query": query_id}, kind="filing", tenant=tenant)
    emitted(
        call,
        tx,
        kind,
        desks,
        {
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
        tenant=tenant,
    )
