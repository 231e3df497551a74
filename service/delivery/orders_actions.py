"""Rectification orders (arts 39, 41): issued within an organ's duties, answered by the owner, closed by the organ."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Date, Text, Uuid, bindparam, update
from sqlalchemy.dialects.postgresql import JSONB

from service.delivery.acceptance_common import Act, done, fault, opened, plain
from service.delivery.orders_models import rectification_orders
from service.delivery.orders_schemas import AnswerOrderIn, CloseOrderIn, OrderIn
from service.kit.api import Answer, Call
from service.kit.db import Tx
from service.kit.errors import ServiceError
from service.kit.ids import new_id
from service.kit.outbox import Recipient
from service.kit.statements import Statement
from service.kit.tables import insert_row
from service.measures.figures import noting, told_of
from service.measures.gates_filing import filing_not_overdue
from service.measures.lifecycle import Action
from service.measures.offices import Tier
from service.measures.organs import ROLES, SLOT_NAMES, Slot
from service.measures.supervision import AREAS, lapsed, organ_for, organ_name, organs_of
from service.projects.phases import not_before, owner_desks, tier_desks

_ISSUE = insert_row(rectification_orders)
O = rectification_orders.c  # noqa: E741 - orders
_THIS = (
    O.tenant_id == bindparam("of_tenant", type_=Text),
    O.id == bindparam("of_id", type_=Uuid(as_uuid=False)),
)
_ANSWER = Statement(
    update(rectification_orders)
    .where(*_THIS)
    .values(
        state=bindparam("new_state", type_=Text),
        answer=bindparam("answer", type_=Text),
        evidence=bindparam("evidence", type_=JSONB),
        answered_on=bindparam("answered_on", type_=Date),
    )
)
_CLOSE = Statement(
    update(rectification_orders)
    .where(*_THIS)
    .values(
        state=bindparam("new_state", type_=Text),
        finding=bindparam("finding", type_=Text),
        closed_on=bindparam("closed_on", type_=Date),
    )
)


def tier_of(act: Act) -> Tier:
    return Tier(act.actor.principal.tier)


def open_orders(act: Act) -> dict[str, dict[str, Any]]:
    """The orders of the case that are not closed, by id."""
    return dict(act.fact("orders").get("open") or {})


def named(act: Act, order_id: str) -> dict[str, Any]:
    """The open order that a body names, or 422."""
    order = open_orders(act).get(order_id)
    if order is None:
        raise fault("/order", "unknown_order", "本项目没有这项未办结的整改要求（第四十一条）")
    return order


def with_order(act: Act, order_id: str, order: dict[str, Any] | None) -> dict[str, Any]:
    """The fact `orders` with one order changed, or gone."""
    others = {key: value for key, value in open_orders(act).items() if key != order_id}
    return {"orders": {"open": others if order is None else {**others, order_id: order}}}


def organ_desk(act: Act, organ: str) -> list[Recipient]:
    """The desk of the organ that ordered, whichever tier it is of."""
    tier, _, slot = organ.partition(".")
    return tier_desks(act.case, Tier(tier), ROLES[Tier(tier)][Slot(slot)])


async def issue(call: Call, tx: Tx) -> Answer:
    """Arts 4, 41: any supervising organ within its duties; the day it must be done by is not behind today."""
    body: OrderIn = call.body
    act = await opened(call, tx, Action.ORDER_RECTIFICATION)
    tier = tier_of(act)
    slot = organ_for(tier, act.actor.principal.roles, body.area)
    if slot is None:
        detail = f"{AREAS[body.area]}不在本机构的监督职责内（第四条、第四十一条）"
        raise fault("/area", "outside_duties", detail)
    not_before(body.due, act.today, "/due", "整改期限", article=41)
    if body.area == "filing":
        _unfiled(act)
    order_id, by = new_id(), organ_name(tier, slot)
    _store(tx, act, body, order_id, by)
    order = {
        "on": act.today.isoformat(), "due": body.due.isoformat(), "by": by, "area": body.area,
        "answered": False, "failed": False,
    }  # fmt: skip
    name = SLOT_NAMES[tier][slot]
    return done(
        call, tx, act, "order.issued", _told_to(act, body.area),
        content={"order": order_id, "by": by, **plain(body)}, facts=with_order(act, order_id, order),
        message=f"{name}就{AREAS[body.area]}提出整改要求，期限 {body.due.isoformat()}。", reason=body.text,
        extra={"order": {"id": order_id, "due": body.due.isoformat(), "organ": name, "area": body.area}},
        steps=dict.fromkeys(
            ("unit", "portal", "department", "gatekeeper"), f"请在 {body.due.isoformat()} 前整改并报告。"
        ),
    )  # fmt: skip


def _unfiled(act: Act) -> None:
    """R31: the filing is ordered where it is owed and its customary term is over."""
    figures = noting(act.standing.figures)
    asked = replace(act.standing, figures=figures)
    early = filing_not_overdue(asked) if act.case.route == "city_filing" else "本项目不走备案程序"
    if early is not None:
        raise ServiceError(
            409, "gate_shut", f"{early}（备案时限是管理惯例，参照第二十三条）{told_of(figures)}", reason="gate_shut",
            action=Action.ORDER_RECTIFICATION.value, state=act.case.state, holder=act.case.holder, article=23,
            gate="filing_overdue",
        )  # fmt: skip


def _told_to(act: Act, area: str) -> list[Recipient]:
    """The owner; of a missing filing also the city's desk that files (art. 23)."""
    desks = owner_desks(act.case)
    return [*desks, *tier_desks(act.case, Tier.CITY, "gatekeeper")] if area == "filing" else desks


def _store(tx: Tx, act: Act, body: OrderIn, order_id: str, by: str) -> None:
    tx.batch.add(
        _ISSUE,
        tenant_id=act.case.tenant_id,
        office_id=act.case.office_id,
        id=order_id,
        project_id=act.case.id,
        project_name=act.case.name,
        owner_name=act.case.owner_name,
        organ=by,
        area=body.area,
        text=body.text,
        issued_on=act.today,
        due=body.due,
        state="open",
        answer=None,
        evidence=None,
        answered_on=None,
        finding=None,
        closed_on=None,
        issued_by=act.actor.principal.actor,
        by_tenant=act.actor.principal.tenant,
        at=act.actor.now,
    )


async def answer(call: Call, tx: Tx) -> Answer:
    """Art. 39: the owner answers truthfully, with evidence; also again, after an answer that did not do."""
    body: AnswerOrderIn = call.body
    act = await opened(call, tx, Action.ANSWER_ORDER)
    order = named(act, body.order)
    first = order.get("answered_on") or act.today.isoformat()
    tx.batch.add(
        _ANSWER,
        of_tenant=act.case.tenant_id,
        of_id=body.order,
        new_state="failed" if order["failed"] else "answered",
        answer=body.answer,
        evidence=plain(body.evidence),
        answered_on=act.today if order["failed"] else date.fromisoformat(first),
    )
    fact = with_order(act, body.order, {**order, "answered": True, "answered_on": first})
    return done(
        call, tx, act, "order.answered", organ_desk(act, order["by"]), content=plain(body), facts=fact,
        message="整改情况已报告，请核查。", extra={"order": {"id": body.order}},
    )  # fmt: skip


async def close(call: Call, tx: Tx) -> Answer:
    """Art. 41: the organ that ordered finds it done, or done in vain; in vain only once answered or lapsed."""
    body: CloseOrderIn = call.body
    act = await opened(call, tx, Action.CLOSE_ORDER)
    order = named(act, body.order)
    if order["by"] not in organs_of(tier_of(act), act.actor.principal.roles):
        raise ServiceError(
            409, "not_your_order", "整改要求由提出的机构核查办结（第四十一条）", organ=order["by"], article=41
        )
    if not body.done and not order["answered"] and not lapsed(order, act.today):
        raise ServiceError(
            409,
            "order_not_answered",
            "期限未到且项目单位尚未报告，不能认定整改不合要求（第四十一条）",
            article=41,
        )
    tx.batch.add(
        _CLOSE,
        of_tenant=act.case.tenant_id,
        of_id=body.order,
        new_state="closed" if body.done else "failed",
        finding=body.opinion,
        closed_on=act.today if body.done else None,
    )
    fact = with_order(act, body.order, None if body.done else {**order, "failed": True})
    return done(
        call, tx, act, "order.closed" if body.done else "order.failed", owner_desks(act.case),
        content=plain(body), facts=fact, reason=body.opinion, extra={"order": {"id": body.order}},
        message="整改已办结。" if body.done else "整改后仍不符合要求，可依法采取后续措施。",
    )  # fmt: skip
