"""/projects/{id}/evaluate, /score, /retire (arts 3, 40)."""

from __future__ import annotations

from litestar.handlers import HTTPRouteHandler

from service.delivery import evaluation_actions as actions
from service.delivery.evaluation_schemas import EvaluateIn, RetireIn, ScoreIn
from service.kit.api import Answer, Call, operation
from service.kit.db import Tx
from service.projects.api import REFUSED, SHUT
from service.projects.schemas_out import ProjectView

TAG = "evaluation"


@operation("POST", "/projects/{ref:str}/evaluate", resource="evaluation", action="report", summary="建设管理绩效自评",
           tag=TAG, where="cases", body=EvaluateIn, answer=ProjectView, if_match=True,
           errors=(REFUSED, SHUT))  # fmt: skip
async def evaluate(call: Call, tx: Tx) -> Answer:
    """验收并投入运行后六至十二个月内；逾期仍可报送，但标明逾期（第四十条）。"""
    return await actions.evaluate(call, tx)


@operation("POST", "/projects/{ref:str}/score", resource="evaluation", action="score", summary="重点绩效评价",
           tag=TAG, where="cases", body=ScoreIn, answer=ProjectView, errors=(REFUSED, SHUT))  # fmt: skip
async def score(call: Call, tx: Tx) -> Answer:
    """三家各自打分，互不覆盖，不需要 If-Match；齐全后取平均，权重属管理惯例（第四十条）。"""
    return await actions.score(call, tx)


@operation("POST", "/projects/{ref:str}/retire", resource="evaluation", action="retire", summary="项目退出", tag=TAG,
           where="cases", body=RetireIn, answer=ProjectView, if_match=True, errors=(REFUSED, SHUT))  # fmt: skip
async def retire(call: Call, tx: Tx) -> Answer:
    """说明原因和数据移交去向；退出后系统整合（第六条）。"""
    return await actions.retire(call, tx)


ROUTES: list[HTTPRouteHandler] = [evaluate, score, retire]
