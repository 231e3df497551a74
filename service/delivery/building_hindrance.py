"""Force majeure (art. 29): claimed by the owner, found by the organ that takes money back, ended by either."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast

from service.delivery.building_deeds import fault, past, plain, watchers
from service.delivery.building_schemas import ForceMajeureDecisionIn, ForceMajeureEndIn, ForceMajeureIn
from service.kit.errors import Error, ServiceError
from service.kit.ids import new_id
from service.kit.outbox import Recipient
from service.measures.hindrance import Finding, Spell, lasting, pending, spells, start_due, written
from service.measures.lifecycle import Action
from service.measures.organs import Slot
from service.projects.case import Case
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, fact_day, not_before, organ_desks, owner_desks

_OPEN = Error(409, "force_majeure_open", "上一次不可抗力尚未登记结束")


@deed(
    "force-majeure",
    Action.RECORD_FORCE_MAJEURE,
    body=ForceMajeureIn,
    summary="主张不可抗力",
    may="project.building/record",
    tag="delivery",
    errors=(_OPEN,),
)
async def record_force_majeure(desk: Desk) -> Deed:
    """主张不可抗力（第二十九条）：自何日起、证明材料；由有权收回资金的财政部门认定，认定前不影响开工期限。"""
    body: ForceMajeureIn = desk.body
    past(desk, body.since, "/since", "不可抗力开始日期", 29)
    not_before(body.since, fact_day(desk.case, "approved"), "/since", "不可抗力影响开工的起始日", article=29)
    if body.until is not None:
        _ended(desk, body.since, body.until)
    _apart(desk.case, body.since, body.until)
    record = new_id()
    claim = Spell(record, body.since, body.until, Finding.CLAIMED, desk.today)
    return desk.told(
        "delivery.force_majeure",
        list(dict.fromkeys([*organ_desks(desk.case, Slot.FINANCE), *watchers(desk.case)])),
        on=body.since,
        content=plain(body, "since"),
        dated=_claims(desk.case, (*spells(_fact(desk.case)), claim)),
        record_id=record,
        message=f"项目单位主张自 {body.since.isoformat()} 起因不可抗力不能开工，等待认定。",
        steps={"finance": "请认定是否属于不可抗力。"},
    )


@deed(
    "force-majeure-end",
    Action.END_FORCE_MAJEURE,
    body=ForceMajeureEndIn,
    summary="登记不可抗力结束",
    may="project.force_majeure/end",
    tag="delivery",
)
async def end_force_majeure(desk: Desk) -> Deed:
    """登记不可抗力的结束日（第二十九条）：由项目单位或者认定的财政部门登记；经认定的，开工期限相应顺延。"""
    body: ForceMajeureEndIn = desk.body
    claim = cast(Spell, lasting(_fact(desk.case)))  # the table's gate has let through nobody without one
    _ended(desk, claim.since, body.until)
    ended = _with(desk.case, replace(claim, until=body.until))
    return desk.told(
        "delivery.force_majeure",
        _both(desk.case),
        on=body.until,
        content=plain(body, "until"),
        dated=ended,
        message=f"不可抗力已于 {body.until.isoformat()} 结束。",
    )


@deed(
    "force-majeure-decision",
    Action.DECIDE_FORCE_MAJEURE,
    body=ForceMajeureDecisionIn,
    summary="认定不可抗力",
    may="project.force_majeure/decide",
    tag="delivery",
)
async def decide_force_majeure(desk: Desk) -> Deed:
    """认定不可抗力（第二十九条）：认定的，其天数不计入开工期限，持续期间不收回资金；不认定的须说明理由。"""
    body: ForceMajeureDecisionIn = desk.body
    waiting = pending(_fact(desk.case))
    chosen = [each for each in waiting if body.claim in (None, each.id)]
    if len(chosen) != 1:
        known = "、".join(each.id for each in waiting)
        raise fault("/claim", "unknown_claim", f"请写明所认定的主张，等待认定的有：{known}")
    claim = chosen[0]
    if body.until is not None:
        if not body.accepted:
            raise fault("/until", "unexpected", "不认定的不填写结束日")
        _ended(desk, claim.since, body.until)
        if claim.until is not None and body.until > claim.until:
            raise fault("/until", "date_order", f"认定的结束日不能晚于所主张的 {claim.until.isoformat()}")
        claim = replace(claim, until=body.until)
    late = claim.since > _due(desk)
    claim = replace(claim, state=Finding.ACCEPTED if body.accepted else Finding.REFUSED)
    decided = _with(desk.case, claim)
    due = _due(desk, decided["force_majeure"])
    return desk.told(
        "delivery.force_majeure_decided",
        _both(desk.case),
        content={**plain(body), "claim": claim.id},
        dated=decided,
        reason=body.reason,
        message=_told(claim, due, late=late),
        figures={"since": claim.since.isoformat()} | ({"start_due": due.isoformat()} if claim.until else {}),
    )


def _told(claim: Spell, due: date, *, late: bool) -> str:
    spell = f"自 {claim.since.isoformat()} 起的不可抗力"
    if claim.state is Finding.REFUSED:
        return f"{spell}没有被认定，开工期限不变（第二十九条）。"
    if late:
        return f"{spell}已认定，但开始时开工期限已经届满，不再顺延（第二十九条）。"
    if claim.until is None:
        return f"{spell}已认定，持续期间不收回资金，结束后开工期限按天数顺延（第二十九条）。"
    return f"{spell}已认定，开工期限顺延至 {due.isoformat()}（第二十九条）。"


def _apart(case: Case, since: date, until: date | None) -> None:
    """A day counts once: a spell may be told before or after the others, and overlaps none that was not refused."""
    for each in spells(_fact(case)):
        before = until is not None and until < each.since
        if each.state is Finding.REFUSED or before:
            continue
        if each.until is None:
            raise ServiceError(409, "force_majeure_open", "上一次不可抗力尚未登记结束", article=29)
        if since <= each.until:
            span = f"{each.since.isoformat()} 至 {each.until.isoformat()}"
            raise fault(
                "/since", "date_order", f"与已登记的不可抗力（{span}）重叠，同一日只计一次（第二十九条）"
            )


def answered_by_recall(case: Case) -> dict[str, Any]:
    """The fact with every waiting claim refused: taking the money back is the answer to it, by its reason."""
    fact = _fact(case)
    if not pending(fact):
        return {}
    return _claims(
        case,
        tuple(
            replace(each, state=Finding.REFUSED) if each.state is Finding.CLAIMED else each
            for each in spells(fact)
        ),
    )


def _due(desk: Desk, fact: Mapping[str, Any] | None = None) -> date:
    """The last day to begin on as it stands, or as it would with `fact`."""
    case = desk.case
    approved = fact_day(case, "approved") or desk.today
    months = desk.gated.figure("start.months_after_approval", 6)
    return start_due(approved, months, _fact(case) if fact is None else fact, desk.today)


def _fact(case: Case) -> dict[str, Any]:
    found: dict[str, Any] = case.dated.get("force_majeure") or {}
    return found


def _with(case: Case, changed: Spell) -> dict[str, Any]:
    return _claims(case, tuple(changed if each.id == changed.id else each for each in spells(_fact(case))))


def _claims(case: Case, claims: tuple[Spell, ...]) -> dict[str, Any]:
    return {"force_majeure": written(claims, int(_fact(case).get("earlier_days") or 0))}


def _both(case: Case) -> list[Recipient]:
    return list(dict.fromkeys([*owner_desks(case), *organ_desks(case, Slot.FINANCE), *watchers(case)]))


def _ended(desk: Desk, since: date, until: date) -> None:
    past(desk, until, "/until", "不可抗力结束日期", 29)
    not_before(until, since, "/until", "不可抗力结束日期", article=29)
