"""Works supervision: who supervises the building works, by which contract (art. 26)."""

from __future__ import annotations

from service.delivery.building_deeds import (
    amount,
    in_force,
    past,
    plain,
    portal,
    replaced,
    watchers,
)
from service.delivery.building_records import ENGAGEMENTS, early_or_unowned
from service.delivery.building_schemas import (
    SupervisionIn,
)
from service.kit.money import yuan
from service.measures.building import (
    Engagement,
)
from service.measures.lifecycle import Action
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed


@deed(
    "supervision",
    Action.RECORD_SUPERVISION,
    body=SupervisionIn,
    summary="登记工程监理",
    may="project.building/record",
    tag="delivery",
)
async def record_supervision(desk: Desk) -> Deed:
    """登记监理单位、监理合同和安全生产责任（第二十六条）。"""
    body: SupervisionIn = desk.body
    past(desk, body.signed_on, "/signed_on", "合同签订日期", 26)
    rows = await in_force(desk, *ENGAGEMENTS)
    content = plain(body, "signed_on", "supersedes", "amount_yuan")
    if body.amount_yuan is not None:
        content["amount_yuan"] = yuan(amount(body.amount_yuan))
    row = replaced(rows, body.supersedes, Action.RECORD_SUPERVISION)
    early = early_or_unowned(desk, rows, row, Engagement(body.signed_on))
    return desk.told(
        "delivery.supervision_recorded",
        watchers(desk.case) if early else portal(desk.case),
        on=body.signed_on,
        content=content,
        dated={"supervision": {"company": body.company, "number": body.contract_number}},
        message=f"监理单位为{body.company}。{early}",
        supersedes=body.supersedes,
    )
