"""Fiscal affordability of major government investment (art. 9)."""

from __future__ import annotations

from typing import Any

from service.kit.errors import FieldError, invalid
from service.measures.lifecycle import Action
from service.measures.organs import Slot
from service.projects.case import Case
from service.projects.deeds import Desk, deed
from service.projects.phases import (
    Deed,
    funding_desks,
    not_after,
    owner_desks,
)
from service.reviews.schemas import AffordabilityIn
from service.reviews.whose_turn import desk_of


@deed(
    "affordability",
    Action.ASSESS_AFFORDABILITY,
    body=AffordabilityIn,
    summary="登记财政承受能力评估",
    may="budget/assess",
    tag="reviews",
)
async def affordability(desk: Desk) -> Deed:
    """是否属于重大政府投资项目由本级财政部门认定（管理惯例）；评估没有通过的不能安排预算。"""
    # Finance tells whether this is a major government investment and what its assessment came to (art. 9).
    body: AffordabilityIn = desk.body
    case = desk.case
    today = desk.today
    assessed = body.passed is not None
    _whole(body, assessed)
    on = body.assessed_on or today
    not_after(on, today, "/assessed_on", "评估日期", article=9)
    tier = desk.call.principal.tier  # its own share (arts 9, 34); the table has let through whose money it is
    marked = {**_tiers(case, "major_investment"), tier: body.major}
    dated: dict[str, dict[str, Any]] = {"major_investment": {"major": any(marked.values()), "tiers": marked}}
    told: dict[str, Any] = {"major": body.major, "passed": body.passed, "tier": tier}
    if assessed and body.document is not None:
        said = {**_tiers(case, "affordability"), tier: bool(body.passed)}
        dated["affordability"] = {"passed": all(said.values()), "tiers": said}
        told |= {
            "assessor": body.assessor,
            "document": {"name": body.document.name, "digest": body.document.digest},
        }
    return desk.told(
        "review.affordability_assessed",
        [
            *owner_desks(case),
            desk_of(case, Slot.GENERAL_OFFICE),
            desk_of(case, Slot.DRC),
            *funding_desks(case),
        ],
        content=told,
        on=on,
        dated=dated,
        message=_affordable(body),
    )


def _whole(body: AffordabilityIn, assessed: bool) -> None:
    """422 unless an assessment comes with its day, assessor and report, and none of them without one (art. 9)."""
    given = {"/assessed_on": body.assessed_on, "/assessor": body.assessor, "/document": body.document}
    code = "missing_field" if assessed else "unknown_field"
    says = "已作评估的须填写评估日期、评估单位和评估报告" if assessed else "没有评估结论时不填写"
    faults = [
        FieldError(pointer, code, f"{says}（第九条）")
        for pointer, value in given.items()
        if (value is None) is assessed
    ]
    if faults:
        raise invalid(faults)


def _tiers(case: Case, fact: str) -> dict[str, bool]:
    """What each funding tier said so far."""
    return dict((case.dated.get(fact) or {}).get("tiers") or {})


def _affordable(body: AffordabilityIn) -> str:
    kind = "属于重大政府投资项目" if body.major else "不属于重大政府投资项目"
    if body.passed is None:
        return f"{kind}{'，须先通过财政承受能力评估（第九条）' if body.major else ''}。"
    return f"{kind}，财政承受能力评估{'通过' if body.passed else '没有通过，不能安排预算（第九条）'}。"
