"""Appraisal (art. 18): the agency reports on what it was commissioned for; drawing and scoring come before."""

from __future__ import annotations

from collections.abc import Mapping

from service.identity.queries import FOLLOWS
from service.kit.api import Call
from service.kit.db import Row, Tx
from service.kit.digest import sealed
from service.kit.errors import FieldError, ServiceError, invalid, not_found
from service.kit.tables import update_row
from service.measures.experts import averages, majority
from service.measures.lifecycle import Action
from service.measures.organs import Slot
from service.projects.case import Case
from service.projects.dated_facts import record_fact
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, owner_desks
from service.projects.state import Actor
from service.reviews.errors import ELSE, ENDED, WAITING
from service.reviews.models import appraisals
from service.reviews.queries import LOCKED_APPRAISAL, OFFICE_OF_USER, PANEL, SCORES
from service.reviews.schemas import ConcludeIn
from service.reviews.whose_turn import closed, desk_of, still_on
from service.vocabulary import names

_CONCLUDE = update_row(
    appraisals,
    appraisals.c.status == "scored",
    **{name: f"new_{name}" for name in ("status", "verdict", "report", "concluded_by", "concluded_at")},
)
_VERDICTS: Mapping[str, str] = names("verdict")


async def _is_or_follows(tx: Tx, tenant: str, office: str, commissioned: str) -> bool:
    """Whether the office is the commissioned agency, or took over from it."""
    if office == commissioned:
        return True
    return await tx.row(FOLLOWS, tenant_id=tenant, predecessor=commissioned, successor=office) is not None


async def locked(call: Call, tx: Tx, case: Case) -> Row:
    """The appraisal of the path, locked, for the agency that was commissioned; 404 when there is none.

    Another agency of the tenant reads of it what its role reads, but neither draws nor concludes in its place.
    """
    number = int(call.path("number"))
    row = None
    if 0 < number < 2**31:
        row = await tx.row(LOCKED_APPRAISAL, tenant_id=case.tenant_id, id=case.id, number=number)
    if row is None:
        raise not_found()
    who = call.principal
    acting = who.user and await tx.row(OFFICE_OF_USER, tenant_id=who.tenant, id=who.user)
    if not acting or not await _is_or_follows(tx, who.tenant, acting["office_id"], row["agency_office_id"]):
        detail = f"由受委托的{row['agency_name']}办理论证评估（第十八条）"
        raise ServiceError(409, "not_your_appraisal", detail, article=18)
    return row


@deed(
    "appraisals/{number:int}/conclude",
    Action.CONCLUDE_APPRAISAL,
    body=ConcludeIn,
    summary="出具评估报告",
    may="appraisal/conclude",
    tag="reviews",
    errors=(
        WAITING,
        ENDED,
        ELSE,
    ),
)
async def conclude(desk: Desk) -> Deed:
    """评分齐全后出具；与多数专家建议不同的结论须说明理由。"""
    # The agency's report: all sheets are in; the verdict is the agency's, a minority's with a reason.
    body: ConcludeIn = desk.body
    case = desk.case
    appraisal = await locked(desk.call, desk.tx, case)
    still_on(case, appraisal)
    if appraisal["verdict"] is not None:
        raise closed("本次论证评估已有结论（第十八条）")
    if appraisal["opened_at"] is None:
        panel = await desk.tx.fetch(PANEL, tenant_id=case.tenant_id, id=appraisal["id"])
        waiting = sum(each["scored_at"] is None and each["recused_at"] is None for each in panel)
        raise ServiceError(
            409,
            "scores_missing",
            "专家评分尚未齐全，不能出具结论（第十八条）",
            article=18,
            waiting=waiting if appraisal["panel"] else None,
        )
    sheets = await _sheets(desk.tx, case, appraisal)
    most = majority(each["recommendation"] for each in sheets)
    if most is not None and most != body.verdict and body.reason is None:
        detail = f"多数专家的建议是“{_VERDICTS[most]}”，结论与之不同的须说明理由（本系统规定）"
        raise invalid([FieldError("/reason", "reason_required", detail)])
    _write(desk.tx, case, appraisal, sheets, desk.actor, desk.call)
    return _concluded(desk, appraisal)


async def _sheets(tx: Tx, case: Case, appraisal: Row) -> list[Row]:
    rows = await tx.fetch(SCORES, tenant_id=case.tenant_id, id=case.id)
    return [each for each in rows if each["appraisal_id"] == appraisal["id"]]


def _write(tx: Tx, case: Case, appraisal: Row, sheets: list[Row], actor: Actor, call: Call) -> None:
    body: ConcludeIn = call.body
    report = {
        "name": body.report.name,
        "digest": body.report.digest,
        "text": body.text,
        "reason": body.reason,
        # The report stands on these sheets and no others.
        "sheets": sealed([each["digest"] for each in sheets]),
        "averages": averages({one["criterion"]: one["score"] for one in each["scores"]} for each in sheets),
    }
    tx.batch.add(
        _CONCLUDE,
        miss=closed("本次论证评估已有结论（第十八条）"),
        of_tenant=case.tenant_id,
        of_id=appraisal["id"],
        new_status="concluded",
        new_verdict=body.verdict,
        new_report=report,
        new_concluded_by=actor.principal.actor,
        new_concluded_at=call.now,
    )


def _concluded(desk: Desk, appraisal: Row) -> Deed:
    """The fact that gates read, and, for a need that passed, the state appraised (arts 8, 9)."""
    body: ConcludeIn = desk.body
    case, today = desk.case, desk.today
    fact = {"verdict": body.verdict, "substance": appraisal["substance"], "appraisal": appraisal["number"]}
    if case.state == "need_reported" and body.verdict == "pass":
        case.dated = record_fact(case.dated, "appraised", today, **fact)
        desk.become(Action.APPRAISE)
    passed = body.verdict == "pass"
    return desk.told(
        "review.appraisal_concluded",
        [desk_of(case, Slot.GENERAL_OFFICE), *owner_desks(case)],
        content={
            "number": appraisal["number"],
            "verdict": body.verdict,
            "text": body.text,
            "report": {"name": body.report.name, "digest": body.report.digest},
            "reason": body.reason,
        },
        kind=Action.CONCLUDE_APPRAISAL.value,
        dated={"appraised": fact},
        message=f"论证评估结论：{_VERDICTS[body.verdict]}。",
        steps={"office": _next(passed), "gatekeeper": _next(passed)},
    )


@deed(
    "appraisals/accept",
    Action.APPRAISE,
    body=None,
    summary="沿用已有的论证评估",
    may="appraisal/accept",
    tag="reviews",
)
async def accept(desk: Desk) -> Deed:
    """重新报送的需求金额、类别和内容没有变化的，沿用已通过的论证评估（口径 R9）。"""
    # A need reported anew and unchanged is served by the appraisal it has (R9); the gate compares.
    case = desk.case
    fact = case.dated["appraised"]
    return desk.told(
        "review.appraisal_stands",
        [desk_of(case, Slot.AGENCY), *owner_desks(case)],
        content={"appraisal": fact.get("appraisal"), "appraised_on": fact["on"], "reading": "R9"},
        message="金额、类别和内容没有变化，沿用已有的论证评估结论（口径 R9）。",
    )


def _next(passed: bool) -> str:
    return (
        "可组织联合会审（第十九条）。"
        if passed
        else "论证评估没有通过，请将案卷退回项目单位修改（第十八条）。"
    )
