"""Rectification orders (arts 39, 41): issued within an organ's duties, answered by the owner, closed by the organ."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from service.delivery.acceptance_common import fault, plain
from service.delivery.orders_models import rectification_orders
from service.delivery.orders_schemas import AnswerOrderIn, CloseOrderIn, OrderIn
from service.kit.errors import Error, ServiceError
from service.kit.ids import new_id
from service.kit.outbox import Recipient
from service.kit.tables import insert_row, update_row
from service.measures.figures import noting, told_of
from service.measures.gates_filing import filing_not_overdue
from service.measures.lifecycle import Action
from service.measures.offices import Tier
from service.measures.organs import ROLES, SLOT_NAMES, Slot
from service.measures.rectification import AREAS, lapsed, organ_for, organ_name, organs_of
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, not_before, owner_desks, tier_desks

NOT_YOURS = Error(409, "not_your_order", "由提出整改要求的机构办理，或由三家主管机构决定后续措施")
_UNANSWERED = Error(409, "order_not_answered", "期限未到且尚未报告，不能认定整改不合要求")

_ISSUE = insert_row(rectification_orders)
O = rectification_orders.c  # noqa: E741 - orders
_ANSWER = update_row(
    rectification_orders, state="new_state", answer="answer", evidence="evidence", answered_on="answered_on"
)
_CLOSE = update_row(rectification_orders, state="new_state", finding="finding", closed_on="closed_on")


def tier_of(desk: Desk) -> Tier:
    return Tier(desk.actor.principal.tier)


def open_orders(desk: Desk) -> dict[str, dict[str, Any]]:
    """The orders of the case that are not closed, by id."""
    return dict(desk.fact("orders").get("open") or {})


def named(desk: Desk, order_id: str) -> dict[str, Any]:
    """The open order that a body names, or 422."""
    order = open_orders(desk).get(order_id)
    if order is None:
        raise fault("/order", "unknown_order", "本项目没有这项未办结的整改要求（第四十一条）")
    return order


def with_order(desk: Desk, order_id: str, order: dict[str, Any] | None) -> dict[str, Any]:
    """The fact `orders` with one order changed, or gone."""
    others = {key: value for key, value in open_orders(desk).items() if key != order_id}
    return {"orders": {"open": others if order is None else {**others, order_id: order}}}


def organ_desk(desk: Desk, organ: str) -> list[Recipient]:
    """The desk of the organ that ordered, whichever tier it is of."""
    tier, _, slot = organ.partition(".")
    return tier_desks(desk.case, Tier(tier), ROLES[Tier(tier)][Slot(slot)])


@deed(
    "order-rectification",
    Action.ORDER_RECTIFICATION,
    body=OrderIn,
    summary="限期整改",
    may="order/issue",
    tag="orders",
)
async def order_rectification(desk: Desk) -> Deed:
    """各监督机构在职责范围内提出，写明期限；省级机构也可对设区市项目提出（第四十一条）。

    未备案的（`filing`），由省领导小组办公室在管理惯例的备案时限届满后提出；办法没有规定该时限。
    """
    # Arts 4, 41: any supervising organ within its duties; the day it must be done by is not behind today.
    body: OrderIn = desk.body
    tier = tier_of(desk)
    slot = organ_for(tier, desk.actor.principal.roles, body.area)
    if slot is None:
        detail = f"{AREAS[body.area]}不在本机构的监督职责内（第四条、第四十一条）"
        raise fault("/area", "outside_duties", detail)
    not_before(body.due, desk.today, "/due", "整改期限", article=41)
    if body.area == "filing":
        _unfiled(desk)
    order_id, by = new_id(), organ_name(tier, slot)
    _store(desk, body, order_id, by)
    order = {
        "on": desk.today.isoformat(),
        "due": body.due.isoformat(),
        "by": by,
        "area": body.area,
        "answered": False,
        "failed": False,
    }
    name = SLOT_NAMES[tier][slot]
    return desk.told(
        "order.issued",
        _told_to(desk, body.area),
        content={"order": order_id, "by": by, **plain(body)},
        dated=with_order(desk, order_id, order),
        message=f"{name}就{AREAS[body.area]}提出整改要求，期限 {body.due.isoformat()}。",
        reason=body.text,
        extra={"order": {"id": order_id, "due": body.due.isoformat(), "organ": name, "area": body.area}},
        steps=dict.fromkeys(
            ("unit", "portal", "department", "gatekeeper"), f"请在 {body.due.isoformat()} 前整改并报告。"
        ),
    )


def _unfiled(desk: Desk) -> None:
    """R31: the filing is ordered where it is owed and its customary term is over."""
    figures = noting(desk.gated.figures)
    asked = replace(desk.gated, figures=figures)
    early = filing_not_overdue(asked) if desk.case.route == "city_filing" else "本项目不走备案程序"
    if early is not None:
        raise ServiceError(
            409,
            "gate_shut",
            f"{early}（备案时限是管理惯例，参照第二十三条）{told_of(figures)}",
            reason="gate_shut",
            action=Action.ORDER_RECTIFICATION.value,
            state=desk.case.state,
            holder=desk.case.holder,
            article=23,
            gate="filing_overdue",
        )


def _told_to(desk: Desk, area: str) -> list[Recipient]:
    """The owner; of a missing filing also the city's desk that files (art. 23)."""
    desks = owner_desks(desk.case)
    return [*desks, *tier_desks(desk.case, Tier.CITY, "gatekeeper")] if area == "filing" else desks


def _store(desk: Desk, body: OrderIn, order_id: str, by: str) -> None:
    desk.tx.batch.add(
        _ISSUE,
        tenant_id=desk.case.tenant_id,
        office_id=desk.case.office_id,
        id=order_id,
        project_id=desk.case.id,
        project_name=desk.case.name,
        owner_name=desk.case.owner_name,
        organ=by,
        area=body.area,
        text=body.text,
        issued_on=desk.today,
        due=body.due,
        state="open",
        answer=None,
        evidence=None,
        answered_on=None,
        finding=None,
        closed_on=None,
        issued_by=desk.actor.principal.actor,
        by_tenant=desk.actor.principal.tenant,
        at=desk.actor.now,
    )


@deed(
    "answer-order",
    Action.ANSWER_ORDER,
    body=AnswerOrderIn,
    summary="报告整改情况",
    may="order/answer",
    tag="orders",
)
async def answer_order(desk: Desk) -> Deed:
    """如实报告并附证明材料（第三十九条、第四十一条）。"""
    # Art. 39: the owner answers truthfully, with evidence; also again, after an answer that did not do.
    body: AnswerOrderIn = desk.body
    order = named(desk, body.order)
    first = order.get("answered_on") or desk.today.isoformat()
    desk.tx.batch.add(
        _ANSWER,
        of_tenant=desk.case.tenant_id,
        of_id=body.order,
        new_state="failed" if order["failed"] else "answered",
        answer=body.answer,
        evidence=plain(body.evidence),
        answered_on=desk.today if order["failed"] else date.fromisoformat(first),
    )
    fact = with_order(desk, body.order, {**order, "answered": True, "answered_on": first})
    return desk.told(
        "order.answered",
        organ_desk(desk, order["by"]),
        content=plain(body),
        dated=fact,
        message="整改情况已报告，请核查。",
        extra={"order": {"id": body.order}},
    )


@deed(
    "close-order",
    Action.CLOSE_ORDER,
    body=CloseOrderIn,
    summary="核查整改",
    may="order/issue",
    tag="orders",
    errors=(
        NOT_YOURS,
        _UNANSWERED,
    ),
)
async def close_order(desk: Desk) -> Deed:
    """由提出的机构认定办结或者不合要求（第四十一条）。"""
    # Art. 41: the organ that ordered finds it done, or done in vain; in vain only once answered or lapsed.
    body: CloseOrderIn = desk.body
    order = named(desk, body.order)
    if order["by"] not in organs_of(tier_of(desk), desk.actor.principal.roles):
        raise ServiceError(
            409, "not_your_order", "整改要求由提出的机构核查办结（第四十一条）", organ=order["by"], article=41
        )
    if not body.done and not order["answered"] and not lapsed(order, desk.today):
        raise ServiceError(
            409,
            "order_not_answered",
            "期限未到且项目单位尚未报告，不能认定整改不合要求（第四十一条）",
            article=41,
        )
    desk.tx.batch.add(
        _CLOSE,
        of_tenant=desk.case.tenant_id,
        of_id=body.order,
        new_state="closed" if body.done else "failed",
        finding=body.opinion,
        closed_on=desk.today if body.done else None,
    )
    fact = with_order(desk, body.order, None if body.done else {**order, "failed": True})
    return desk.told(
        "order.closed" if body.done else "order.failed",
        owner_desks(desk.case),
        content=plain(body),
        dated=fact,
        reason=body.opinion,
        extra={"order": {"id": body.order}},
        message="整改已办结。" if body.done else "整改后仍不符合要求，可依法采取后续措施。",
    )
