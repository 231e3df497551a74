"""/projects/{id}/appraisals, /joint-review, /leading-group, /province-approve, /affordability, /budget."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, Error, operation
from service.kit.db import Tx
from service.kit.errors import not_found
from service.kit.ids import parse_ref
from service.kit.statements import Statement
from service.projects import refusing
from service.projects.api import CHANGED, REASONS, REFUSED, SHUT, UNACCEPTED, UNANSWERED, read_case
from service.projects.case import Case, load
from service.projects.schemas_out import ProjectView
from service.projects.views import view
from service.reviews import api_experts, appraising, commissioning, drawing, joint, money
from service.reviews.queries import APPRAISALS, APPROVAL, JOINT_REVIEWS, OPINIONS, PANELS, SCORES
from service.reviews.schemas import (
    AffordabilityIn,
    BudgetIn,
    CloseReviewIn,
    CommissionIn,
    ConcludeIn,
    DrawIn,
    LeadingGroupIn,
    OpenReviewIn,
    ProvinceApproveIn,
    ReasonIn,
    SlotOpinionIn,
)
from service.reviews.schemas_out import AppraisalList, AppraisalView, ApprovalView, JointReviews, SlotView
from service.reviews.views import appraisal_view, approval_view, reviews_view, slot_view

TAG = "reviews"
ENDED = Error(409, "appraisal_closed", "本次论证评估已不再办理该事项")
ELSE = Error(409, "not_your_appraisal", "由受委托的评估机构办理")
WAITING = Error(409, "scores_missing", "专家评分尚未齐全")
FULL = Error(409, "panel_full", "专家已经抽足")
EXHAUSTED = Error(409, "pool_exhausted", "专家库中符合条件的专家不足")
NOT_OPEN = Error(409, "review_not_open", "没有进行中的联合会审")
UNINVITED = Error(409, "not_invited", "本次联合会审没有邀请该部门")
MISSING = Error(409, "opinions_missing", "会审意见尚未齐全")
SOURCE = Error(409, "wrong_source", "资金由同级财政下达")


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
    "POST", "/projects/{ref:str}/appraisals", resource="appraisal", action="commission", summary="委托论证评估",
    tag=TAG, where="cases", body=CommissionIn, answer=ProjectView, if_match=True,
    errors=(REFUSED, SHUT, UNANSWERED, UNACCEPTED),
)  # fmt: skip
async def commission(call: Call, tx: Tx) -> Answer:
    """由省领导小组办公室或设区市统筹把关部门委托本级评估机构。"""
    return _answer(await commissioning.commission(call, tx, parse_ref(call.path("ref"))), call)


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
    "POST", "/projects/{ref:str}/appraisals/{number:int}/conclude", resource="appraisal", action="conclude",
    summary="出具评估报告", tag=TAG, where="cases", body=ConcludeIn, answer=ProjectView, if_match=True,
    errors=(REFUSED, SHUT, WAITING, ENDED, ELSE),
)  # fmt: skip
async def conclude(call: Call, tx: Tx) -> Answer:
    """评分齐全后出具；与多数专家建议不同的结论须说明理由。"""
    return _answer(await appraising.conclude(call, tx, parse_ref(call.path("ref"))), call)


@operation(
    "POST", "/projects/{ref:str}/appraisals/accept", resource="appraisal", action="accept",
    summary="沿用已有的论证评估", tag=TAG, where="cases", answer=ProjectView, if_match=True, errors=(REFUSED, SHUT),
)  # fmt: skip
async def accept(call: Call, tx: Tx) -> Answer:
    """重新报送的需求金额、类别和内容没有变化的，沿用已通过的论证评估（口径 R9）。"""
    return _answer(await appraising.accept_standing(call, tx, parse_ref(call.path("ref"))), call)


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
    "POST", "/projects/{ref:str}/joint-review", resource="joint_review", action="open", summary="发起联合会审",
    tag=TAG, where="cases", body=OpenReviewIn, answer=ProjectView, if_match=True,
    errors=(REFUSED, SHUT, UNANSWERED, UNACCEPTED),
)  # fmt: skip
async def open_review(call: Call, tx: Tx) -> Answer:
    """未经论证评估通过的不得发起；省直部门项目的理由在此逐条答复。"""
    return _answer(await joint.open_review(call, tx, parse_ref(call.path("ref"))), call)


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
    case = await load(tx, call.principal, ref, None)
    return Answer(slot_view(case, row["slot"], row))


@operation(
    "POST",
    "/projects/{ref:str}/joint-review/close",
    resource="joint_review",
    action="close",
    summary="汇总会审意见",
    tag=TAG,
    where="cases",
    body=CloseReviewIn,
    answer=ProjectView,
    if_match=True,
    errors=(REFUSED, SHUT, NOT_OPEN, MISSING),
)
async def close_review(call: Call, tx: Tx) -> Answer:
    """各席位齐全后汇总，提出建设计划和资金安排建议。"""
    return _answer(await joint.close(call, tx, parse_ref(call.path("ref"))), call)


@operation(
    "POST",
    "/projects/{ref:str}/leading-group",
    resource="leading_group",
    action="record",
    summary="登记领导小组审定结果",
    tag=TAG,
    where="cases",
    body=LeadingGroupIn,
    answer=ProjectView,
    if_match=True,
    errors=(REFUSED, SHUT),
)
async def leading_group(call: Call, tx: Tx) -> Answer:
    """由会议秘书登记；没有同意的由组织单位退回。"""
    return _answer(await joint.decide(call, tx, parse_ref(call.path("ref"))), call)


@operation(
    "POST", "/projects/{ref:str}/province-approve", resource="project.provincial_review", action="approve",
    summary="省级批复", tag=TAG, where="cases", body=ProvinceApproveIn, answer=ProjectView, if_match=True,
    errors=(REFUSED, SHUT, CHANGED, REASONS), refused=refusing.tell,
)  # fmt: skip
async def province_approve(call: Call, tx: Tx) -> Answer:
    """依据领导小组审定结果批复，按批复金额重新判定路径，自动抄送成员单位。"""
    return _answer(await money.province_approve(call, tx, parse_ref(call.path("ref"))), call)


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


@operation(
    "POST",
    "/projects/{ref:str}/affordability",
    resource="budget",
    action="assess",
    summary="登记财政承受能力评估",
    tag=TAG,
    where="cases",
    body=AffordabilityIn,
    answer=ProjectView,
    if_match=True,
    errors=(REFUSED, SHUT),
)
async def affordability(call: Call, tx: Tx) -> Answer:
    """是否属于重大政府投资项目由本级财政部门认定（管理惯例）；评估没有通过的不能安排预算。"""
    return _answer(await money.assess(call, tx, parse_ref(call.path("ref"))), call)


@operation(
    "POST", "/projects/{ref:str}/budget", resource="budget", action="issue", summary="下达经费预算", tag=TAG,
    where="cases", body=BudgetIn, answer=ProjectView, if_match=True, errors=(REFUSED, SHUT, SOURCE),
)  # fmt: skip
async def budget(call: Call, tx: Tx) -> Answer:
    """各级财政下达本级资金，可分次，累计不超过批复金额。"""
    return _answer(await money.issue(call, tx, parse_ref(call.path("ref"))), call)


ROUTES: list[HTTPRouteHandler] = [
    *api_experts.ROUTES, appraisals, commission, draw, recuse, conclude, accept, joint_review, open_review, opine,
    close_review, leading_group, province_approve, approval, affordability, budget,
]  # fmt: skip
