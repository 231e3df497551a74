"""Surplus: what was issued and not spent goes back (art. 38)."""

from __future__ import annotations

from service.delivery.building_deeds import amount, past, plain
from service.delivery.funding_deeds import funds_after, treasury_desks
from service.delivery.funding_of_case import funds_of, payments
from service.delivery.funding_schemas import SurplusIn
from service.kit.money import yuan
from service.measures.lifecycle import Action
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, fact_day, not_before


@deed(
    "return-surplus",
    Action.RETURN_SURPLUS,
    body=SurplusIn,
    summary="退回结余",
    may="project.funding/pay",
    tag="funding",
)
async def return_surplus(desk: Desk) -> Deed:
    """退回结余（第三十八条）：已下达而未支出的部分，可以一次退回，也可以分次退回。"""
    body: SurplusIn = desk.body
    past(desk, body.returned_on, "/returned_on", "退回日期", 38)
    for name in ("budget", "payments"):  # what is left is known after the last payment
        not_before(body.returned_on, fact_day(desk.case, name), "/returned_on", "退回日期", article=38)
    before = funds_of(desk.case)
    back = amount(body.amount_yuan)
    funds = funds_after(lambda held: held.give_back(back), desk)
    return desk.told(
        "delivery.surplus_returned",
        treasury_desks(desk),
        on=body.returned_on,
        content={
            **plain(body, "returned_on"),
            "amount_yuan": yuan(back),
            "surplus_yuan": yuan(before.surplus),
        },
        dated={"payments": payments(funds)},
        message=f"退回结余资金 {yuan(back)} 元，尚余 {yuan(funds.left)} 元。",
        figures={"left_yuan": yuan(funds.left)},
    )
