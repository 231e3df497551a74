"""What the owner does between building and acceptance: trial run, inspection, extension, application (art. 30)."""

from __future__ import annotations

from service.delivery.acceptance_common import (
    accepting_tier,
    desk,
    done,
    judging_tier,
    opened,
    plain,
    three_desks,
    told_by,
)
from service.delivery.acceptance_schemas import (
    ApplyIn,
    DelegatedReportIn,
    InspectIn,
    OperationIn,
    TrialRunIn,
)
from service.kit.api import Answer, Call
from service.kit.db import Tx
from service.kit.errors import FieldError, invalid
from service.measures.acceptance import Given, checklist, misplaced, missing, resting_on
from service.measures.gates_delivering import trial_run_end
from service.measures.lifecycle import Action
from service.measures.organs import Slot
from service.projects.accepting import attached_to, given_in
from service.projects.facts import without_fact
from service.projects.phases import fact_day, not_before, owner_desks


async def begin_trial_run(call: Call, tx: Tx) -> Answer:
    """Art. 30: not before the start of building."""
    body: TrialRunIn = call.body
    act = await opened(call, tx, Action.BEGIN_TRIAL_RUN)
    told_by(act, body.on, "试运行开始日", 30)
    not_before(body.on, fact_day(act.case, "started"), "/on", "试运行开始日", article=30)
    tier = judging_tier(act.case)
    desks = [*desk(act.case, tier, Slot.DATA), *desk(act.case, tier, Slot.CRYPTO), *owner_desks(act.case)]
    return done(
        call, tx, act, "acceptance.trial_run_begun", desks, on=body.on, content=plain(body),
        facts={"trial_run": {}}, message=f"试运行自 {body.on.isoformat()} 起。",
        steps=dict.fromkeys(("data_office", "crypto_organ"), "试运行期间即可办理验收前的确认。"),
    )  # fmt: skip


async def final_inspect(call: Call, tx: Tx) -> Answer:
    """Art. 30: after six months of trial run; the inspection's own day counts, not the day it is recorded."""
    body: InspectIn = call.body
    act = await opened(call, tx, Action.FINAL_INSPECT)
    told_by(act, body.on, "终验日", 30)
    not_before(body.on, trial_run_end(act.standing), "/on", "终验日", article=30)
    return done(
        call, tx, act, "acceptance.inspected", owner_desks(act.case), on=body.on, content=plain(body),
        facts={"final_inspected": {}}, message=f"终验于 {body.on.isoformat()} 完成。",
    )  # fmt: skip


def _complete(body: ApplyIn, given: Given) -> None:
    """422 with a pointer to each material that lacks, and to each part."""
    faults = [
        FieldError(f"/materials/{key}/parts", "unknown_part", "该部分不属于这项验收材料（第三十条）")
        for key, _part in misplaced({str(key): item.parts for key, item in body.materials.items()})
    ]
    faults += [FieldError(each.pointer, each.code, each.detail) for each in missing(checklist(given))]
    if faults:
        raise invalid(faults, "竣工验收申请材料不齐（第三十条）")


async def apply_acceptance(call: Call, tx: Tx) -> Answer:
    """Art. 30: the application with all its named materials; an old round's opinions do not carry over."""
    body: ApplyIn = call.body
    act = await opened(call, tx, Action.APPLY_ACCEPTANCE)
    content, slots = plain(body), await attached_to(tx.row, act.case)
    given = given_in(act.case, content["materials"], slots, work_secrets=body.work_secrets)
    _complete(body, given)
    act.case.dated = without_fact(act.case.dated, "acceptance_opinions", "acceptance_delegated")
    tier = accepting_tier(act.case)
    return done(
        call, tx, act, "acceptance.applied", three_desks(act.case, tier),
        content={**content, "work_secrets": given.work_secrets, "attached": resting_on(given)},
        facts={"acceptance_applied": {"work_secrets": given.work_secrets}}, message="材料齐全，申请竣工验收。",
    )  # fmt: skip


async def report_delegated(call: Call, tx: Tx) -> Answer:
    """Art. 32: the owner ran the acceptance; its report goes to all three organs and is the acceptance."""
    body: DelegatedReportIn = call.body
    act = await opened(call, tx, Action.REPORT_DELEGATED)
    told_by(act, body.on, "验收日", 32)
    not_before(body.on, fact_day(act.case, "acceptance_delegated"), "/on", "验收日", article=32)
    return done(
        call, tx, act, "acceptance.reported",
        [*three_desks(act.case, accepting_tier(act.case)), *owner_desks(act.case)], on=body.on,
        content=plain(body), facts={"accepted": {"delegated": True, "number": ""}},
        message=f"委托验收于 {body.on.isoformat()} 通过，验收报告抄送三家。",
    )  # fmt: skip


async def record_operation(call: Call, tx: Tx) -> Answer:
    """Arts 30, 40: when the system went into operation, not before its final inspection."""
    body: OperationIn = call.body
    act = await opened(call, tx, Action.RECORD_OPERATION)
    told_by(act, body.on, "投入运行日", 40)
    not_before(body.on, fact_day(act.case, "final_inspected"), "/on", "投入运行日", article=30)
    told = act.fact("operation").get("on")
    if told is not None and body.reason is None:  # the window of the self-evaluation moves with it
        detail = f"已登记 {told} 投入运行；更正投入运行日期须说明理由（第四十条）"
        raise invalid([FieldError("/reason", "reason_required", detail)])
    begun = f"自 {body.on.isoformat()} 起投入运行"
    return done(
        call, tx, act, "acceptance.operating",
        [*three_desks(act.case, judging_tier(act.case)), *owner_desks(act.case)], on=body.on,
        content=plain(body), reason=body.reason, facts={"operation": {}},
        message=f"{begun}。" if told is None else f"{begun}（更正，原登记 {told}）。",
    )  # fmt: skip
