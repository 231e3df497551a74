"""/projects/{id}/approve and /file, /filings: approval, filing, receipts, queries and answers."""

from __future__ import annotations

import msgspec

from service.filings import actions, filing_deeds, query_deeds, supplement_deeds
from service.filings.actions import TAG, query_view
from service.filings.queries import FILING, LISTING, QUERIES, SUPPLEMENTS
from service.filings.query_deeds import ANSWERED
from service.filings.schemas import (
    AnswerIn,
    FilingList,
    FilingQuery,
    FilingView,
    QueryList,
    QueryView,
    Receipt,
    SupplementList,
    SupplementReceipt,
)
from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.db import Row, Tx
from service.kit.errors import not_found
from service.kit.ids import Ref, is_uuid, parse_ref
from service.kit.money import yuan
from service.kit.rows import of_row
from service.projects import correcting
from service.projects.case import asked_for, row_seen


def filing_view(row: Row) -> FilingView:
    """A row of `filings` as an answer."""
    return of_row(
        FilingView,
        row,
        id=str(Ref(row["tenant_id"], row["id"])),
        project_id=str(Ref(row["tenant_id"], row["project_id"])),
        tenant=row["tenant_id"],
        approved_amount_yuan=yuan(row["in_force_fen"]),
        filed_amount_yuan=yuan(row["approved_fen"]),
    )


async def filing_asked(call: Call) -> Row:
    """The filing that the path names, where the caller may see it."""
    return await row_seen(call, FILING)


@operation(
    "GET",
    "/filings",
    resource="filing",
    action="list",
    summary="备案列表",
    tag=TAG,
    where="cases",
    query=FilingQuery,
    answer=FilingList,
    paged=True,
)
async def list_page(call: Call) -> Answer:
    """新的在前；省级角色看到各地区的备案。"""
    query: FilingQuery = call.query
    cases = {} if query.project_id is None else {"project_id": asked_for(call, query.project_id)}
    return await LISTING.serve(call, filing_view, FilingList, **cases)


@operation(
    "GET",
    "/filings/{ref:str}",
    resource="filing",
    action="read",
    summary="读取备案",
    tag=TAG,
    where="cases",
    answer=FilingView,
)
async def read(call: Call) -> Answer:
    """备案登记。"""
    return Answer(filing_view(await filing_asked(call)))


@operation(
    "GET",
    "/filings/{ref:str}/receipt",
    resource="filing",
    action="receipt",
    summary="备案回执",
    tag=TAG,
    where="cases",
    answer=Receipt,
)
async def receipt(call: Call) -> Answer:
    """与备案时取得的一致，附 SM3 摘要。"""
    row = await filing_asked(call)
    return Answer(row["receipt"])


@operation(
    "GET",
    "/filings/{ref:str}/supplements",
    resource="filing",
    action="receipt",
    summary="补充备案回执",
    tag=TAG,
    where="cases",
    answer=SupplementList,
)
async def supplements(call: Call) -> Answer:
    """同一备案的全部补充备案，先报的在前，各附 SM3 摘要。"""
    row = await filing_asked(call)
    rows = await call.door.fetch(
        call.scope, SUPPLEMENTS, tenant_id=row["tenant_id"], project_id=row["project_id"]
    )
    return Answer(SupplementList([msgspec.convert(each["content"], SupplementReceipt) for each in rows]))


@operation(
    "GET",
    "/filings/{ref:str}/queries",
    resource="filing.query",
    action="read",
    summary="备案询问",
    tag=TAG,
    where="cases",
    answer=QueryList,
)
async def queries(call: Call) -> Answer:
    """省级的询问和市级的答复，先问的在前。"""
    row = await filing_asked(call)
    rows = await call.door.fetch(call.scope, QUERIES, tenant_id=row["tenant_id"], id=row["id"])
    return Answer(QueryList([query_view(each) for each in rows]))


@operation(
    "POST",
    "/filings/{ref:str}/queries/{query_id:str}/answer",
    resource="filing.query",
    action="answer",
    summary="答复询问",
    tag=TAG,
    body=AnswerIn,
    answer=QueryView,
    errors=(ANSWERED,),
)
async def answer(call: Call, tx: Tx) -> Answer:
    """由设区市答复一次。"""
    query_id = call.path("query_id")
    if not is_uuid(query_id):
        raise not_found()
    return Answer(query_view(await actions.answer(call, tx, parse_ref(call.path("ref")), query_id)))


ROUTES = [
    *routes_of(filing_deeds, correcting, supplement_deeds, query_deeds),
    list_page,
    read,
    receipt,
    supplements,
    queries,
    *routes_of(actions),
    answer,
]
