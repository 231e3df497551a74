"""/projects/{id}/appraisals, /joint-review, /leading-group, /province-approve, /affordability, /budget."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.db import Tx
from service.kit.errors import not_found
from service.kit.ids import parse_ref
from service.kit.statements import Statement
from service.projects.api import REFUSED, read_case
from service.projects.case import Case, load
from service.projects.deeds import routes_of
from service.projects.views import view
from service.reviews import api_experts, appraising, commissioning, drawing, joint, money, several
from service.reviews.errors import ELSE, ENDED, EXHAUSTED, FULL, NOT_OPEN, UNINVITED
from service.reviews.queries import APPRAISALS, APPROVAL, JOINT_REVIEWS, OPINIONS, PANELS, SCORES
from service.reviews.schemas import (
    DrawIn,
    ReasonIn,
    SlotOpinionIn,
)
from service.reviews.schemas_out import AppraisalList, AppraisalView, ApprovalView, JointReviews, SlotView
from service.reviews.standing import tier_by
from service.reviews.views import appraisal_view, approval_view, reviews_view, slot_view

TAG = "reviews"


def _answer(case: Case, call: Call) -> Answer:
    return Answer(view(case, call), version=case.version)


async def _of_case(call: Call, case: Case, *statements: Statement) -> list[Any]:
    return [
        await call.door.fetch(call.scope, each, tenant_id=case.tenant_id, id=case.id) for each in statements
    ]


async def _appraisal_now(call: Call, tx: Tx) -> Answer:
    """The appraisal of the path as it stands after the command's own rows."""
    await tx.flush()
    case = await load(tx, call.principal, parse_ref(call.path("ref")), None)
    given = {"tenant_id": case.tenant_id, "id": case.id}
    rows, seats, sheets = [await tx.fetch(each, **given) for each in (APPRAISALS, PANELS, SCORES)]
    number = int(call.path("number"))
    return Answer(
        next(appraisal_view(call, case, row, seats, sheets) for row in rows if row["number"] == number)
    )


@operation(
    "GET",
    "/projects/{ref:str}/appraisals",
    resource="appraisal",
    action="read",
    summary="论证评估",
    tag=TAG,
    where="cases",
    answer=AppraisalList,
)
async def appraisals(call: Call) -> Answer:
    """项目单位看到结论和报告；评估机构和组织单位另见抽取过程，评分齐全后可见各份评分。"""
    case = await read_case(call, call.path("ref"))
    rows, seats, sheets = await _of_case(call, case, APPRAISALS, PANELS, SCORES)
    return Answer(AppraisalList([appraisal_view(call, case, row, seats, sheets) for row in rows]))


@operation(
    "POST",
    "/projects/{ref:str}/appraisals/{number:int}/draw",
    resource="appraisal",
    action="draw",
    summary="抽取评审专家",
    tag=TAG,
    where="cases",
    body=DrawIn,
    answer=AppraisalView,
    errors=(REFUSED, ENDED, ELSE, FULL, EXHAUSTED),
)
async def draw(call: Call, tx: Tx) -> Answer:
    """随机抽取，种子当场产生并留存，可以复核；指定专家须逐一说明理由。"""
    await drawing.draw(call, tx, parse_ref(call.path("ref")))
    return await _appraisal_now(call, tx)


@operation(
    "POST",
    "/projects/{ref:str}/appraisals/{number:int}/experts/{seat:str}/recuse",
    resource="appraisal",
    action="draw",
    summary="专家回避",
    tag=TAG,
    where="cases",
    body=ReasonIn,
    answer=AppraisalView,
    errors=(REFUSED, ENDED, ELSE),
)
async def recuse(call: Call, tx: Tx) -> Answer:
    """评估机构说明理由令专家回避，按原抽取顺序递补。"""
    await drawing.recuse_by_agency(call, tx, parse_ref(call.path("ref")))
    return await _appraisal_now(call, tx)


@operation(
    "GET",
    "/projects/{ref:str}/joint-review",
    resource="joint_review",
    action="read",
    summary="联合会审",
    tag=TAG,
    where="cases",
    answer=JointReviews,
)
async def joint_review(call: Call) -> Answer:
    """参加会审的机构看到各席位意见，其他人看到会审结果。"""
    case = await read_case(call, call.path("ref"))
    rows, opinions = await _of_case(call, case, JOINT_REVIEWS, OPINIONS)
    return Answer(reviews_view(call, case, rows, opinions))


@operation(
    "POST",
    "/projects/{ref:str}/joint-review/opinions",
    resource="joint_review",
    action="opine",
    summary="填写会审意见",
    tag=TAG,
    where="cases",
    body=SlotOpinionIn,
    answer=SlotView,
    errors=(REFUSED, NOT_OPEN, UNINVITED),
)
async def opine(call: Call, tx: Tx) -> Answer:
    """只能填写本机构席位；汇总之前可以更改，各版均留存。"""
    ref = parse_ref(call.path("ref"))
    row = await joint.opine(call, tx, ref)
    return Answer(slot_view(tier_by(row["by_tenant"]), row["slot"], row))


@operation(
    "GET",
    "/projects/{ref:str}/approval",
    resource="project",
    action="read",
    summary="批复和预算",
    tag=TAG,
    where="cases",
    answer=ApprovalView,
)
async def approval(call: Call) -> Answer:
    """批复文件、须另办的手续和已下达的预算；尚未批复的返回 404。"""
    case = await read_case(call, call.path("ref"))
    row = await call.door.row(call.scope, APPROVAL, tenant_id=case.tenant_id, id=case.id)
    if row is None:
        raise not_found()
    return Answer(approval_view(case, row))


ROUTES: list[HTTPRouteHandler] = [
    *routes_of(commissioning, appraising, joint, money),
    *api_experts.ROUTES,
    *several.ROUTES,
    appraisals,
    draw,
    recuse,
    joint_review,
    opine,
    approval,
]
