"""Questions on an approval that nobody has filed, and their answers (art. 39)."""

from __future__ import annotations

from typing import Any

from service.filings.actions import city_desks
from service.filings.schemas import (
    AnswerQueryIn,
    AskIn,
)
from service.kit.errors import Error, FieldError, ServiceError, invalid
from service.kit.ids import new_id
from service.kit.outbox import Recipient
from service.measures.lifecycle import Action
from service.projects.case import Case
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, owner_desks
from service.projects.submission import PROVINCE

ANSWERED = Error(409, "already_answered", "该询问已经答复")


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
        dated={"filing_queries": {"asked": asked}},
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
        dated={"filing_queries": {"asked": answered}},
        extra={"query": {"id": body.query, "answer": body.answer}},
    )


def _asked(case: Case) -> dict[str, Any]:
    return dict((case.dated.get("filing_queries") or {}).get("asked") or {})
