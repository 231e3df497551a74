"""Approval by the province (art. 20), fiscal affordability (art. 9), budgets by tier (arts 20, 34)."""

from __future__ import annotations

from typing import Any

from service.kit.api import Call
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.money import fen, yuan
from service.measures.budgets import SOURCES, sources_of
from service.measures.lifecycle import Action, Procedure
from service.measures.offices import Tier
from service.measures.organs import Slot
from service.projects import refusing
from service.projects.approving import approved, members
from service.projects.case import Case
from service.projects.deeds import Desk, deed
from service.projects.errors import CHANGED, REASONS
from service.projects.evaluated import weighed_with_money
from service.projects.phases import (
    Deed,
    fact_day,
    funding_desks,
    not_after,
    not_before,
    owner_desks,
)
from service.projects.state import Step
from service.reviews.errors import SOURCE
from service.reviews.schemas import AffordabilityIn, BudgetIn, ProvinceApproveIn
from service.reviews.standing import desk_of, procedure


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
    facts: dict[str, dict[str, Any]] = {"major_investment": {"major": any(marked.values()), "tiers": marked}}
    told: dict[str, Any] = {"major": body.major, "passed": body.passed, "tier": tier}
    if assessed and body.document is not None:
        said = {**_tiers(case, "affordability"), tier: bool(body.passed)}
        facts["affordability"] = {"passed": all(said.values()), "tiers": said}
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
        facts=facts,
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


@deed(
    "budget",
    Action.ISSUE_SHARE,
    body=BudgetIn,
    summary="下达经费预算",
    may="budget/issue",
    tag="reviews",
    also=(Action.ISSUE_BUDGET,),
    errors=(SOURCE,),
)
async def budget(desk: Desk) -> Deed:
    """各级财政下达本级资金，可分次，累计不超过批复金额。"""
    # Issues money of one's own tier's sources, never more than was approved; the last line makes the budget whole.
    body: BudgetIn = desk.body
    case = desk.case
    own_sources(desk.call, case)
    today = desk.today
    not_after(body.document.date, today, "/document/date", "预算文件日期", article=20)
    not_before(
        body.document.date,
        fact_day(case, "approved"),
        "/document/date",
        "预算文件日期（批复之后）",
        article=20,
    )
    lines = _sum(case, body)
    issued, approved = sum(lines.values()), case.approved_fen or 0
    complete = issued == approved
    # The whole budget moves a provincially approved project on; a share, or a city's own project, stays.
    if complete and case.state == "approved" and procedure(case) is not Procedure.CITY_FILING:
        desk.become(Action.ISSUE_BUDGET)
    weighed, warned = await weighed_with_money(desk.call, desk.tx, case)
    told = {
        "document": {"number": body.document.number, "date": body.document.date, "digest": body.document.digest},
        "lines": [{"source": line.source, "amount_yuan": line.amount_yuan} for line in body.lines],
        "issued_yuan": yuan(issued), "complete": complete, "poorly_evaluated": weighed,
    }  # fmt: skip
    return desk.told(
        "review.budget_issued",
        members(case),
        content=told,
        on=body.document.date,
        kind=Action.ISSUE_BUDGET.value,
        facts={"budget": {"issued_fen": issued, "lines": lines, "complete": complete}},
        message=f"已下达预算（{body.document.number}），累计{yuan(issued)}元，批复{yuan(approved)}元。{warned}",
    )


def own_sources(call: Call, case: Case) -> None:
    """409 when a line is another tier's money (art. 34)."""
    body: BudgetIn = call.body
    may = sources_of(procedure(case), Tier(call.principal.tier))
    strange = [
        FieldError(
            f"/lines/{index}/source",
            "wrong_organ",
            f"{SOURCES[line.source]}的经费不由本级财政下达（第三十四条）",
        )
        for index, line in enumerate(body.lines)
        if line.source not in may
    ]
    if strange:
        raise ServiceError(
            409,
            "wrong_source",
            "资金由同级财政下达，请去掉其他层级的资金（第三十四条）",
            article=34,
            errors=strange,
        )


def _sum(case: Case, body: BudgetIn) -> dict[str, int]:
    """All lines by source with the new ones; 422 when they pass the approved amount."""
    lines: dict[str, int] = dict(case.dated.get("budget", {}).get("lines", {}))
    faults = []
    for index, line in enumerate(body.lines):
        amount = fen(line.amount_yuan)
        if amount <= 0:
            faults.append(FieldError(f"/lines/{index}/amount_yuan", "amount_range", "金额应大于零"))
        lines[line.source] = lines.get(line.source, 0) + amount
    total, approved = sum(lines.values()), case.approved_fen or 0
    if total > approved:
        detail = f"累计下达{yuan(total)}元，超过批复金额{yuan(approved)}元（第二十条）"
        faults.append(FieldError("/lines", "amount_exceeds", detail))
    if faults:
        raise invalid(faults)
    return lines
