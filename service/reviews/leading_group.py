"""The leading group's decision on what was reviewed (arts 19, 20)."""

from __future__ import annotations

from service.measures.lifecycle import Action
from service.projects.approving import members
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, fact_day, not_after, not_before
from service.reviews.schemas import LeadingGroupIn


@deed(
    "leading-group",
    Action.RECORD_LEADING_GROUP,
    body=LeadingGroupIn,
    summary="登记领导小组审定结果",
    may="leading_group/record",
    tag="reviews",
)
async def leading_group(desk: Desk) -> Deed:
    """由会议秘书登记；没有同意的由组织单位退回。"""
    # The leading group's decision; a return is carried out by the office afterwards.
    body: LeadingGroupIn = desk.body
    case = desk.case
    not_after(body.meeting_date, desk.today, "/meeting_date", "会议日期", article=19)
    closed_on = fact_day(case, "joint_review")
    not_before(body.meeting_date, closed_on, "/meeting_date", "会议日期（联合会审之后）", article=19)
    agreed = body.decision == "approve"
    return desk.told(
        "review.leading_group_decided",
        members(case),
        content={"decision": body.decision, "number": body.number, "note": body.note},
        on=body.meeting_date,
        dated={
            "leading_group": {
                "decision": body.decision,
                "number": body.number,
                "amount_fen": case.investment_fen,
            }
        },
        message=f"领导小组{'审定同意' if agreed else '没有同意'}（{body.number}）。",
        steps={"drc": "请按第二十条批复。", "approver": "请按程序批复。"}
        if agreed
        else {"office": "请退回项目单位。", "gatekeeper": "请退回项目单位。"},
    )
