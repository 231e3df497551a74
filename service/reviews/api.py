"""/projects/{id}/appraisals, /joint-review, /leading-group, /province-approve, /affordability, /budget."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.kit.api import Answer, Call, operation
from service.kit.command import routes_of
from service.kit.errors import or_404
from service.kit.statements import Statement
from service.projects.api import read_case
from service.projects.case import Case
from service.reviews import (
    affordability,
    api_assignments,
    api_experts,
    appraising,
    budget,
    commissioning,
    drawing_deeds,
    leading_group,
    opining,
    several,
)
from service.reviews import (
    approval as province_approval,
)
from service.reviews import (
    joint_review as joint_reviews,
)
from service.reviews.queries import APPRAISALS, APPROVAL, JOINT_REVIEWS, OPINIONS, PANELS, SCORES
from service.reviews.schemas_out import AppraisalList, ApprovalView, JointReviews
from service.reviews.views import appraisal_view, approval_view, reviews_view

TAG = "reviews"


async def _of_case(call: Call, case: Case, *statements: Statement) -> list[Any]:
    return [
        await call.door.fetch(call.scope, each, tenant_id=case.tenant_id, id=case.id) for each in statements
    ]


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
    row = or_404(await call.door.row(call.scope, APPROVAL, tenant_id=case.tenant_id, id=case.id))
    return Answer(approval_view(case, row))


ROUTES: list[HTTPRouteHandler] = [
    *routes_of(commissioning, appraising, drawing_deeds, joint_reviews, opining, leading_group),
    *routes_of(province_approval, affordability, budget),
    *api_experts.ROUTES,
    *api_assignments.ROUTES,
    *several.ROUTES,
    appraisals,
    joint_review,
    approval,
]
