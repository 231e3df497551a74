"""The four measures of art. 41, in any order, each naming the order that lapsed; and how each ends."""

from __future__ import annotations

from typing import Any

from service.delivery.acceptance_common import judging_tier, plain, three_desks
from service.delivery.funding_of_case import settled
from service.delivery.orders_actions import NOT_YOURS, named, organ_desk, tier_of
from service.delivery.orders_schemas import LiftIn, MeasureIn
from service.kit.errors import ServiceError
from service.kit.money import yuan
from service.kit.outbox import Recipient
from service.measures.acceptance import spent_in_trial
from service.measures.lifecycle import Action
from service.measures.offices import Tier
from service.measures.rectification import lapsed, may_enforce, taken_by
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, funding_desks, owner_desks
from service.projects.submission import PROVINCE


def _lapsed(desk: Desk) -> tuple[MeasureIn, dict[str, Any]]:
    """The order named must itself have lapsed, and the actor's organ be one that may act on it (art. 41)."""
    body: MeasureIn = desk.body
    order = named(desk, body.order)
    if not lapsed(order, desk.today):
        raise ServiceError(
            409,
            "gate_shut",
            f"所列整改要求的期限到 {order['due']}，尚未逾期（第四十一条）",
            reason="gate_shut",
            action=desk.action.value,
            state=desk.case.state,
            holder=desk.case.holder,
            article=41,
            gate="order_lapsed",
        )
    if not may_enforce(order, tier_of(desk), desk.actor.principal.roles):
        raise ServiceError(
            409,
            "not_your_order",
            "由提出整改要求的机构或三家主管机构决定（第四十一条）",
            organ=order["by"],
            article=41,
        )
    return body, order


def _whose(desk: Desk, order: dict[str, Any]) -> str:
    return taken_by(order, tier_of(desk), desk.actor.principal.roles)


def _heard(desk: Desk, order: dict[str, Any]) -> list[Recipient]:
    """Owner, the three organs, whoever's budget pays (art. 34), and who ordered."""
    found = [
        *owner_desks(desk.case),
        *three_desks(desk.case, judging_tier(desk.case)),
        *funding_desks(desk.case),
    ]
    return list(dict.fromkeys([*found, *organ_desk(desk, order["by"])]))


@deed(
    "criticise",
    Action.CRITICISE,
    body=MeasureIn,
    summary="通报批评",
    may="order/enforce",
    tag="orders",
    errors=(NOT_YOURS,),
)
async def criticise(desk: Desk) -> Deed:
    """逾期未整改或整改后仍不符合要求的，登记并通报本地区各环节（第四十一条）。"""
    # 通报批评 (art. 41): recorded, and told to every desk of the tenant that handles projects.
    body, order = _lapsed(desk)
    tenant = desk.case.tenant_id
    roles = ["office", "drc", "finance", "supervisor", "auditor"]
    if desk.case.declarer is not Tier.PROVINCE:
        roles = ["gatekeeper", "approver", "finance", "supervisor", "auditor", "portal", "unit"]
    public = [Recipient(tenant, role) for role in roles]
    desks = list(dict.fromkeys([*_heard(desk, order), *public, Recipient(PROVINCE, "office")]))
    return desk.told(
        "order.criticised",
        desks,
        content=plain(body),
        reason=body.reason,
        message="整改逾期或不合要求，予以通报批评。",
        extra={"order": {"id": body.order}},
    )


@deed(
    "defer-funds",
    Action.DEFER_FUNDS,
    body=MeasureIn,
    summary="暂缓安排资金",
    may="order/enforce",
    tag="orders",
    errors=(NOT_YOURS,),
)
async def defer_funds(desk: Desk) -> Deed:
    """恢复之前不下达预算、不登记支付（第四十一条）。"""
    # 暂缓安排建设或资金计划 (art. 41): budget and payments are shut until it is lifted.
    body, order = _lapsed(desk)
    return desk.told(
        "order.funds_deferred",
        _heard(desk, order),
        content=plain(body),
        reason=body.reason,
        dated={"deferral": {"in_force": True, "order": body.order, "by": _whose(desk, order)}},
        message="暂缓安排资金，恢复前不下达预算、不支付。",
        extra={"order": {"id": body.order}},
    )


@deed(
    "lift-deferral",
    Action.LIFT_DEFERRAL,
    body=LiftIn,
    summary="恢复安排资金",
    may="order/enforce",
    tag="orders",
    errors=(NOT_YOURS,),
)
async def lift_deferral(desk: Desk) -> Deed:
    """整改办结不自动恢复，由人决定（第四十一条）。"""
    # Ends a deferral: by those whom the gate may_lift names; closing the order does not lift it.
    body: LiftIn = desk.body
    fact = desk.fact("deferral")
    return desk.told(
        "order.deferral_lifted",
        _heard(desk, fact),
        content=plain(body),
        reason=body.reason,
        dated={"deferral": {**fact, "in_force": False, "until": desk.today.isoformat()}},
        message="恢复安排资金。",
    )


@deed(
    "suspend",
    Action.SUSPEND,
    body=MeasureIn,
    summary="暂停项目",
    may="order/halt",
    tag="orders",
    errors=(NOT_YOURS,),
)
async def suspend(desk: Desk) -> Deed:
    """记住暂停前的环节，恢复时回到原处（第四十一条）。"""
    # 暂停项目建设 (art. 41): remembers where it stood; a trial run does not go on meanwhile.
    body, order = _lapsed(desk)
    return desk.told(
        "order.suspended",
        _heard(desk, order),
        content=plain(body),
        reason=body.reason,
        dated={
            "suspended": {
                "from": desk.case.state,
                "order": body.order,
                "by": _whose(desk, order),
                "earlier_days": spent_in_trial(desk.fact("suspended"), desk.gated.day("trial_run")),
            }
        },
        message="项目暂停；整改办结后恢复。",
        extra={"order": {"id": body.order}},
    )


@deed("resume", Action.RESUME, body=LiftIn, summary="恢复建设", may="order/halt", tag="orders")
async def resume(desk: Desk) -> Deed:
    """据以暂停的整改要求办结之后恢复（第四十一条）。"""
    # Back to building, once the order is done (gate order_settled).
    return _resumed(desk)


@deed(
    "resume-trial-run",
    Action.RESUME_TRIAL_RUN,
    body=LiftIn,
    summary="恢复试运行",
    may="order/halt",
    tag="orders",
)
async def resume_trial_run(desk: Desk) -> Deed:
    """暂停的天数不计入试运行，期满日相应顺延（第三十条、第四十一条）。"""
    # Back to the trial run; the days of suspension are added to its six months (art. 30).
    return _resumed(desk)


@deed(
    "resume-acceptance",
    Action.RESUME_ACCEPTANCE,
    body=LiftIn,
    summary="恢复验收",
    may="order/halt",
    tag="orders",
)
async def resume_acceptance(desk: Desk) -> Deed:
    """终验之后被暂停的，整改办结后回到终验，由项目单位重新申请竣工验收（第三十条、第四十一条）。"""
    # Back to after the final inspection: what lay with the accepting organ is applied for anew (art. 30).
    return _resumed(desk)


def _resumed(desk: Desk) -> Deed:
    body: LiftIn = desk.body
    stood = desk.fact("suspended")
    begun = desk.gated.day("suspended")
    days = 0 if begun is None else (desk.today - begun).days
    dated = {"suspended": {**stood, "until": desk.today.isoformat()}}
    return desk.told(
        "order.resumed",
        [*owner_desks(desk.case), *three_desks(desk.case, judging_tier(desk.case))],
        content={**plain(body), "days": days},
        reason=body.reason,
        dated=dated,
        message=f"项目恢复，暂停 {days} 天。",
    )


@deed(
    "terminate",
    Action.TERMINATE,
    body=MeasureIn,
    summary="终止项目",
    may="order/halt",
    tag="orders",
    errors=(NOT_YOURS,),
)
async def terminate(desk: Desk) -> Deed:
    """须列明逾期或整改不合要求的整改要求（第四十一条）。"""
    # 终止项目 (art. 41): the last of the measures; what was issued and not spent goes back with it (art. 38).
    body, order = _lapsed(desk)
    back, dated = settled(desk.case)
    dated["terminated"] = {"order": body.order, "returned_fen": back}
    return desk.told(
        "order.terminated",
        _heard(desk, order),
        content={**plain(body), "returned_yuan": yuan(back)},
        reason=body.reason,
        dated=dated,
        message=f"项目终止，未支付的资金 {yuan(back)} 元退回。",
        extra={"order": {"id": body.order}},
    )
