"""More time for the acceptance (art. 30): applied for by the owner, decided by whoever takes the application (R35)."""

from __future__ import annotations

from datetime import date

from service.delivery.acceptance_common import accepting_tier, desk, done, fault, opened, plain
from service.delivery.acceptance_schemas import DecideExtensionIn, ExtensionIn
from service.kit.api import Answer, Call
from service.kit.db import Tx
from service.kit.ids import new_id
from service.measures.lifecycle import Action
from service.measures.organs import Slot
from service.projects.phases import owner_desks


async def request_extension(call: Call, tx: Tx) -> Answer:
    """Art. 30: who cannot apply in time says so in writing; what is asked for moves nothing until it is granted."""
    body: ExtensionIn = call.body
    act = await opened(call, tx, Action.REQUEST_EXTENSION)
    if body.until <= act.today:
        raise fault("/until", "date_order", f"延期至的日期应晚于 {act.today.isoformat()}（第三十条）")
    earlier = act.fact("extension").get("until")
    if earlier is not None and body.until.isoformat() <= earlier:
        raise fault("/until", "date_order", f"前一次已延期至 {earlier}，应晚于该日（第三十条）")
    record = new_id()
    return done(
        call, tx, act, "acceptance.extension_requested",
        desk(act.case, accepting_tier(act.case), Slot.DRC), content=plain(body), reason=body.reason,
        facts={"extension_request": {"until": body.until.isoformat(), "open": record}}, record_id=record,
        message=f"申请延期至 {body.until.isoformat()} 提出竣工验收申请。",
        steps=dict.fromkeys(("drc", "approver"), "请答复是否同意延期。"),
    )  # fmt: skip


async def decide_extension(call: Call, tx: Tx) -> Answer:
    """Art. 30, R35: granted until the day asked for or an earlier one, or refused with the reason."""
    body: DecideExtensionIn = call.body
    act = await opened(call, tx, Action.DECIDE_EXTENSION)
    asked = act.fact("extension_request")
    until = body.until or date.fromisoformat(asked["until"])
    if not body.approve and body.until is not None:
        raise fault("/until", "unexpected", "不同意延期的，不填写日期")
    if until.isoformat() > asked["until"]:
        raise fault("/until", "date_order", f"申请延期至 {asked['until']}，不能晚于该日（第三十条）")
    facts = {"extension_request": {**asked, "open": None, "granted": body.approve}}
    told = "不同意延期。"
    if body.approve:
        earlier = act.fact("extension").get("until") or act.today.isoformat()
        if until.isoformat() <= earlier:
            raise fault("/until", "date_order", f"同意延期至的日期应晚于 {earlier}（第三十条）")
        facts["extension"] = {"until": until.isoformat()}
        told = f"同意延期至 {until.isoformat()}。"
    return done(
        call, tx, act, "acceptance.extension_decided", owner_desks(act.case),
        content={**plain(body), "asked_until": asked["until"], "request": asked["open"]}, reason=body.opinion,
        facts=facts, message=told,
    )  # fmt: skip
