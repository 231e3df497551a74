"""Commissioning an appraisal (art. 18): the office asks a registered agency for its report by a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, invalid
from service.kit.tables import insert_row, update_row
from service.measures.law import law_of
from service.measures.lifecycle import Action
from service.measures.organs import Slot
from service.projects.case import Case
from service.projects.deeds import Desk, deed
from service.projects.errors import UNACCEPTED, UNANSWERED
from service.projects.phases import Deed, not_before, owner_desks
from service.projects.state import Actor
from service.reviews.models import appraisals
from service.reviews.queries import APPRAISALS, OFFICE_NAME
from service.reviews.reasons import answered
from service.reviews.schemas import CommissionIn
from service.reviews.whose_turn import desk_of, named_once, next_number, numbered

_COMMISSION = insert_row(appraisals)
_LATER = (
    "panel",
    "seed",
    "eligible",
    "drawn_at",
    "opened_at",
    "verdict",
    "report",
    "concluded_by",
    "concluded_at",
)
_LAPSE = update_row(appraisals, appraisals.c.verdict.is_(None), status="lapsed")


@deed(
    "appraisals",
    Action.COMMISSION_APPRAISAL,
    body=CommissionIn,
    summary="委托论证评估",
    may="appraisal/commission",
    tag="reviews",
    errors=(
        UNANSWERED,
        UNACCEPTED,
    ),
)
async def commission(desk: Desk) -> Deed:
    """由省领导小组办公室或设区市统筹把关部门委托本级评估机构。"""
    # Commissions an appraisal; one that lies open from before a return lapses.
    body: CommissionIn = desk.body
    case = desk.case
    today = desk.today
    due = _due(case, desk.actor, body.due_on, today)
    named_once("/fields", body.fields, "专业领域重复")
    agency_id = body.agency_office_id
    agency = await _agency(desk.call, desk.tx, case, due)
    await answered(desk.call, desk.tx, case, body.opinions)
    earlier = await desk.tx.fetch(APPRAISALS, tenant_id=case.tenant_id, id=case.id)
    number = next_number(desk.tx, case, earlier, _LAPSE, _lies_open)
    _add(desk.tx, case, number, due, agency["name"], desk.call)
    # The record is the owner's to read too; what the agency was asked stands in the appraisal.
    told = {
        "number": number,
        "agency": agency["name"],
        "fields": list(body.fields),
        "due_on": due.isoformat(),
    }
    # From now on that agency sees the case; the one commissioned last is told.
    case.agencies = [*(each for each in case.agencies if each != agency_id), agency_id]
    return desk.told(
        "review.appraisal_commissioned",
        [desk_of(case, Slot.AGENCY), *owner_desks(case)],
        content=told,
        dated={"appraisal_commissioned": _begun(case, number, due)},
        message=f"已委托{agency['name']}论证评估，{due.isoformat()} 前出具报告（管理惯例）。",
        steps={"agency": "请抽取专家并组织评估（第十八条）。"},
    )


def _due(case: Case, actor: Actor, asked: date | None, today: date) -> date:
    """The day by which the report is asked for; without one, the days that are the practice under the case's law."""
    book = actor.books.of(case.tenant_id)
    figure = book.under(law_of(case.dated, book.first_date)).value_on("appraisal.practice_days", today)
    due = asked or today + timedelta(days=int(str(figure)))
    not_before(due, today, "/due_on", "评估期限", article=18)
    return due


async def _agency(call: Call, tx: Tx, case: Case, due: date) -> Row:
    """The office that is asked; 422 unless it stands, is an agency, and is not the project's own unit."""
    body: CommissionIn = call.body
    today = legal_day(call.now)
    agency = await tx.row(OFFICE_NAME, tenant_id=call.principal.tenant, id=body.agency_office_id)
    if agency is None or agency["valid_from"] > today or (agency["valid_to"] or due) <= today:
        raise invalid(
            [FieldError("/agency_office_id", "unknown_office", "没有这个评估机构，或已不存续（第十八条）")]
        )
    if agency["organ"] != Slot.AGENCY.value or body.agency_office_id == case.office_id:
        detail = "论证评估委托给登记为评估机构的单位，不由项目单位自评（第十八条）"
        raise invalid([FieldError("/agency_office_id", "not_an_agency", detail)])
    return agency


def _begun(case: Case, number: int, due: date) -> dict[str, Any]:
    """What gates and deadlines read of a commission; `submission` as of the declared text it is about."""
    declared = case.dated.get("declared", {})
    return {"appraisal": number, "due": due.isoformat(), "submission": declared.get("submission")}


def _lies_open(appraisal: Row) -> bool:
    return appraisal["verdict"] is None and appraisal["status"] != "lapsed"


def stage_of(case: Case) -> str:
    """What is appraised: the need of arts 8, 9, or the declaration."""
    return "need" if case.state == "need_reported" else "declaration"


def _add(tx: Tx, case: Case, number: int, due: Any, agency: str, call: Call) -> None:
    body: CommissionIn = call.body
    tx.batch.add(
        _COMMISSION,
        **numbered(case, number, _LATER),
        stage=stage_of(case),
        status="commissioned",
        submission=case.submissions,
        substance=case.dated.get("declared", {}).get("substance", ""),
        agency_office_id=body.agency_office_id,
        agency_name=agency,
        fields=list(body.fields),
        task=body.task,
        due_on=due,
        commissioned_by=call.principal.actor,
        commissioned_at=call.now,
    )
