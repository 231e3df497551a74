"""Budgets by tier: what each funding organ issues of its own sources (arts 20, 34)."""

from __future__ import annotations

from service.kit.api import Call
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.money import fen, yuan
from service.measures.budgets import SOURCES, sources_of
from service.measures.lifecycle import Action, Procedure
from service.measures.offices import Tier
from service.projects.approving import members
from service.projects.case import Case
from service.projects.deeds import Desk, deed
from service.projects.evaluated import poor_results_told
from service.projects.phases import (
    Deed,
    fact_day,
    not_after,
    not_before,
)
from service.reviews.errors import SOURCE
from service.reviews.schemas import BudgetIn
from service.reviews.whose_turn import procedure


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
    issued, approved = issued_of(case)[1] + sum(lines.values()), case.approved_fen or 0
    complete = issued == approved
    # The whole budget moves a provincially approved project on; a share, or a city's own project, stays.
    if complete and case.state == "approved" and procedure(case) is not Procedure.CITY_FILING:
        desk.become(Action.ISSUE_BUDGET)
    weighed, warned = await poor_results_told(desk.call, desk.tx, case)
    document = body.document
    told = {
        "document": {"number": document.number, "date": document.date, "digest": document.digest},
        "lines": [{"source": line.source, "amount_yuan": line.amount_yuan} for line in body.lines],
        "issued_yuan": yuan(issued),
        "complete": complete,
        "poorly_evaluated": weighed,
    }
    return desk.told(
        "review.budget_issued",
        members(case),
        content=told,
        on=body.document.date,
        kind=Action.ISSUE_BUDGET.value,
        dated={"budget": {"issued_fen": issued, "lines": lines, "complete": complete}},
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


def issued_of(case: Case) -> tuple[dict[str, int], int]:
    """What was issued so far by source, and what nobody told the source of: brought along by an import."""
    fact = case.dated.get("budget") or {}
    lines: dict[str, int] = dict(fact.get("lines") or {})
    return lines, (fact.get("issued_fen") or 0) - sum(lines.values())


def _sum(case: Case, body: BudgetIn) -> dict[str, int]:
    """All lines by source with the new ones; 422 when they pass the approved amount. What was issued before the case
    came here (art. 39) is told without its sources and counts too."""
    lines, before = issued_of(case)
    faults = []
    for index, line in enumerate(body.lines):
        amount = fen(line.amount_yuan)
        if amount <= 0:
            faults.append(FieldError(f"/lines/{index}/amount_yuan", "amount_range", "金额应大于零"))
        lines[line.source] = lines.get(line.source, 0) + amount
    total, approved = before + sum(lines.values()), case.approved_fen or 0
    if total > approved:
        detail = f"累计下达{yuan(total)}元，超过批复金额{yuan(approved)}元（第二十条）"
        faults.append(FieldError("/lines", "amount_exceeds", detail))
    if faults:
        raise invalid(faults)
    return lines
