"""A case that goes to a desk nobody is at: whoever sends it is told in the answer, the administrator by an event."""

from __future__ import annotations

from typing import Any

from service.identity.desks import Manned
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.outbox import Recipient, emitted
from service.kit.scopes import OFFICE_BOUND
from service.projects.case import Case
from service.projects.schemas_out import WarningView
from service.projects.submission import PROVINCE


async def look(call: Call) -> Any:
    """Before BEGIN: the desks of the caller's own tenant that nobody is at; another's grants are not the caller's.

    What was found for the command itself stays what it was.
    """
    tenant = call.principal.tenant
    tier = "province" if tenant == PROVINCE else "city"
    desks = set(call.services.policy.roles.grantable(tier)) - OFFICE_BOUND
    empty = await call.service(Manned).without(call.door, tenant, desks, legal_day(call.now))
    call.empty_desks = frozenset((tenant, role) for role in empty)
    return call.found


def warn(call: Call, tx: Tx, case: Case) -> None:
    """Tells of each desk the act has just sent the case to and that was found empty."""
    names = call.services.policy.roles.names
    for desk in dict.fromkeys(case.told):
        if desk.office is not None or (desk.tenant, desk.role) not in call.empty_desks:
            continue
        name = names.get(("province" if desk.tenant == PROVINCE else "city", desk.role), desk.role)
        detail = f"“{name}”目前无人在岗，已通知管理员；提交有效，待有人在岗后办理"
        case.warnings.append(WarningView("desk_empty", desk.role, detail))
        emitted(
            call,
            tx,
            "desk.empty",
            [Recipient(desk.tenant, "administrator")],
            {
                "subject": {"id": desk.role, "name": name, "owner_name": "岗位"},
                "desk": {"tenant": desk.tenant, "role": desk.role, "name": name, "office_id": None},
                "message": "有事项提交到这个岗位，目前无人在岗。",
                "steps": {"administrator": "请尽快授予他人该角色。"},
                "actor": call.principal.actor,
            },
            tenant=case.tenant_id,
        )
