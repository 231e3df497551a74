"""An organ's opinion in a joint review (art. 19): of its own slot, without a pen, in editions until the review ends."""

from __future__ import annotations

from typing import Any

from service.kit.api import Answer, Call
from service.kit.db import Row
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.money import fen, yuan
from service.kit.tables import insert_row
from service.measures import side_acts as beside
from service.measures.organs import Slot
from service.projects.case import Case
from service.projects.deeds import Desk, deed
from service.reviews.errors import NOT_OPEN, UNINVITED
from service.reviews.joint_review import latest, open_review_of
from service.reviews.models import joint_review_opinions
from service.reviews.queries import OPINIONS
from service.reviews.schemas import SlotOpinionIn
from service.reviews.schemas_out import SlotView
from service.reviews.views import slot_view
from service.reviews.whose_turn import desk_of, only, organs_tenant, slot_name, tell, tier_by

_OPINE = insert_row(joint_review_opinions)


@deed(
    "joint-review/opinions",
    beside.OPINION,
    body=SlotOpinionIn,
    summary="填写会审意见",
    may="joint_review/opine",
    tag="reviews",
    answer=SlotView,
    reply=lambda desk: Answer(slot_view(tier_by(desk.left["by_tenant"]), desk.left["slot"], desk.left)),
    gated=False,
    errors=(NOT_OPEN, UNINVITED),
)
async def opine(desk: Desk) -> None:
    """只能填写本机构席位；汇总之前可以更改，各版均留存。"""
    # A later opinion is one more edition until the review is closed.
    body: SlotOpinionIn = desk.body
    call, tx, case = desk.call, desk.tx, desk.case
    slot = Slot(body.slot)
    only(call, tx, case, 19, slot)
    review = await open_review_of(tx, case)
    if slot.value not in review["slots"]:
        raise ServiceError(
            409, "not_invited", f"本次联合会审没有邀请{slot_name(case, slot)}（第十九条）", article=19
        )
    funds = _funds(case, body)
    given = latest(await tx.fetch(OPINIONS, tenant_id=case.tenant_id, id=case.id), review)
    edition = given[slot.value]["edition"] + 1 if slot.value in given else 1
    row = _opinion(call, case, review, edition, funds)
    tx.batch.add(_OPINE, **row)
    waiting = [name for name in review["slots"] if name not in given and name != slot.value]
    left = f"还缺 {len(waiting)} 个席位。" if waiting else "各席位已齐。"
    message = f"{slot_name(case, slot)}已填写会审意见，{left}"
    summary = {"review": review["number"], "slot": slot.value, "edition": edition}
    tell(
        call,
        tx,
        case,
        "review.opinion_given",
        [desk_of(case, Slot.GENERAL_OFFICE)],
        message,
        summary=summary,
        slot=slot,
    )
    desk.left = row


def _opinion(call: Call, case: Case, review: Row, edition: int, funds: int | None) -> dict[str, Any]:
    """The row of one edition of a slot's opinion; `funds` in fen."""
    body: SlotOpinionIn = call.body
    return {
        "tenant_id": case.tenant_id,
        "office_id": case.office_id,
        "review_id": review["id"],
        "slot": Slot(body.slot).value,
        "edition": edition,
        "by_tenant": organs_tenant(case),
        "opinion": body.opinion,
        "text": body.text,
        "plan": body.plan,
        "funds_fen": funds,
        "given_by": call.principal.actor,
        "given_at": call.now,
    }


def _funds(case: Case, body: SlotOpinionIn) -> int | None:
    """Fen of the funds that a slot proposes, never more than was declared."""
    funds = None if body.funds_yuan is None else fen(body.funds_yuan)
    if funds is not None and funds > case.investment_fen:
        detail = f"会审建议资金超过申报总投资{yuan(case.investment_fen)}元（第十九条）"
        raise invalid([FieldError("/funds_yuan", "amount_range", detail)])
    return funds
