"""An approval that cannot be given as the case stands is told to those who must act: who gatekept it, and the owner.

The refusal itself changes nothing, so the news is written in a transaction of its own after it was rolled back; once
for each version of the case and reason, however often it is tried.
"""

from __future__ import annotations

from service.kit.api import Call
from service.kit.errors import ServiceError
from service.kit.ids import parse_ref, stable_id
from service.kit.outbox import Recipient, emitted
from service.measures.offices import Tier
from service.projects.approving import tier_of
from service.projects.case import seen
from service.projects.phases import owner_desks
from service.projects.state import snapshot
from service.projects.submission import PROVINCE

# What only another desk can mend; a slip in the request is the approver's own to mend.
CASES_OWN = frozenset({"route_changed", "reason_required"})


async def tell(call: Call, error: ServiceError) -> None:
    """The event `project.approval_refused`, when the case is why."""
    if error.code not in CASES_OWN:
        return
    case = await seen(call.door, call.principal, parse_ref(call.path("ref")), call.scope)
    if case is None:
        return
    provincial = tier_of(case) is Tier.PROVINCE
    keeper = Recipient(PROVINCE, "office") if provincial else Recipient(case.tenant_id, "gatekeeper")
    steps = {
        keeper.role: "请退回项目单位，或转到相应环节办理。",
        **dict.fromkeys(("unit", "department", "portal"), "请等候退回，按说明修改后重新申报。"),
    }
    async with call.door.transaction(call.scope) as tx:
        emitted(
            call,
            tx,
            "project.approval_refused",
            list(dict.fromkeys([keeper, *owner_desks(case)])),
            {
                **snapshot(case),
                "message": f"批复未能办理：{error.detail}。",
                "steps": steps,
                "actor": call.principal.actor,
            },
            tenant=case.tenant_id,
            once=stable_id("approval_refused", str(case.ref), str(case.version), error.code),
        )
    for tenant in tx.rings:
        call.services.doorbell(tenant)
