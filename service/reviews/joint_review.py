"""Joint review (art. 19): a slot per organ, opinions without a pen, their outcome, the leading group's decision."""

from __future__ import annotations

from typing import Any

from service.kit.api import Call
from service.kit.db import Row, Tx
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.money import fen, yuan
from service.kit.tables import insert_row, update_row
from service.measures.lifecycle import Action
from service.measures.organs import THREE, Slot
from service.projects.case import Case
from service.projects.deeds import Desk, deed
from service.projects.errors import UNACCEPTED, UNANSWERED
from service.projects.evaluated import poor_results_told
from service.projects.phases import Deed, not_before
from service.reviews.errors import MISSING, NOT_OPEN
from service.reviews.models import joint_reviews
from service.reviews.queries import JOINT_REVIEWS, LOCKED_REVIEW, OPINIONS
from service.reviews.reasons import answered
from service.reviews.schemas import CloseReviewIn, OpenReviewIn
from service.reviews.whose_turn import desk_of, named_once, next_number, numbered, slot_name

_OPEN = insert_row(joint_reviews)
_LAPSE = update_row(joint_reviews, joint_reviews.c.status == "open", status="lapsed")
_OUTCOME = ("status", "agreed", "plan", "budget_fen", "summary", "reason", "closed_by", "closed_at")
_CLOSE = update_row(
    joint_reviews, joint_reviews.c.status == "open", **{name: f"new_{name}" for name in _OUTCOME}
)
_NOT_OPEN = ("review_not_open", "没有进行中的联合会审（第十九条）")


def latest(opinions: list[Row], review: Row) -> dict[str, Row]:
    """The opinion that counts of each slot: its last edition."""
    return {row["slot"]: row for row in opinions if row["review_id"] == review["id"]}


@deed(
    "joint-review",
    Action.OPEN_JOINT_REVIEW,
    body=OpenReviewIn,
    summary="发起联合会审",
    may="joint_review/open",
    tag="reviews",
    errors=(
        UNANSWERED,
        UNACCEPTED,
    ),
)
async def open_review(desk: Desk) -> Deed:
    """未经论证评估通过的不得发起；省直部门项目的理由在此逐条答复。"""
    # Opens with the three organs and whom the office invites; a department's reasons are answered here by name.
    body: OpenReviewIn = desk.body
    case = desk.case
    today = desk.today
    not_before(body.due_on or today, today, "/due_on", "会审期限", article=19)
    named_once("/invited", body.invited, "邀请的部门重复")
    await answered(desk.call, desk.tx, case, body.opinions)
    earlier = await desk.tx.fetch(JOINT_REVIEWS, tenant_id=case.tenant_id, id=case.id)
    number = next_number(desk.tx, case, earlier, _LAPSE, lambda each: each["status"] == "open")
    slots = [*(slot.value for slot in THREE), *body.invited]
    _add(desk.tx, case, number, slots, desk.call)
    return desk.told(
        "review.joint_review_opened",
        [desk_of(case, Slot(slot)) for slot in slots],
        content={"number": number, "slots": slots},
        dated={"joint_review_opened": {"slots": slots}},
        message="已发起联合会审，请在本席位填写意见（第十九条）。",
    )


def _add(tx: Tx, case: Case, number: int, slots: list[str], call: Call) -> None:
    body: OpenReviewIn = call.body
    tx.batch.add(
        _OPEN,
        **numbered(case, number, _OUTCOME[1:]),
        status="open",
        submission=case.submissions,
        slots=slots,
        task=body.task,
        due_on=body.due_on,
        opened_by=call.principal.actor,
        opened_at=call.now,
    )


async def open_review_of(tx: Tx, case: Case) -> Row:
    """The open review of a case under review, locked."""
    row = None
    if case.state == "in_joint_review":
        row = await tx.row(LOCKED_REVIEW, tenant_id=case.tenant_id, id=case.id)
    if row is None:
        raise ServiceError(409, *_NOT_OPEN, article=19)
    return row


@deed(
    "joint-review/close",
    Action.CLOSE_JOINT_REVIEW,
    body=CloseReviewIn,
    summary="汇总会审意见",
    may="joint_review/close",
    tag="reviews",
    errors=(
        NOT_OPEN,
        MISSING,
    ),
)
async def close_review(desk: Desk) -> Deed:
    """各席位齐全后汇总，提出建设计划和资金安排建议。"""
    # Every slot is filled; a disagreement is settled in writing or the review does not agree.
    body: CloseReviewIn = desk.body
    case = desk.case
    review = await open_review_of(desk.tx, case)
    given = latest(await desk.tx.fetch(OPINIONS, tenant_id=case.tenant_id, id=case.id), review)
    _whole(case, review["slots"], given)
    budget = fen(body.budget_yuan)
    _sensible(case, given, budget, body)
    outcome: dict[str, Any] = {
        "status": "closed",
        "agreed": body.agreed,
        "plan": body.plan,
        "budget_fen": budget,
        "summary": body.summary,
        "reason": body.reason,
        "closed_by": desk.call.principal.actor,
        "closed_at": desk.call.now,
    }
    values: dict[str, Any] = {f"new_{name}": outcome[name] for name in _OUTCOME}
    desk.tx.batch.add(_CLOSE, of_tenant=case.tenant_id, of_id=review["id"], **values)
    invited = [slot for slot in review["slots"] if Slot(slot) not in THREE]
    weighed, warned = await poor_results_told(desk.call, desk.tx, case)
    told = {
        "number": review["number"],
        **{name: getattr(body, name) for name in ("agreed", "summary", "plan")},
        "budget_yuan": yuan(budget),
        "reason": body.reason,
        "poorly_evaluated": weighed,
    }
    return desk.told(
        "review.joint_review_closed",
        [desk_of(case, Slot.LEADING_GROUP), *(desk_of(case, Slot(slot)) for slot in review["slots"])],
        content=told,
        dated={"joint_review": {"agreed": body.agreed, "invited": invited, "budget_fen": budget}},
        message=f"联合会审{'形成同意意见' if body.agreed else '没有形成同意意见'}，建议资金{yuan(budget)}元。{warned}",
        steps={"leading_group_secretary": "请提交领导小组审定（第十九条）。"} if body.agreed else {},
    )


def _whole(case: Case, slots: list[str], given: dict[str, Row]) -> None:
    """409 with the organs whose opinion is missing (art. 19)."""
    missing = [slot for slot in slots if slot not in given]
    if missing:
        names = "、".join(slot_name(case, Slot(slot)) for slot in missing)
        raise ServiceError(
            409, "opinions_missing", f"会审意见尚未齐全：{names}（第十九条）", article=19, missing=missing
        )


def _sensible(case: Case, given: dict[str, Row], budget: int, body: CloseReviewIn) -> None:
    faults = []
    against = [slot for slot, row in given.items() if row["opinion"] == "disagree"]
    if body.agreed and against and body.reason is None:
        names = "、".join(slot_name(case, Slot(slot)) for slot in against)
        detail = f"{names}不同意，形成同意的会审意见须说明如何处理（本系统规定）"
        faults.append(FieldError("/reason", "reason_required", detail))
    if budget > case.investment_fen:
        detail = f"会审建议资金超过申报总投资{yuan(case.investment_fen)}元（第十九条）"
        faults.append(FieldError("/budget_yuan", "amount_range", detail))
    if body.agreed and budget <= 0:
        faults.append(FieldError("/budget_yuan", "amount_range", "同意的项目须有资金安排建议（第十九条）"))
    if faults:
        raise invalid(faults)
