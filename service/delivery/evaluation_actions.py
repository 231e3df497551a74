"""Self-evaluation by the owner, scorecards by the three organs (art. 40), retirement (arts 3, 6)."""

from __future__ import annotations

from service.delivery.acceptance_common import (
    Act,
    done,
    judging_tier,
    opened,
    plain,
    three_desks,
    told_by,
)
from service.delivery.evaluation_indicators import reached, untold
from service.delivery.evaluation_schemas import EvaluateIn, RetireIn, ScoreIn
from service.kit.api import Answer, Call
from service.kit.db import Tx
from service.kit.outbox import Recipient
from service.measures.evaluation import ASPECTS, WEIGHTS, card, points_text, result
from service.measures.gates_delivering import evaluation_days
from service.measures.lifecycle import Action
from service.measures.offices import Tier
from service.measures.organs import SLOT_NAMES, THREE, Slot, slot_of
from service.measures.periods import IN_FORCE
from service.projects.case import Case
from service.projects.phases import fact_day, not_before, owner_desks, tier_desks


async def evaluate(call: Call, tx: Tx) -> Answer:
    """Art. 40: six to twelve months after the later of acceptance and operation; a late one is taken and marked."""
    body: EvaluateIn = call.body
    act = await opened(call, tx, Action.EVALUATE)
    told_by(act, body.on, "自评日期", 40)
    window = evaluation_days(act.standing)  # none for maintenance, whose term has ended (R30)
    not_before(body.on, window and window[0], "/on", "自评日期", article=40)
    not_before(body.on, fact_day(act.case, "term_ended"), "/on", "评价日期", article=27)
    late = window is not None and window[1] >= IN_FORCE and body.on > window[1]
    told = f"自评已报送；已超过 {window[1].isoformat()} 的期限。" if late and window else "自评已报送。"
    indicators = reached(act.case, body.indicators)
    return done(
        call, tx, act, "evaluation.reported", three_desks(act.case, judging_tier(act.case)), on=body.on,
        content={**plain(body), "indicators": indicators, "late": late}, facts={"evaluated": {"late": late}},
        message=told + untold(indicators),
        figures={} if window is None else {"until": window[1].isoformat()},
        steps=dict.fromkeys(("office", "gatekeeper", "drc", "approver", "finance"), "请填写重点绩效评价。"),
    )  # fmt: skip


async def score(call: Call, tx: Tx) -> Answer:
    """Art. 40: each of the three gives its card; the result stands when all are in and steers next year's money."""
    body: ScoreIn = call.body
    act = await opened(call, tx, Action.SCORE, racing=True)
    tier = judging_tier(act.case)
    slot = _slot(act, tier)
    points = plain(body.points)
    weights = {name: act.standing.figure(f"evaluation.weight.{name}", WEIGHTS[name]) for name in ASPECTS}
    worth = card(points, weights)
    slots = {**act.fact("scored").get("slots", {}), slot.value: worth}
    total = result(slots)
    told = (
        "" if total is None else f"三家评价齐全，结果 {points_text(total)} 分，作为下一年度安排经费的依据。"
    )
    return done(
        call, tx, act, "evaluation.scored", [*owner_desks(act.case), *three_desks(act.case, tier)],
        content={"slot": slot.value, "weights": weights, "card": points_text(worth), **plain(body)},
        facts={"scored": {"slots": slots, "total": total}},
        message=f"{SLOT_NAMES[tier][slot]}评价 {points_text(worth)} 分。{told}",
    )  # fmt: skip


def _slot(act: Act, tier: Tier) -> Slot:
    """Which of the three the actor speaks for; the table has let through nobody else."""
    mine = slot_of(tier, act.actor.principal.roles)
    return next(slot for slot in THREE if slot in mine)


async def retire(call: Call, tx: Tx) -> Answer:
    """Arts 3, 6: a system goes when something shared takes its place; its data are handed over, and told where."""
    body: RetireIn = call.body
    act = await opened(call, tx, Action.RETIRE)
    told_by(act, body.on, "退出日期", 3)
    stood = fact_day(act.case, "evaluated") or fact_day(act.case, "accepted")
    not_before(body.on, stood, "/on", "退出日期", article=3)
    return done(
        call, tx, act, "evaluation.retired", _interested(act.case), on=body.on, content=plain(body),
        reason=body.reason, facts={"retired": {}}, message="项目退出运行，数据移交情况已登记。",
    )  # fmt: skip


def _interested(case: Case) -> list[Recipient]:
    tier = judging_tier(case)
    return [
        *owner_desks(case),
        *three_desks(case, tier),
        *tier_desks(case, tier, "data_office", "info_centre"),
    ]
