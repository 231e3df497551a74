"""What follows an approval beside its filing: supplementary filings (art. 23), and questions on what nobody filed."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from service.filings.actions import FILED_WITH, city_desks
from service.filings.queries import TENANT_NAME
from service.filings.schemas import AnswerQueryIn, AskIn, ChangeDocument, FileIn, SupplementReceipt
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.counters import next_number
from service.kit.db import Tx
from service.kit.digest import sealed
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.ids import Ref, new_id
from service.kit.money import yuan
from service.kit.outbox import Recipient
from service.measures.gates_filing import amendments
from service.measures.lifecycle import Action
from service.projects.case import Case
from service.projects.phases import Deed, owner_desks, perform
from service.projects.state import opened
from service.projects.submission import PROVINCE


async def file_supplement(call: Call, tx: Tx, ref: Ref) -> tuple[Case, SupplementReceipt]:
    """Files what was changed since the last filing, with a number and a receipt of its own (R27)."""
    body: FileIn = call.body
    case, actor, row = await opened(call, tx, ref, Action.FILE_SUPPLEMENT)
    today = legal_day(call.now)
    sequence = await next_number(tx, case.tenant_id, f"filing-supplement:{today.year}")
    name = await tx.row(TENANT_NAME, tenant_id=case.tenant_id)
    receipt = _receipt(
        case, f"{case.tenant_id}-{today.year}-B{sequence:04d}", name["name"] if name else "", call, body
    )
    filed = case.dated["filed"]
    deed = Deed(
        Action.FILE_SUPPLEMENT,
        today,
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
    perform(tx, case, deed, actor, row)
    return case, receipt


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


async def query_approval(call: Call, tx: Tx, ref: Ref) -> Case:
    """The leading group's office asks about an approval that nobody has filed (arts 39, 42, R31)."""
    body: AskIn = call.body
    case, actor, row = await opened(call, tx, ref, Action.QUERY_APPROVAL)
    record, today = new_id(), legal_day(call.now)
    asked = {**_asked(case), record: {"on": today.isoformat(), "answered": None}}
    deed = Deed(
        Action.QUERY_APPROVAL,
        today,
        "filing.queried",
        list(dict.fromkeys([*city_desks(case), *owner_desks(case)])),
        content={"question": body.question},
        facts={"filing_queries": {"asked": asked}},
        steps={"gatekeeper": "请答复省领导小组办公室的询问，并报备案。"},
        extra={"query": {"id": record, "question": body.question}},
        record_id=record,
    )
    perform(tx, case, deed, actor, row)
    return case


async def answer_query(call: Call, tx: Tx, ref: Ref) -> Case:
    """The city answers, once."""
    body: AnswerQueryIn = call.body
    case, actor, row = await opened(call, tx, ref, Action.ANSWER_QUERY)
    asked = _asked(case)
    told = asked.get(body.query)
    if told is None:
        raise invalid([FieldError("/query", "unknown_query", "本项目没有这项询问")])
    if told["answered"]:
        raise ServiceError(409, "already_answered", "该询问已经答复")
    today = legal_day(call.now)
    answered = {**asked, body.query: {**told, "answered": today.isoformat()}}
    deed = Deed(
        Action.ANSWER_QUERY,
        today,
        "filing.answered",
        [Recipient(PROVINCE, "office")],
        content={"query": body.query, "answer": body.answer},
        facts={"filing_queries": {"asked": answered}},
        extra={"query": {"id": body.query, "answer": body.answer}},
    )
    perform(tx, case, deed, actor, row)
    return case


def _asked(case: Case) -> dict[str, Any]:
    return dict((case.dated.get("filing_queries") or {}).get("asked") or {})
