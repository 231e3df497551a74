"""Works supervision: who supervises the building works, by which contract (art. 26)."""

from __future__ import annotations

from service.delivery.building_deeds import (
    amount,
    past,
    plain,
    portal,
    watchers,
)
from service.delivery.building_schemas import (
    SupervisionIn,
)
from service.delivery.engaging import beside
from service.kit.money import yuan
from service.measures.lifecycle import Action
from service.projects.deeds import Desk, deed
from service.projects.findings import record_findings
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
    """登记监理单位、监理合同和安全生产责任（第二十六条）；早于批复、不是独立一方的如实登记，并列为提示事项。"""
    body: SupervisionIn = desk.body
    past(desk, body.signed_on, "/signed_on", "合同签订日期", 26)
    content = plain(body, "signed_on", "supersedes", "amount_yuan")
    if body.amount_yuan is not None:
        content["amount_yuan"] = yuan(amount(body.amount_yuan))
    record, told = await beside(desk, Action.RECORD_SUPERVISION, body.signed_on, content, body.supersedes)
    record_findings(desk.tx, desk.case, ("supervision_missing",), (), desk.actor.now)
    return desk.told(
        "delivery.supervision_recorded",
        watchers(desk.case) if told else portal(desk.case),
        on=body.signed_on,
        content=content,
        dated={"supervision": {"company": body.company, "number": body.contract_number}},
        message=f"监理单位为{body.company}。{told}",
        supersedes=body.supersedes,
        record_id=record,
    )
