"""/declaration-rounds and /declaration-requirements: what declarations must carry, announced by the three organs."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.clock import legal_day
from service.kit.command import routes_of
from service.kit.db import Row, Tx, own
from service.kit.errors import FieldError, ServiceError, not_found
from service.kit.ids import parse_ref
from service.kit.second_person import SAME_PERSON
from service.measures.requirements import KEY, in_force
from service.rulebook import rounds
from service.rulebook.book import RuleBooks
from service.rulebook.rounds import MOVED, TAG
from service.rulebook.schemas_rounds import (
    DeclarationRoundList,
    DeclarationRoundView,
    RefuseRoundIn,
    RequirementsQuery,
    RequirementsView,
)
from service.rulebook.views_rounds import asked_views, base_views

DECIDED = Error(409, "round_decided", "该申报要求已经确认或退回")
ORGAN = Error(409, "same_organ", "须由提出机关以外的机关确认")
LATE = Error(409, "round_too_late", "施行日已过，不能追溯")


@operation(
    "GET",
    "/declaration-rounds",
    resource="declaration_round",
    action="read",
    summary="年度申报要求",
    tag=TAG,
    answer=DeclarationRoundList,
)
async def declaration_list(call: Call) -> Answer:
    """三机关可见全部；其他各方可见已确认的。新的在前。"""
    rows = await call.door.fetch(own(call.principal), rounds.ROUNDS)
    every, today = rounds.confirmed(rows), legal_day(call.now)
    views = [rounds.view_of(each, every, today) for each in reversed(rounds.newest(rows).values())]
    return Answer(DeclarationRoundList([view for view in views if _shown(call, view)]))


@operation(
    "GET",
    "/declaration-rounds/{ref:str}",
    resource="declaration_round",
    action="examine",
    summary="读取年度申报要求",
    tag=TAG,
    answer=DeclarationRoundView,
)
async def declaration_read(call: Call) -> Answer:
    """三机关核对用；status 为今天的情形。其他各方见列表和 /declaration-requirements。"""
    view = await seen(call)
    return Answer(view, version=view.version)


async def seen(call: Call) -> DeclarationRoundView:
    """The round of the path; 404 where there is none."""
    rows, mine = await _found(call, call.path("ref"))
    return rounds.view_of(mine, rounds.confirmed(rows), legal_day(call.now))


async def content_seen(call: Call, ref_text: str) -> dict[str, Any]:
    """What a round asks, as it is stored; 404 for what is not confirmed, to others than the three organs."""
    rows, mine = await _found(call, ref_text)
    if not _shown(call, rounds.view_of(mine, rounds.confirmed(rows), legal_day(call.now))):
        raise not_found()
    content: dict[str, Any] = mine[0]["content"]
    return content


async def _found(call: Call, ref_text: str) -> tuple[list[Row], list[Any]]:
    ref = parse_ref(ref_text)
    rows = await call.door.fetch(own(call.principal), rounds.ROUNDS)
    mine = rounds.newest(rows).get(ref.id) if ref.tenant == rounds.PROVINCE else None
    if not mine:
        raise not_found()
    return rows, mine


def _shown(call: Call, view: DeclarationRoundView) -> bool:
    organs = call.principal.tenant == rounds.PROVINCE and set(rounds.ORGAN_OF) & set(call.principal.roles)
    return bool(organs) or view.status not in ("proposed", "refused")


@operation(
    "POST",
    "/declaration-rounds/{ref:str}/confirm",
    resource="declaration_round",
    action="confirm",
    summary="确认年度申报要求",
    tag=TAG,
    where="cases",
    answer=DeclarationRoundView,
    if_match=True,
    conflict=MOVED,
    errors=(DECIDED, SAME_PERSON, ORGAN, LATE),
)
async def declaration_confirm(call: Call, tx: Tx) -> Answer:
    """由提出机关以外的机关的另一人核对确认（联合发布）；自施行日起提交的申报按此核对，已提交的不受影响。"""
    rows = await rounds.decide(call, tx, parse_ref(call.path("ref")), "confirmed")
    return await _decided(call, tx, rows)


@operation(
    "POST",
    "/declaration-rounds/{ref:str}/refuse",
    resource="declaration_round",
    action="refuse",
    summary="退回年度申报要求",
    tag=TAG,
    where="cases",
    body=RefuseRoundIn,
    answer=DeclarationRoundView,
    if_match=True,
    conflict=MOVED,
    errors=(DECIDED,),
)
async def declaration_refuse(call: Call, tx: Tx) -> Answer:
    """说明理由退回，或由提出人自行收回；原登记保留。"""
    body: RefuseRoundIn = call.body
    rows = await rounds.decide(call, tx, parse_ref(call.path("ref")), "refused", body.reason)
    return await _decided(call, tx, rows)


async def _decided(call: Call, tx: Tx, rows: list[Any]) -> Answer:
    every = rounds.confirmed([*await tx.fetch(rounds.ROUNDS), rows[-1]])
    view = rounds.view_of(rows, every, legal_day(call.now))
    return Answer(view, version=view.version)


@operation(
    "GET",
    "/declaration-requirements",
    resource="declaration_round",
    action="read",
    summary="申报须提交的内容",
    tag=TAG,
    query=RequirementsQuery,
    answer=RequirementsView,
    errors=(Error(400, "before_first_rules", "该日期早于规则库的起始日"),),
)
async def declaration_requirements(call: Call) -> Answer:
    """某日提交申报须有的全部内容：第十五条要求的，和当日有效的申报通知另行要求的；pointer 指明填在何处。"""
    query: RequirementsQuery = call.query
    on = query.on or legal_day(call.now)
    book = call.service(RuleBooks).book
    if on < book.first_date:
        detail = f"该日期早于规则库的起始日 {book.first_date.isoformat()}"
        fault = FieldError("on", "before_first_rules", detail)
        raise ServiceError(400, "before_first_rules", detail, errors=[fault])
    rows = await call.door.fetch(own(call.principal), rounds.ROUNDS)
    found = in_force(rounds.confirmed(rows), on)
    content = rounds.content_of(rows, found)
    base = book.list_on(KEY, on)
    return Answer(
        RequirementsView(
            on=on,
            base=base_views(base),
            announced=asked_views(content),
            document_number=found.document_number if found else None,
            effective_from=found.from_day if found else None,
        )
    )


ROUTES: list[HTTPRouteHandler] = [
    *routes_of(rounds),
    declaration_list,
    declaration_read,
    declaration_confirm,
    declaration_refuse,
    declaration_requirements,
]
