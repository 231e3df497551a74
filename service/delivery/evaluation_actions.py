"""Self-evaluation by the owner, scorecards by the three organs (art. 40), retirement (arts 3, 6)."""

from __future__ import annotations

from service.delivery.acceptance_common import (
    judging_tier,
    plain,
    three_desks,
    told_by,
)
from service.delivery.evaluation_indicators import reached, untold
from service.delivery.evaluation_schemas import EvaluateIn, RetireIn, ScoreIn
from service.kit.outbox import Recipient
from service.measures.evaluation import ASPECTS, WEIGHTS, card, points_text, result
from service.measures.gates_delivering import evaluation_days
from service.measures.lifecycle import Action
from service.measures.offices import Tier
from service.measures.organs import SLOT_NAMES, THREE, Slot, slot_of
from service.measures.periods import IN_FORCE
from service.projects.case import Case
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, fact_day, not_before, owner_desks, tier_desks


@deed(
    "evaluate",
    Action.EVALUATE,
    body=EvaluateIn,
    summary="建设管理绩效自评",
    may="evaluation/report",
    tag="evaluation",
)
async def evaluate(desk: Desk) -> Deed:
    """验收并投入运行后六至十二个月内；逾期仍可报送，但标明逾期（第四十条）。"""
    # Art. 40: six to twelve months after the later of acceptance and operation; a late one is taken and marked.
    body: EvaluateIn = desk.body
    told_by(desk, body.on, "自评日期", 40)
    window = evaluation_days(desk.gated)  # none for maintenance, whose term has ended (R30)
    not_before(body.on, window and window[0], "/on", "自评日期", article=40)
    not_before(body.on, fact_day(desk.case, "term_ended"), "/on", "评价日期", article=27)
    late = window is not None and window[1] >= IN_FORCE and body.on > window[1]
    told = f"自评已报送；已超过 {window[1].isoformat()} 的期限。" if late and window else "自评已报送。"
    indicators = reached(desk.case, body.indicators)
    return desk.told(
        "evaluation.reported",
        three_desks(desk.case, judging_tier(desk.case)),
        on=body.on,
        content={**plain(body), "indicators": indicators, "late": late},
        dated={"evaluated": {"late": late}},
        message=told + untold(indicators),
        figures={} if window is None else {"until": window[1].isoformat()},
        steps=dict.fromkeys(("office", "gatekeeper", "drc", "approver", "finance"), "请填写重点绩效评价。"),
    )


@deed(
    "score",
    Action.SCORE,
    body=ScoreIn,
    summary="重点绩效评价",
    may="evaluation/score",
    tag="evaluation",
    racing=True,
)
async def score(desk: Desk) -> Deed:
    """三家各自打分，互不覆盖，不需要 If-Match；齐全后取平均，权重属管理惯例（第四十条）。"""
    # Art. 40: each of the three gives its card; the result stands when all are in and steers next year's money.
    body: ScoreIn = desk.body
    tier = judging_tier(desk.case)
    slot = _slot(desk, tier)
    points = plain(body.points)
    weights = {name: desk.gated.figure(f"evaluation.weight.{name}", WEIGHTS[name]) for name in ASPECTS}
    worth = card(points, weights)
    slots = {**desk.fact("scored").get("slots", {}), slot.value: worth}
    total = result(slots)
    told = (
        "" if total is None else f"三家评价齐全，结果 {points_text(total)} 分，作为下一年度安排经费的依据。"
    )
    return desk.told(
        "evaluation.scored",
        [*owner_desks(desk.case), *three_desks(desk.case, tier)],
        content={"slot": slot.value, "weights": weights, "card": points_text(worth), **plain(body)},
        dated={"scored": {"slots": slots, "total": total}},
        message=f"{SLOT_NAMES[tier][slot]}评价 {points_text(worth)} 分。{told}",
    )


def _slot(desk: Desk, tier: Tier) -> Slot:
    """Which of the three the actor speaks for; the table has let through nobody else."""
    mine = slot_of(tier, desk.actor.principal.roles)
    return next(slot for slot in THREE if slot in mine)


@deed("retire", Action.RETIRE, body=RetireIn, summary="项目退出", may="evaluation/retire", tag="evaluation")
async def retire(desk: Desk) -> Deed:
    """说明原因和数据移交去向；退出后系统整合（第六条）。"""
    # Arts 3, 6: a system goes when something shared takes its place; its data are handed over, and told where.
    body: RetireIn = desk.body
    told_by(desk, body.on, "退出日期", 3)
    stood = fact_day(desk.case, "evaluated") or fact_day(desk.case, "accepted")
    not_before(body.on, stood, "/on", "退出日期", article=3)
    return desk.told(
        "evaluation.retired",
        _interested(desk.case),
        on=body.on,
        content=plain(body),
        reason=body.reason,
        dated={"retired": {}},
        message="项目退出运行，数据移交情况已登记。",
    )


def _interested(case: Case) -> list[Recipient]:
    tier = judging_tier(case)
    return [
        *owner_desks(case),
        *three_desks(case, tier),
        *tier_desks(case, tier, "data_office", "info_centre"),
    ]
