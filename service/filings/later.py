"""What follows an approval beside its filing: supplementary filings (art. 23), and questions on what nobody filed."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from service.filings.actions import FILED_WITH, city_desks
from service.filings.queries import TENANT_NAME
from service.filings.schemas import (
    AnswerQueryIn,
    AskIn,
    ChangeDocument,
    FileIn,
    Supplemented,
    SupplementReceipt,
)
from service.kit.api import Answer, Call
from service.kit.counters import next_number
from service.kit.digest import sealed
from service.kit.errors import Error, FieldError, ServiceError, invalid
from service.kit.ids import new_id
from service.kit.money import yuan
from service.kit.outbox import Recipient
from service.measures.gates_filing import amendments
from service.measures.lifecycle import Action
from service.projects.case import Case
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, owner_desks
from service.projects.submission import PROVINCE
from service.projects.views import view

ANSWERED = Error(409, "already_answered", "该询问已经答复")


@deed(
    "file-supplement",
    Action.FILE_SUPPLEMENT,
    body=FileIn,
    summary="变更后补充备案",
    may="project.city_filing/file",
    tag="filings",
    where="own",
    status=201,
    answer=Supplemented,
    reply=lambda desk: Answer(Supplemented(desk.left, view(desk.case, desk.call)), version=desk.case.version),
)
async def file_supplement(desk: Desk) -> Deed:
    """已备案的金额、类别或内容经批准变更后，另行取得编号和回执；首次备案的回执不变（第二十三条）。"""
    # What was changed since the last filing, with a number and a receipt of its own (R27).
    case, tx = desk.case, desk.tx
    year = desk.today.year
    sequence = await next_number(tx, case.tenant_id, f"filing-supplement:{year}")
    name = await tx.row(TENANT_NAME, tenant_id=case.tenant_id)
    number = f"{case.tenant_id}-{year}-B{sequence:04d}"
    desk.left = receipt = _receipt(case, number, name["name"] if name else "", desk.call, desk.body)
    filed = case.dated["filed"]
    return desk.told(
        "filing.supplemented",
        [Recipient(PROVINCE, "office"), *city_desks(case)],
        content=msgspec.to_builtins(receipt),
        facts={
            "filed": {**filed, "supplements": int(filed.get("supplements") or 0) + 1},
            "amended": {"documents": []},
        },
        message=f"已补充备案（{receipt.number}），现行批复金额 {receipt.approved_amount_yuan} 元。",
        extra={"filing": {"number": receipt.number, "receipt": receipt}},
    )


def _receipt(case: Case, number: str, tenant_name: str, call: Call, body: FileIn) -> SupplementReceipt:
    receipt = SupplementReceipt(
        number=number,
        filing_number=case.filing_number,
        project_id=str(case.ref),
        project_name=case.name,
        owner_name=case.owner_name,
        tenant=case.tenant_id,
        tenant_name=tenant_name,
        approved_amount_yuan=yuan(case.approved_fen or 0),
        changes=[
            ChangeDocument(told["number"], date.fromisoformat(told["date"]), told["digest"])
            for told in amendments(case.dated)
        ],
        filed_with=FILED_WITH,
        filed_at=call.now,
        articles=[23],
        note=body.note,
        digest="",
    )
    receipt.digest = sealed({k: v for k, v in msgspec.to_builtins(receipt).items() if k != "digest"})
    return receipt


@deed(
    "filing-query",
    Action.QUERY_APPROVAL,
    body=AskIn,
    summary="就未备案的批复询问",
    may="filing.query/ask",
    tag="filings",
)
async def query_approval(desk: Desk) -> Deed:
    """省领导小组办公室对已批复而未备案的项目随时可以询问（第三十九条）；已备案的请就备案询问。"""
    # The leading group's office asks about an approval that nobody has filed (arts 39, 42, R31).
    body: AskIn = desk.body
    case = desk.case
    record, today = new_id(), desk.today
    asked = {**_asked(case), record: {"on": today.isoformat(), "answered": None}}
    return desk.told(
        "filing.queried",
        list(dict.fromkeys([*city_desks(case), *owner_desks(case)])),
        content={"question": body.question},
        facts={"filing_queries": {"asked": asked}},
        steps={"gatekeeper": "请答复省领导小组办公室的询问，并报备案。"},
        extra={"query": {"id": record, "question": body.question}},
        record_id=record,
    )


@deed(
    "answer-filing-query",
    Action.ANSWER_QUERY,
    body=AnswerQueryIn,
    summary="答复对未备案批复的询问",
    may="filing.query/answer",
    tag="filings",
    where="own",
    errors=(ANSWERED,),
)
async def answer_query(desk: Desk) -> Deed:
    """由设区市答复一次；其后已经备案的也照常答复。"""
    # The city answers, once.
    body: AnswerQueryIn = desk.body
    case = desk.case
    asked = _asked(case)
    told = asked.get(body.query)
    if told is None:
        raise invalid([FieldError("/query", "unknown_query", "本项目没有这项询问")])
    if told["answered"]:
        raise ServiceError(409, "already_answered", "该询问已经答复")
    today = desk.today
    answered = {**asked, body.query: {**told, "answered": today.isoformat()}}
    return desk.told(
        "filing.answered",
        [Recipient(PROVINCE, "office")],
        content={"query": body.query, "answer": body.answer},
        facts={"filing_queries": {"asked": answered}},
        extra={"query": {"id": body.query, "answer": body.answer}},
    )


def _asked(case: Case) -> dict[str, Any]:
    return dict((case.dated.get("filing_queries") or {}).get("asked") or {})
