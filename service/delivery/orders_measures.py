"""The four measures of art. 41, in any order, each naming the order that lapsed; and how each ends."""

from __future__ import annotations

from typing import Any

from service.delivery.acceptance_common import Act, done, judging_tier, opened, plain, three_desks
from service.delivery.funding_money import settled
from service.delivery.orders_actions import named, organ_desk, tier_of
from service.delivery.orders_schemas import LiftIn, MeasureIn
from service.kit.api import Answer, Call
from service.kit.db import Tx
from service.kit.errors import ServiceError
from service.kit.money import yuan
from service.kit.outbox import Recipient
from service.measures.acceptance import spent_in_trial
from service.measures.lifecycle import Action
from service.measures.offices import Tier
from service.measures.supervision import lapsed, may_enforce
from service.projects.phases import funding_desks, owner_desks
from service.projects.submission import PROVINCE


async def _measure(call: Call, tx: Tx, action: Action) -> tuple[Act, MeasureIn, dict[str, Any]]:
    """The order named must itself have lapsed, and the actor's organ be one that may act on it (art. 41)."""
    body: MeasureIn = call.body
    act = await opened(call, tx, action)
    order = named(act, body.order)
    if not lapsed(order, act.today):
        raise ServiceError(
            409, "gate_shut", f"所列整改要求的期限到 {order['due']}，尚未逾期（第四十一条）",
            reason="gate_shut", action=action.value, state=act.case.state, holder=act.case.holder, article=41,
            gate="order_lapsed",
        )  # fmt: skip
    if not may_enforce(order, tier_of(act), act.actor.principal.roles):
        raise ServiceError(
            409, "not_your_order", "由提出整改要求的机构或三家主管机构决定（第四十一条）", organ=order["by"],
            article=41,
        )  # fmt: skip
    return act, body, order


def _heard(act: Act, order: dict[str, Any]) -> list[Recipient]:
    """Owner, the three organs, whoever's budget pays (art. 34), and who ordered."""
    found = [*owner_desks(act.case), *three_desks(act.case, judging_tier(act.case)), *funding_desks(act.case)]
    return list(dict.fromkeys([*found, *organ_desk(act, order["by"])]))


async def criticise(call: Call, tx: Tx) -> Answer:
    """通报批评 (art. 41): recorded, and told to every desk of the tenant that handles projects."""
    act, body, order = await _measure(call, tx, Action.CRITICISE)
    tenant = act.case.tenant_id
    roles = ["office", "drc", "finance", "supervisor", "auditor"]
    if act.case.declarer is not Tier.PROVINCE:
        roles = ["gatekeeper", "approver", "finance", "supervisor", "auditor", "portal", "unit"]
    public = [Recipient(tenant, role) for role in roles]
    desks = list(dict.fromkeys([*_heard(act, order), *public, Recipient(PROVINCE, "office")]))
    return done(
        call, tx, act, "order.criticised", desks, content=plain(body), reason=body.reason,
        message="整改逾期或不合要求，予以通报批评。", extra={"order": {"id": body.order}},
    )  # fmt: skip


async def defer_funds(call: Call, tx: Tx) -> Answer:
    """暂缓安排建设或资金计划 (art. 41): budget and payments are shut until it is lifted."""
    act, body, order = await _measure(call, tx, Action.DEFER_FUNDS)
    return done(
        call, tx, act, "order.funds_deferred", _heard(act, order), content=plain(body), reason=body.reason,
        facts={"deferral": {"in_force": True, "order": body.order, "by": order["by"]}},
        message="暂缓安排资金，恢复前不下达预算、不支付。", extra={"order": {"id": body.order}},
    )  # fmt: skip


async def lift_deferral(call: Call, tx: Tx) -> Answer:
    """Ends a deferral: by the organ that ordered, or one of the three; closing the order does not lift it."""
    body: LiftIn = call.body
    act = await opened(call, tx, Action.LIFT_DEFERRAL)
    fact = act.fact("deferral")
    if not may_enforce(fact, tier_of(act), act.actor.principal.roles):
        raise ServiceError(
            409, "not_your_order", "由提出整改要求的机构或三家主管机构恢复（第四十一条）", organ=fact["by"],
            article=41,
        )  # fmt: skip
    return done(
        call, tx, act, "order.deferral_lifted", _heard(act, fact), content=plain(body), reason=body.reason,
        facts={"deferral": {**fact, "in_force": False, "until": act.today.isoformat()}},
        message="恢复安排资金。",
    )  # fmt: skip


async def suspend(call: Call, tx: Tx) -> Answer:
    """暂停项目建设 (art. 41): remembers where it stood; a trial run does not go on meanwhile."""
    act, body, order = await _measure(call, tx, Action.SUSPEND)
    return done(
        call, tx, act, "order.suspended", _heard(act, order), content=plain(body), reason=body.reason,
        facts={"suspended": {
            "from": act.case.state, "order": body.order, "by": order["by"],
            "earlier_days": spent_in_trial(act.fact("suspended"), act.standing.day("trial_run")),
        }},
        message="项目暂停；整改办结后恢复。", extra={"order": {"id": body.order}},
    )  # fmt: skip


async def resume(call: Call, tx: Tx) -> Answer:
    """Back to building, once the order is done (gate order_settled)."""
    return await _resume(call, tx, Action.RESUME)


async def resume_trial_run(call: Call, tx: Tx) -> Answer:
    """Back to the trial run; the days of suspension are added to its six months (art. 30)."""
    return await _resume(call, tx, Action.RESUME_TRIAL_RUN)


async def resume_acceptance(call: Call, tx: Tx) -> Answer:
    """Back to after the final inspection: what lay with the accepting organ is applied for anew (art. 30)."""
    return await _resume(call, tx, Action.RESUME_ACCEPTANCE)


async def _resume(call: Call, tx: Tx, action: Action) -> Answer:
    body: LiftIn = call.body
    act = await opened(call, tx, action)
    stood = act.fact("suspended")
    begun = act.standing.day("suspended")
    days = 0 if begun is None else (act.today - begun).days
    facts = {"suspended": {**stood, "until": act.today.isoformat()}}
    return done(
        call, tx, act, "order.resumed", [*owner_desks(act.case), *three_desks(act.case, judging_tier(act.case))],
        content={**plain(body), "days": days}, reason=body.reason, facts=facts,
        message=f"项目恢复，暂停 {days} 天。",
    )  # fmt: skip


async def terminate(call: Call, tx: Tx) -> Answer:
    """终止项目 (art. 41): the last of the measures; what was issued and not spent goes back with it (art. 38)."""
    act, body, order = await _measure(call, tx, Action.TERMINATE)
    back, facts = settled(act.case)
    facts["terminated"] = {"order": body.order, "returned_fen": back}
    return done(
        call, tx, act, "order.terminated", _heard(act, order), content={**plain(body), "returned_yuan": yuan(back)},
        reason=body.reason, facts=facts, message=f"项目终止，未支付的资金 {yuan(back)} 元退回。",
        extra={"order": {"id": body.order}},
    )  # fmt: skip
