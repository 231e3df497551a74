"""More time for the acceptance (art. 30): applied for by the owner, decided by whoever takes the application (R35)."""

from __future__ import annotations

from datetime import date

from service.delivery.acceptance_common import accepting_tier, desk_of, fault, plain
from service.delivery.acceptance_schemas import DecideExtensionIn, ExtensionIn
from service.kit.ids import new_id
from service.measures.lifecycle import Action
from service.measures.organs import Slot
from service.projects.deeds import Desk, deed
from service.projects.phases import Deed, owner_desks


@deed(
    "request-extension",
    Action.REQUEST_EXTENSION,
    body=ExtensionIn,
    summary="申请延期验收",
    may="acceptance/apply",
    tag="acceptance",
)
async def request_extension(desk: Desk) -> Deed:
    """不能按期申请竣工验收的，书面提出并写明延至何日；经受理验收申请的部门同意后生效（第三十条）。"""
    # Art. 30: who cannot apply in time says so in writing; what is asked for moves nothing until it is granted.
    body: ExtensionIn = desk.body
    if body.until <= desk.today:
        raise fault("/until", "date_order", f"延期至的日期应晚于 {desk.today.isoformat()}（第三十条）")
    earlier = desk.fact("extension").get("until")
    if earlier is not None and body.until.isoformat() <= earlier:
        raise fault("/until", "date_order", f"前一次已延期至 {earlier}，应晚于该日（第三十条）")
    record = new_id()
    return desk.told(
        "acceptance.extension_requested",
        desk_of(desk.case, accepting_tier(desk.case), Slot.DRC),
        content=plain(body),
        reason=body.reason,
        dated={"extension_request": {"until": body.until.isoformat(), "open": record}},
        record_id=record,
        message=f"申请延期至 {body.until.isoformat()} 提出竣工验收申请。",
        steps=dict.fromkeys(("drc", "approver"), "请答复是否同意延期。"),
    )


@deed(
    "decide-extension",
    Action.DECIDE_EXTENSION,
    body=DecideExtensionIn,
    summary="答复延期申请",
    may="acceptance/decide",
    tag="acceptance",
)
async def decide_extension(desk: Desk) -> Deed:
    """由受理竣工验收申请的部门答复：同意延至何日，或者不同意的理由；项目单位不能自行延期（第三十条）。"""
    # Art. 30, R35: granted until the day asked for or an earlier one, or refused with the reason.
    body: DecideExtensionIn = desk.body
    asked = desk.fact("extension_request")
    until = body.until or date.fromisoformat(asked["until"])
    if not body.approve and body.until is not None:
        raise fault("/until", "unexpected", "不同意延期的，不填写日期")
    if until.isoformat() > asked["until"]:
        raise fault("/until", "date_order", f"申请延期至 {asked['until']}，不能晚于该日（第三十条）")
    dated = {"extension_request": {**asked, "open": None, "granted": body.approve}}
    told = "不同意延期。"
    if body.approve:
        earlier = desk.fact("extension").get("until") or desk.today.isoformat()
        if until.isoformat() <= earlier:
            raise fault("/until", "date_order", f"同意延期至的日期应晚于 {earlier}（第三十条）")
        dated["extension"] = {"until": until.isoformat()}
        told = f"同意延期至 {until.isoformat()}。"
    return desk.told(
        "acceptance.extension_decided",
        owner_desks(desk.case),
        content={**plain(body), "asked_until": asked["until"], "request": asked["open"]},
        reason=body.opinion,
        dated=dated,
        message=told,
    )
