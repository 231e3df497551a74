"""Who builds and who answers for it (art. 24)."""

from __future__ import annotations

from service.delivery.building_deeds import (
    in_force,
    past,
    plain,
    watchers,
)
from service.delivery.building_schemas import (
    ResponsibleIn,
)
from service.delivery.engaging import beside
from service.measures.lifecycle import Action
from service.projects.deeds import Desk, deed
from service.projects.findings import record_findings
from service.projects.phases import Deed


@deed(
    "responsible",
    Action.NAME_RESPONSIBLE,
    body=ResponsibleIn,
    summary="确定实施机构和责任人",
    may="project.building/record",
    tag="delivery",
)
async def name_responsible(desk: Desk) -> Deed:
    """确定项目实施机构和项目责任人（第二十四条）；更换时原登记保留。"""
    body: ResponsibleIn = desk.body
    past(desk, body.named_on, "/named_on", "确定日期", 24)
    before = await in_force(desk, Action.NAME_RESPONSIBLE)
    record_findings(desk.tx, desk.case, ("responsible_missing",), (), desk.actor.now)
    content, earlier = plain(body, "named_on"), before[0]["id"] if before else None
    record, told = await beside(desk, Action.NAME_RESPONSIBLE, body.named_on, content, earlier)
    return desk.told(
        "delivery.responsible_named",
        watchers(desk.case),
        on=body.named_on,
        content=content,
        dated={"responsible": {"implementing_body": body.implementing_body, "person": body.person}},
        message=f"实施机构为{body.implementing_body}，责任人为{body.person}。{told}",
        supersedes=earlier,
        record_id=record,
    )
