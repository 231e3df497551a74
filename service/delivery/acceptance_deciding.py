"""What the organs do before and at the acceptance: confirmations (art. 30), opinions, acceptance, return (art. 32)."""

from __future__ import annotations

from service.delivery.acceptance_common import (
    Act,
    accepting_tier,
    desk,
    done,
    opened,
    plain,
    three_desks,
    told_by,
)
from service.delivery.acceptance_schemas import (
    AcceptanceOpinionIn,
    AcceptIn,
    ConfirmIn,
    DelegateIn,
    ReturnAcceptanceIn,
)
from service.kit.api import Answer, Call
from service.kit.db import Tx
from service.measures.citations import chinese_number
from service.measures.figures import noting, told_of
from service.measures.lifecycle import Action
from service.measures.organs import Slot, slot_of
from service.projects.case import Case
from service.projects.facts import without_fact
from service.projects.phases import fact_day, not_before, owner_desks


async def confirm_data(call: Call, tx: Tx) -> Answer:
    """Arts 11, 30: the data office confirms that data are shared, or not; the latest word stands."""
    return await _confirm(call, tx, Action.CONFIRM_DATA, "data_confirmed", "acceptance.data_judged")


async def confirm_crypto(call: Call, tx: Tx) -> Answer:
    """Arts 25, 30: the cryptography organ on safe and reliable products and cryptography."""
    return await _confirm(call, tx, Action.CONFIRM_CRYPTO, "crypto_confirmed", "acceptance.crypto_judged")


async def _confirm(call: Call, tx: Tx, action: Action, fact: str, event: str) -> Answer:
    body: ConfirmIn = call.body
    act = await opened(call, tx, action)
    told = "确认通过。" if body.passed else "确认没有通过；整改后可再次申请确认。"
    return done(
        call, tx, act, event, [*owner_desks(act.case), *desk(act.case, accepting_tier(act.case), Slot.DRC)],
        content=plain(body), facts={fact: {"passed": body.passed}}, message=told,
    )  # fmt: skip


async def give_opinion(call: Call, tx: Tx) -> Answer:
    """Art. 32: general office and finance, side by side; until the acceptance each may change its own."""
    body: AcceptanceOpinionIn = call.body
    act = await opened(call, tx, Action.GIVE_ACCEPTANCE_OPINION, racing=True)
    tier = accepting_tier(act.case)
    slot = _opining(act)
    slots = {**act.fact("acceptance_opinions").get("slots", {}), slot.value: body.agreed}
    told = "同意通过验收。" if body.agreed else "不同意通过验收。"
    return done(
        call, tx, act, "acceptance.opinion_given", desk(act.case, tier, Slot.DRC),
        content={"slot": slot.value, **plain(body)}, facts={"acceptance_opinions": {"slots": slots}},
        message=told,
    )  # fmt: skip


def _opining(act: Act) -> Slot:
    """Which of the two the actor speaks for; the table has let through nobody else."""
    mine = slot_of(accepting_tier(act.case), act.actor.principal.roles)
    return Slot.GENERAL_OFFICE if Slot.GENERAL_OFFICE in mine else Slot.FINANCE


async def accept(call: Call, tx: Tx) -> Answer:
    """Art. 32: the DRC with the two others; unconfirmed projects are not accepted (art. 30)."""
    body: AcceptIn = call.body
    act = await opened(call, tx, Action.ACCEPT)
    told_by(act, body.on, "验收意见日期", 32)
    not_before(body.on, fact_day(act.case, "acceptance_applied"), "/on", "验收意见日期", article=32)
    return done(
        call, tx, act, "acceptance.accepted", _heard(act.case), on=body.on, content=plain(body),
        facts={"accepted": {"delegated": False, "number": body.document_number}},
        message=f"验收意见 {body.document_number}。", steps=_next(act),
    )  # fmt: skip


def _heard(case: Case) -> list:  # type: ignore[type-arg]
    """Owner and the accepting organs; in a city its gatekeeping desk files the acceptance of some projects."""
    return [*owner_desks(case), *three_desks(case, accepting_tier(case))]


def _next(act: Act) -> dict[str, str]:
    case, figures = act.case, noting(act.standing.figures)
    first, last = (chinese_number(figures[f"evaluation.{name}_months"]) for name in ("from", "until"))
    window = f"投入运行后登记运行日期，{first}至{last}个月内开展自评{told_of(figures)}。"
    steps = dict.fromkeys(("unit", "department", "portal"), window)
    if case.route == "provincial_review" and accepting_tier(case).value == "city":
        steps["gatekeeper"] = "请将验收情况报省领导小组办公室备案（第三十二条）。"
    return steps


async def return_acceptance(call: Call, tx: Tx) -> Answer:
    """Arts 30, 32: back to where the final inspection left it; the round's opinions end with it."""
    body: ReturnAcceptanceIn = call.body
    act = await opened(call, tx, Action.RETURN_ACCEPTANCE)
    act.case.dated = without_fact(
        act.case.dated, "acceptance_applied", "acceptance_opinions", "acceptance_delegated"
    )
    return done(
        call, tx, act, "acceptance.returned", _heard(act.case), content=plain(body), reason=body.reason,
        message="验收申请退回，处理后可再次申请。",
    )  # fmt: skip


async def delegate(call: Call, tx: Tx) -> Answer:
    """Art. 32: the owner is to run the acceptance and report it to all three."""
    body: DelegateIn = call.body
    act = await opened(call, tx, Action.DELEGATE_ACCEPTANCE)
    return done(
        call, tx, act, "acceptance.delegated", _heard(act.case), content=plain(body),
        facts={"acceptance_delegated": {"to": body.to}}, message=f"委托{body.to}组织竣工验收。",
        steps=dict.fromkeys(("unit", "department", "portal"), "验收完成后，将验收报告报三家机构。"),
    )  # fmt: skip
