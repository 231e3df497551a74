"""What the organs do before and at the acceptance: confirmations (art. 30), opinions, acceptance, return (art. 32)."""

from __future__ import annotations

from service.delivery.acceptance_common import (
    accepting_tier,
    after_confirmed,
    desk_of,
    plain,
    three_desks,
    told_by,
)
from service.delivery.acceptance_schemas import (
    AcceptanceOpinionIn,
    AcceptIn,
    DelegateIn,
    ReturnAcceptanceIn,
)
from service.measures.citations import chinese_number
from service.measures.figures import noting, told_of
from service.measures.lifecycle import Action
from service.measures.organs import Slot, slot_of
from service.projects.case import Case
from service.projects.dated_facts import without_fact
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, fact_day, not_before, owner_desks


@deed(
    "give-acceptance-opinion",
    Action.GIVE_ACCEPTANCE_OPINION,
    body=AcceptanceOpinionIn,
    summary="验收意见",
    may="acceptance/opine",
    tag="acceptance",
    racing=True,
)
async def give_opinion(desk: Desk) -> Deed:
    """两家可同时填写，互不覆盖，不需要 If-Match（第三十二条）。"""
    # Art. 32: general office and finance, side by side; until the acceptance each may change its own.
    body: AcceptanceOpinionIn = desk.body
    tier = accepting_tier(desk.case)
    slot = _opining(desk)
    slots = {**desk.fact("acceptance_opinions").get("slots", {}), slot.value: body.agreed}
    told = "同意通过验收。" if body.agreed else "不同意通过验收。"
    return desk.told(
        "acceptance.opinion_given",
        desk_of(desk.case, tier, Slot.DRC),
        content={"slot": slot.value, **plain(body)},
        dated={"acceptance_opinions": {"slots": slots}},
        message=told,
    )


def _opining(desk: Desk) -> Slot:
    """Which of the two the actor speaks for; the table has let through nobody else."""
    mine = slot_of(accepting_tier(desk.case), desk.actor.principal.roles)
    return Slot.GENERAL_OFFICE if Slot.GENERAL_OFFICE in mine else Slot.FINANCE


@deed("accept", Action.ACCEPT, body=AcceptIn, summary="竣工验收", may="acceptance/decide", tag="acceptance")
async def accept(desk: Desk) -> Deed:
    """两家意见齐全且同意、两项确认通过后出具验收意见（第三十条、第三十二条）。"""
    # Art. 32: the DRC with the two others; unconfirmed projects are not accepted (art. 30).
    body: AcceptIn = desk.body
    told_by(desk, body.on, "验收意见日期", 32)
    not_before(body.on, fact_day(desk.case, "acceptance_applied"), "/on", "验收意见日期", article=32)
    after_confirmed(desk, body.on, "验收意见日期")
    return desk.told(
        "acceptance.accepted",
        _heard(desk.case),
        on=body.on,
        content=plain(body),
        dated={"accepted": {"delegated": False, "number": body.document_number}},
        message=f"验收意见 {body.document_number}。",
        steps=_next(desk),
    )


def _heard(case: Case) -> list:  # type: ignore[type-arg]
    """Owner and the accepting organs; in a city its gatekeeping desk files the acceptance of some projects."""
    return [*owner_desks(case), *three_desks(case, accepting_tier(case))]


def _next(desk: Desk) -> dict[str, str]:
    case, figures = desk.case, noting(desk.gated.figures)
    first, last = (chinese_number(figures[f"evaluation.{name}_months"]) for name in ("from", "until"))
    window = f"投入运行后登记运行日期，{first}至{last}个月内开展自评{told_of(figures)}。"
    steps = dict.fromkeys(("unit", "department", "portal"), window)
    if case.route == "provincial_review" and accepting_tier(case).value == "city":
        steps["gatekeeper"] = "请将验收情况报省领导小组办公室备案（第三十二条）。"
    return steps


@deed(
    "return-acceptance",
    Action.RETURN_ACCEPTANCE,
    body=ReturnAcceptanceIn,
    summary="退回验收申请",
    may="acceptance/decide",
    tag="acceptance",
)
async def return_acceptance(desk: Desk) -> Deed:
    """说明理由，回到终验之后；本轮意见作废，重新申请时另行征求（第三十二条）。"""
    # Arts 30, 32: back to where the final inspection left it; the round's opinions end with it. That it was applied for
    # stays told: from the return on there is as much time anew as after the inspection.
    body: ReturnAcceptanceIn = desk.body
    desk.case.dated = without_fact(desk.case.dated, "acceptance_opinions", "acceptance_delegated")
    return desk.told(
        "acceptance.returned",
        _heard(desk.case),
        content=plain(body),
        reason=body.reason,
        message="验收申请退回，处理后可再次申请。",
    )


@deed(
    "delegate-acceptance",
    Action.DELEGATE_ACCEPTANCE,
    body=DelegateIn,
    summary="委托验收",
    may="acceptance/decide",
    tag="acceptance",
)
async def delegate(desk: Desk) -> Deed:
    """委托后由项目单位组织，完成后报三家机构（第三十二条）。"""
    # Art. 32: the owner is to run the acceptance and report it to all three.
    body: DelegateIn = desk.body
    return desk.told(
        "acceptance.delegated",
        _heard(desk.case),
        content=plain(body),
        dated={"acceptance_delegated": {"to": body.to}},
        message=f"委托{body.to}组织竣工验收。",
        steps=dict.fromkeys(("unit", "department", "portal"), "验收完成后，将验收报告报三家机构。"),
    )
