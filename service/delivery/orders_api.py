"""/projects/{id}/order-rectification and what follows (arts 39, 41); /orders."""

from __future__ import annotations

from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.delivery import orders_actions as actions
from service.delivery import orders_measures as measures
from service.delivery.orders_queries import LISTING
from service.delivery.orders_schemas import (
    AnswerOrderIn,
    CloseOrderIn,
    LiftIn,
    MeasureIn,
    OrderIn,
    OrderList,
    OrderQuery,
    OrderView,
)
from service.kit.api import Answer, Call, Error, operation
from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.ids import Ref
from service.measures.offices import Tier
from service.measures.organs import SLOT_NAMES, Slot
from service.projects.api import REFUSED, SHUT
from service.projects.case import asked_for
from service.projects.schemas_out import ProjectView

TAG = "orders"
NOT_YOURS = Error(409, "not_your_order", "由提出整改要求的机构办理，或由三家主管机构决定后续措施")
UNANSWERED = Error(409, "order_not_answered", "期限未到且尚未报告，不能认定整改不合要求")
DEED: dict[str, Any] = {"tag": TAG, "answer": ProjectView, "if_match": True, "where": "cases"}


@operation("POST", "/projects/{ref:str}/order-rectification", resource="order", action="issue", summary="限期整改",
           body=OrderIn, errors=(REFUSED, SHUT), **DEED)  # fmt: skip
async def order_rectification(call: Call, tx: Tx) -> Answer:
    """各监督机构在职责范围内提出，写明期限；省级机构也可对设区市项目提出（第四十一条）。

    未备案的（`filing`），由省领导小组办公室在管理惯例的备案时限届满后提出；办法没有规定该时限。
    """
    return await actions.issue(call, tx)


@operation("POST", "/projects/{ref:str}/answer-order", resource="order", action="answer", summary="报告整改情况",
           body=AnswerOrderIn, errors=(REFUSED, SHUT), **DEED)  # fmt: skip
async def answer_order(call: Call, tx: Tx) -> Answer:
    """如实报告并附证明材料（第三十九条、第四十一条）。"""
    return await actions.answer(call, tx)


@operation("POST", "/projects/{ref:str}/close-order", resource="order", action="issue", summary="核查整改",
           body=CloseOrderIn, errors=(REFUSED, SHUT, NOT_YOURS, UNANSWERED), **DEED)  # fmt: skip
async def close_order(call: Call, tx: Tx) -> Answer:
    """由提出的机构认定办结或者不合要求（第四十一条）。"""
    return await actions.close(call, tx)


@operation("POST", "/projects/{ref:str}/criticise", resource="order", action="enforce", summary="通报批评",
           body=MeasureIn, errors=(REFUSED, SHUT, NOT_YOURS), **DEED)  # fmt: skip
async def criticise(call: Call, tx: Tx) -> Answer:
    """逾期未整改或整改后仍不符合要求的，登记并通报本租户各环节（第四十一条）。"""
    return await measures.criticise(call, tx)


@operation("POST", "/projects/{ref:str}/defer-funds", resource="order", action="enforce", summary="暂缓安排资金",
           body=MeasureIn, errors=(REFUSED, SHUT, NOT_YOURS), **DEED)  # fmt: skip
async def defer_funds(call: Call, tx: Tx) -> Answer:
    """恢复之前不下达预算、不登记支付（第四十一条）。"""
    return await measures.defer_funds(call, tx)


@operation("POST", "/projects/{ref:str}/lift-deferral", resource="order", action="enforce", summary="恢复安排资金",
           body=LiftIn, errors=(REFUSED, SHUT, NOT_YOURS), **DEED)  # fmt: skip
async def lift_deferral(call: Call, tx: Tx) -> Answer:
    """整改办结不自动恢复，由人决定（第四十一条）。"""
    return await measures.lift_deferral(call, tx)


@operation("POST", "/projects/{ref:str}/suspend", resource="order", action="halt", summary="暂停项目",
           body=MeasureIn, errors=(REFUSED, SHUT, NOT_YOURS), **DEED)  # fmt: skip
async def suspend(call: Call, tx: Tx) -> Answer:
    """记住暂停前的环节，恢复时回到原处（第四十一条）。"""
    return await measures.suspend(call, tx)


@operation("POST", "/projects/{ref:str}/resume", resource="order", action="halt", summary="恢复建设", body=LiftIn,
           errors=(REFUSED, SHUT), **DEED)  # fmt: skip
async def resume(call: Call, tx: Tx) -> Answer:
    """据以暂停的整改要求办结之后恢复（第四十一条）。"""
    return await measures.resume(call, tx)


@operation("POST", "/projects/{ref:str}/resume-trial-run", resource="order", action="halt", summary="恢复试运行",
           body=LiftIn, errors=(REFUSED, SHUT), **DEED)  # fmt: skip
async def resume_trial_run(call: Call, tx: Tx) -> Answer:
    """暂停的天数不计入试运行，期满日相应顺延（第三十条、第四十一条）。"""
    return await measures.resume_trial_run(call, tx)


@operation("POST", "/projects/{ref:str}/resume-acceptance", resource="order", action="halt", summary="恢复验收",
           body=LiftIn, errors=(REFUSED, SHUT), **DEED)  # fmt: skip
async def resume_acceptance(call: Call, tx: Tx) -> Answer:
    """终验之后被暂停的，整改办结后回到终验，由项目单位重新申请竣工验收（第三十条、第四十一条）。"""
    return await measures.resume_acceptance(call, tx)


@operation("POST", "/projects/{ref:str}/terminate", resource="order", action="halt", summary="终止项目",
           body=MeasureIn, errors=(REFUSED, SHUT, NOT_YOURS), **DEED)  # fmt: skip
async def terminate(call: Call, tx: Tx) -> Answer:
    """须列明逾期或整改不合要求的整改要求（第四十一条）。"""
    return await measures.terminate(call, tx)


def _view(row: Row, call: Call) -> OrderView:
    tier, _, slot = row["organ"].partition(".")
    late = row["state"] == "failed" or row["due"] < (row["answered_on"] or legal_day(call.now))
    same = {
        name: row[name]
        for name in OrderView.__struct_fields__
        if name not in ("project_id", "tenant", "organ_name", "lapsed")
    }
    return OrderView(
        project_id=str(Ref(row["tenant_id"], row["project_id"])),
        tenant=row["tenant_id"],
        organ_name=SLOT_NAMES[Tier(tier)][Slot(slot)],
        lapsed=row["state"] != "closed" and late,
        **same,
    )


@operation("GET", "/orders", resource="order", action="list", summary="整改要求列表", tag=TAG, where="cases",
           query=OrderQuery, answer=OrderList, paged=True)  # fmt: skip
async def list_page(call: Call) -> Answer:
    """新的在前；可按未办结、逾期、领域、机构、单位和项目筛选（第四十一条）。"""
    query: OrderQuery = call.query
    more: dict[str, Any] = {} if query.status is None else {query.status: True}
    if query.status == "lapsed":
        more["today"] = legal_day(call.now)
    if query.project_id is not None:
        more["project_id"] = asked_for(call, query.project_id)
    return await LISTING.serve(call, lambda row: _view(row, call), OrderList, **more)


ROUTES: list[HTTPRouteHandler] = [
    order_rectification, answer_order, close_order, criticise, defer_funds, lift_deferral, suspend, resume,
    resume_trial_run, resume_acceptance, terminate, list_page,
]  # fmt: skip
