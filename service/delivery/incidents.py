"""Serious problems while building, reported as they come (art. 28)."""

from __future__ import annotations

from service.delivery.building_deeds import amount, fault, past, plain
from service.delivery.building_schemas import (
    IncidentIn,
)
from service.kit.money import yuan
from service.measures.lifecycle import Action
from service.measures.organs import THREE
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, not_before, organ_desks
from service.vocabulary import label


@deed(
    "incidents",
    Action.REPORT_INCIDENT,
    body=IncidentIn,
    summary="报告重大问题",
    may="project.building/report",
    tag="delivery",
)
async def report_incident(desk: Desk) -> Deed:
    """严重逾期或者重大损失，及时报三个机构（第二十八条）；办法没有规定天数。"""
    body: IncidentIn = desk.body
    past(desk, body.occurred_on, "/occurred_on", "发生日期", 28)
    content = plain(body, "occurred_on", "loss_yuan")
    if body.kind == "schedule_overrun":
        for name in ("planned_finish", "expected_finish"):
            if getattr(body, name) is None:
                raise fault(f"/{name}", "required", "逾期须填写原定和预计的完工日期（第二十八条）")
    if body.planned_finish is not None and body.expected_finish is not None:
        not_before(body.expected_finish, body.planned_finish, "/expected_finish", "预计完工日期", article=28)
    if body.loss_yuan is not None:
        content["loss_yuan"] = yuan(amount(body.loss_yuan, "/loss_yuan"))
    elif body.kind == "loss":
        raise fault("/loss_yuan", "required", "损失须填写金额（第二十八条）")
    return desk.told(
        "delivery.incident_reported",
        organ_desks(desk.case, *THREE),
        on=body.occurred_on,
        content=content,
        message=f"{label('incident_kind', body.kind)}。",
        steps=dict.fromkeys(("office", "gatekeeper"), "请会同有关机构跟进（第二十八条）。"),
    )
