"""Where a project's money comes from, what was paid and what goes back (arts 33-35, 38)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from service.characters.keys import key
from service.delivery.building_deeds import amount, fault, in_force, past, plain, portal
from service.delivery.funding_of_case import funds_of, payments
from service.delivery.funding_schemas import FundingIn, PaymentIn, ReversalIn, SourceLine
from service.kit.db import Row
from service.kit.ids import new_id
from service.kit.money import fen, yuan
from service.kit.outbox import Recipient
from service.measures.building import hints
from service.measures.funding import FundingRefused, Funds, check_lines
from service.measures.lifecycle import Action
from service.projects.deeds import Desk, deed
from service.projects.engaged import READ, engaged
from service.projects.phases import Deed, fact_day, funding_desks, not_before


def treasury_desks(desk: Desk) -> list[Recipient]:
    """Who hears of money that moved."""
    return [*funding_desks(desk.case), *portal(desk.case)]


def funding_fact(lines: Sequence[SourceLine], total: int, pointer: str = "/lines") -> dict[str, Any]:
    """The fact `funding`; 422 unless the lines sum to the total."""
    amounts = [fen(line.amount_yuan) for line in lines]
    try:
        check_lines(amounts, total)
    except FundingRefused as refusal:
        raise fault(
            pointer, refusal.code, f"{refusal.detail}（第三十三条、第三十四条、第三十五条）"
        ) from None
    found = [{"source": line.source, "amount_fen": sum_} for line, sum_ in zip(lines, amounts, strict=True)]
    return {"lines": found, "total_fen": total}


def funding_lines(lines: Sequence[SourceLine]) -> list[dict[str, Any]]:
    """The lines as a record keeps them."""
    return [{**plain(line), "amount_yuan": yuan(fen(line.amount_yuan))} for line in lines]


@deed(
    "funding",
    Action.SET_FUNDING,
    body=FundingIn,
    summary="登记资金来源",
    may="project.funding/set",
    tag="funding",
)
async def set_funding(desk: Desk) -> Deed:
    """登记资金来源（第三十三条至第三十五条）：各来源合计等于批复总额；社会资金不设上限。"""
    body: FundingIn = desk.body
    fact = funding_fact(body.lines, funds_of(desk.case).approved)
    before = await in_force(desk, Action.SET_FUNDING)
    return desk.told(
        "delivery.funding_set",
        treasury_desks(desk),
        content={**plain(body), "lines": funding_lines(body.lines)},
        dated={"funding": fact},
        message=f"资金来源 {len(body.lines)} 项，合计 {yuan(fact['total_fen'])} 元。",
        supersedes=before[0]["id"] if before else None,
    )


@deed(
    "payments",
    Action.RECORD_PAYMENT,
    body=PaymentIn,
    summary="登记支付",
    may="project.funding/pay",
    tag="funding",
)
async def record_payment(desk: Desk) -> Deed:
    """登记国库集中支付（第三十八条）：专款专用，不超过已下达预算，也不超过批复总额。"""
    body: PaymentIn = desk.body
    past(desk, body.paid_on, "/paid_on", "支付日期", 38)
    paid = amount(body.amount_yuan)
    rows = await in_force(desk, *READ, Action.ISSUE_BUDGET)
    not_before(body.paid_on, _first_issued(desk, rows), "/paid_on", "支付日期", article=38)
    _one_document(rows, body.treasury_document)
    _party(rows, body)
    funds = funds_after(lambda before: before.pay(paid), desk)
    content = {**plain(body, "paid_on"), "amount_yuan": yuan(paid)}
    new = {"id": new_id(), "kind": Action.RECORD_PAYMENT.value, "on": body.paid_on, "content": content}
    told = hints(await engaged(desk.tx, desk.case, desk.actor.now, records=rows, new=new))
    return desk.told(
        "delivery.payment_recorded",
        treasury_desks(desk),
        on=body.paid_on,
        content=content,
        dated={"payments": payments(funds)},
        message=f"支付 {yuan(paid)} 元，累计 {yuan(funds.paid)} 元。{told}",
        record_id=new["id"],
    )


def _first_issued(desk: Desk, rows: Sequence[Row]) -> date | None:
    """The day of the first document that issued a part of the budget, whatever was issued since (arts 20, 34)."""
    if desk.fact("imported"):  # what was issued before the case came here has no day of its own
        return fact_day(desk.case, "approved")
    days = [row["on"] for row in rows if row["kind"] == Action.ISSUE_BUDGET.value]
    return min(days, default=fact_day(desk.case, "budget"))


def _one_document(rows: Sequence[Row], number: str) -> None:
    """A treasury document pays once."""
    kind, same = Action.RECORD_PAYMENT.value, key(number)
    if any(row["kind"] == kind and key(row["content"]["treasury_document"]) == same for row in rows):
        raise fault("/treasury_document", "duplicate_document", "该支付凭证已经登记过（第三十八条）")


def _party(rows: Sequence[Row], body: PaymentIn) -> None:
    """Dedicated use: who is paid under a contract is one of its parties."""
    if body.contract is None:
        return
    kind = Action.RECORD_CONTRACT.value
    found = next((row for row in rows if row["kind"] == kind and row["id"] == body.contract), None)
    if found is None:
        raise fault("/contract", "unknown_record", "没有这份有效的合同登记")
    if body.payee not in found["content"]["parties"]:
        raise fault("/payee", "payee_not_party", "收款人不是该合同的当事人，不符合专款专用（第三十八条）")


def funds_after(move: Any, desk: Desk, pointer: str = "/amount_yuan") -> Funds:
    """The money after a move, or 422 at the amount with art. 38."""
    try:
        after: Funds = move(funds_of(desk.case))
    except FundingRefused as refusal:
        raise fault(pointer, refusal.code, f"{refusal.detail}（第三十八条）") from None
    return after


@deed(
    "payment-reversals",
    Action.REVERSE_PAYMENT,
    body=ReversalIn,
    summary="冲回支付",
    may="project.funding/pay",
    tag="funding",
)
async def reverse_payment(desk: Desk) -> Deed:
    """冲回一笔支付（第三十八条）：退款或者更正，另作一条登记，原登记保留。"""
    body: ReversalIn = desk.body
    past(desk, body.reversed_on, "/reversed_on", "冲回日期", 38)
    rows, kind = await in_force(desk, *READ), Action.RECORD_PAYMENT.value
    found = next((row for row in rows if row["kind"] == kind and row["id"] == body.payment), None)
    if found is None:
        raise fault("/payment", "unknown_record", "没有这笔支付，或者已经冲回")
    not_before(body.reversed_on, found["on"], "/reversed_on", "冲回日期", article=38)
    back = fen(found["content"]["amount_yuan"])
    funds = funds_after(lambda before: before.reverse(back), desk, "/payment")
    await engaged(desk.tx, desk.case, desk.actor.now, records=rows, old=body.payment)
    return desk.told(
        "delivery.payment_reversed",
        treasury_desks(desk),
        on=body.reversed_on,
        content={**plain(body, "reversed_on"), "amount_yuan": yuan(back)},
        dated={"payments": payments(funds)},
        message=f"冲回支付 {yuan(back)} 元，累计 {yuan(funds.paid)} 元。",
        reason=body.reason,
        supersedes=body.payment,
        figures={"paid_yuan": yuan(funds.paid)},
    )
