"""Approval by the province on the leading group's decision (art. 20)."""

from __future__ import annotations

from service.measures.lifecycle import Action
from service.projects import refusing
from service.projects.approving import approved
from service.projects.deeds import Desk, deed
from service.projects.errors import CHANGED, REASONS
from service.projects.phases import (
    owner_desks,
)
from service.projects.state import Step
from service.reviews.schemas import ProvinceApproveIn


@deed(
    "province-approve",
    Action.PROVINCE_APPROVE,
    body=ProvinceApproveIn,
    summary="省级批复",
    may="project.provincial_review/approve",
    tag="reviews",
    refused=refusing.tell,
    errors=(
        CHANGED,
        REASONS,
    ),
)
async def province_approve(desk: Desk) -> Step:
    """依据领导小组审定结果批复，按批复金额重新判定路径，自动抄送成员单位。"""
    # 省发展改革委 approves on the leading group's decision; the pen returns to the owner (law.md, trap 12).
    return await approved(desk, "review.approved", owner_desks(desk.case))
