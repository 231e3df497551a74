"""An approved project is given up: applied for by the owner, agreed by whoever approved, the money settled (R37)."""

from __future__ import annotations

from service.delivery.building_deeds import past, plain, portal
from service.delivery.ending_schemas import AgreeEndIn, EndIn, RefuseEndIn
from service.delivery.funding_of_case import settled
from service.kit.ids import new_id
from service.kit.money import yuan
from service.kit.outbox import Recipient
from service.measures.lifecycle import Action
from service.measures.organs import THREE, Slot
from service.projects.case import Case
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, fact_day, funding_desks, not_before, organ_desks, owner_desks
from service.projects.submission import PROVINCE


@deed(
    "end",
    Action.APPLY_END,
    body=EndIn,
    summary="申请终止",
    may="project.end/request",
    tag="delivery",
    waits=True,
)
async def apply_end(desk: Desk) -> Deed:
    """申请终止：项目单位说明不再建设的理由和善后安排，由原批复部门决定（管理惯例；资金按第三十八条退回）。"""
    body: EndIn = desk.body
    record = new_id()
    return desk.told(
        "delivery.end_requested",
        [*organ_desks(desk.case, Slot.DRC, Slot.GENERAL_OFFICE), *portal(desk.case)],
        content=plain(body),
        dated={"end_request": {"open": record}},
        record_id=record,
        reason=body.reason,
        message="项目单位申请终止项目。",
        steps=dict.fromkeys(("drc", "approver"), "请决定是否同意终止。"),
    )


@deed(
    "end/refuse",
    Action.REFUSE_END,
    body=RefuseEndIn,
    summary="不同意终止",
    may="project.end/decide",
    tag="delivery",
)
async def refuse_end(desk: Desk) -> Deed:
    """不同意终止：说明理由，项目继续（管理惯例）。"""
    body: RefuseEndIn = desk.body
    asked = desk.case.dated["end_request"]
    return desk.told(
        "delivery.end_refused",
        [*owner_desks(desk.case), *organ_desks(desk.case, Slot.GENERAL_OFFICE)],
        content={**plain(body), "request": asked["open"]},
        reason=body.reason,
        dated={"end_request": {**asked, "open": None, "agreed": False}},
        message="不同意终止，项目继续。",
    )


@deed(
    "end/agree",
    Action.AGREE_END,
    body=AgreeEndIn,
    summary="同意终止",
    may="project.end/decide",
    tag="delivery",
)
async def agree_end(desk: Desk) -> Deed:
    """同意终止：项目终止，已下达未支出的资金退回（第三十八条）；曾经报备案的，同时告知省领导小组办公室。"""
    body: AgreeEndIn = desk.body
    asked = desk.case.dated["end_request"]
    past(desk, body.document.date, "/document/date", "文件日期", 20)
    not_before(
        body.document.date, fact_day(desk.case, "end_request"), "/document/date", "文件日期", article=20
    )
    back, dated = settled(desk.case)
    dated["terminated"] = {"applied": asked["open"], "returned_fen": back}
    dated["end_request"] = {**asked, "open": None, "agreed": True}
    return desk.told(
        "delivery.ended",
        _heard(desk.case),
        content={**plain(body), "request": asked["open"], "returned_yuan": yuan(back)},
        reason=body.opinion,
        dated=dated,
        message=f"项目经申请终止，未支付的资金 {yuan(back)} 元退回。",
    )


def _heard(case: Case) -> list[Recipient]:
    """Owner, the three organs, whoever's budget pays; the city's desk; and the office that a filing was told to."""
    found = [*owner_desks(case), *organ_desks(case, *THREE), *funding_desks(case)]
    if case.tenant_id != PROVINCE:
        found.append(Recipient(case.tenant_id, "gatekeeper"))
    if case.filing_number is not None:
        found.append(Recipient(PROVINCE, "office"))
    return list(dict.fromkeys(found))
