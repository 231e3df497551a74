"""What the owner does between building and acceptance: trial run, inspection, extension, application (art. 30)."""

from __future__ import annotations

from service.delivery.acceptance_common import (
    accepting_tier,
    after_confirmed,
    judging_tier,
    plain,
    three_desks,
    told_by,
)
from service.delivery.acceptance_schemas import (
    ApplyIn,
    DelegatedReportIn,
    OperationIn,
)
from service.kit.errors import FieldError, invalid
from service.measures.acceptance import Given, checklist, misplaced, missing, resting_on
from service.measures.lifecycle import Action
from service.projects.accepting import attached_to, given_in
from service.projects.dated_facts import without_fact
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, fact_day, not_before, owner_desks


def _complete(body: ApplyIn, given: Given) -> None:
    """422 with a pointer to each material that lacks, and to each part."""
    faults = [
        FieldError(f"/materials/{key}/parts", "unknown_part", "该部分不属于这项验收材料（第三十条）")
        for key, _part in misplaced({str(key): item.parts for key, item in body.materials.items()})
    ]
    faults += [FieldError(each.pointer, each.code, each.detail) for each in missing(checklist(given))]
    if faults:
        raise invalid(faults, "竣工验收申请材料不齐（第三十条）")


@deed(
    "apply-acceptance",
    Action.APPLY_ACCEPTANCE,
    body=ApplyIn,
    summary="申请竣工验收",
    may="acceptance/apply",
    tag="acceptance",
    waits=True,
)
async def apply_acceptance(desk: Desk) -> Deed:
    """材料与清单用同一套代码核对，缺项逐一指明（第三十条）。"""
    # Art. 30: the application with all its named materials; an old round's opinions do not carry over.
    body: ApplyIn = desk.body
    content, slots = plain(body), await attached_to(desk.tx.row, desk.case)
    given = given_in(desk.case, content["materials"], slots, work_secrets=body.work_secrets)
    _complete(body, given)
    desk.case.dated = without_fact(desk.case.dated, "acceptance_opinions", "acceptance_delegated")
    tier = accepting_tier(desk.case)
    return desk.told(
        "acceptance.applied",
        three_desks(desk.case, tier),
        content={**content, "work_secrets": given.work_secrets, "attached": resting_on(given)},
        dated={"acceptance_applied": {"work_secrets": given.work_secrets}},
        message="材料齐全，申请竣工验收。",
    )


@deed(
    "report-delegated",
    Action.REPORT_DELEGATED,
    body=DelegatedReportIn,
    summary="报送委托验收报告",
    may="acceptance/apply",
    tag="acceptance",
)
async def report_delegated(desk: Desk) -> Deed:
    """委托验收完成后报三家机构；未经确认的不能通过（第三十条、第三十二条）。"""
    # Art. 32: the owner ran the acceptance; its report goes to all three organs and is the acceptance.
    body: DelegatedReportIn = desk.body
    told_by(desk, body.on, "验收日", 32)
    not_before(body.on, fact_day(desk.case, "acceptance_delegated"), "/on", "验收日", article=32)
    after_confirmed(desk, body.on, "验收日")
    return desk.told(
        "acceptance.reported",
        [*three_desks(desk.case, accepting_tier(desk.case)), *owner_desks(desk.case)],
        on=body.on,
        content=plain(body),
        dated={"accepted": {"delegated": True, "number": ""}},
        message=f"委托验收于 {body.on.isoformat()} 通过，验收报告抄送三家。",
    )


@deed(
    "record-operation",
    Action.RECORD_OPERATION,
    body=OperationIn,
    summary="登记投入运行",
    may="acceptance/apply",
    tag="acceptance",
)
async def record_operation(desk: Desk) -> Deed:
    """自评期限自验收和投入运行两者中较晚的一日起算（第四十条）。"""
    # Arts 30, 40: when the system went into operation; the text puts it after the trial run's beginning, no later.
    body: OperationIn = desk.body
    told_by(desk, body.on, "投入运行日", 40)
    not_before(body.on, fact_day(desk.case, "trial_run"), "/on", "投入运行日", article=30)
    told = desk.fact("operation").get("on")
    if told is not None and body.reason is None:  # the window of the self-evaluation moves with it
        detail = f"已登记 {told} 投入运行；更正投入运行日期须说明理由（第四十条）"
        raise invalid([FieldError("/reason", "reason_required", detail)])
    begun = f"自 {body.on.isoformat()} 起投入运行"
    return desk.told(
        "acceptance.operating",
        [*three_desks(desk.case, judging_tier(desk.case)), *owner_desks(desk.case)],
        on=body.on,
        content=plain(body),
        reason=body.reason,
        dated={"operation": {}},
        message=f"{begun}。" if told is None else f"{begun}（更正，原登记 {told}）。",
    )
