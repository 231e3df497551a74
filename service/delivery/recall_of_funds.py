"""The recall of funds where nobody started in time (art. 29)."""

from __future__ import annotations

from service.delivery.building_deeds import plain
from service.delivery.building_hindrance import answered_by_recall
from service.delivery.building_schemas import (
    RecallIn,
)
from service.delivery.funding_of_case import funds_of, payments
from service.kit.money import yuan
from service.measures.lifecycle import Action
from service.measures.organs import THREE
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, organ_desks, owner_desks


@deed(
    "recall-funds",
    Action.RECALL_FUNDS,
    body=RecallIn,
    summary="收回资金",
    may="project.funding/recall",
    tag="funding",
)
async def recall_funds(desk: Desk) -> Deed:
    """收回资金（第二十九条）：批复后半年未开工；“原则上”，由财政部门说明理由后决定，并一并答复未认定的不可抗力主张。"""
    body: RecallIn = desk.body
    answered = answered_by_recall(desk.case)
    before = funds_of(desk.case)
    after = before.recall()
    taken = yuan(after.returned - before.returned)
    return desk.told(
        "delivery.funds_recalled",
        [*owner_desks(desk.case), *organ_desks(desk.case, *THREE)],
        content={**plain(body), "amount_yuan": taken},
        dated={
            "recalled": {"amount_fen": after.returned - before.returned},
            "payments": payments(after),
            **answered,
        },
        message=f"逾期未开工，收回资金 {taken} 元。{_ANSWERED if answered else ''}",
        reason=body.reason,
    )


_ANSWERED = "不可抗力的主张没有被认定，理由一并告知。"
