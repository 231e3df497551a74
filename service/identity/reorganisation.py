"""What a reorganisation comes to, as administrators are shown it, and whom it is told to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from service.identity.desks import PROVINCE
from service.identity.holdings import Held
from service.identity.schemas_reorganising import HeldView, PersonGoes, Reorganisation
from service.identity.views_offices import HELD_NAMES, office_view
from service.kit.api import Call
from service.kit.db import Row, Tx
from service.kit.ids import Ref
from service.kit.outbox import Recipient, emitted
from service.kit.rows import of_row

MOST_TOLD = 1000  # ids of cases that the event names


class Plan(NamedTuple):
    """What a reorganisation comes to, judged: nothing of it is written yet."""

    office: Row
    successor: Row | None
    held: list[Held]
    moving: list[Row]
    ending: list[Row]


def held_view(tenant: str, held: Held) -> HeldView:
    """As administrators see it; ids are public ones."""
    ids = [each if "-" in each and len(each) > 36 else str(Ref(tenant, each)) for each in held.ids]
    return HeldView(held.kind, HELD_NAMES[held.kind], held.number, ids)


def shown(plan: Plan, office: Mapping[str, Any]) -> Reorganisation:
    """The plan as it is shown; `office` as it is or as it became."""
    tenant = office["tenant_id"]
    goes = [(each, "move") for each in plan.moving] + [(each, "end") for each in plan.ending]
    return Reorganisation(
        office=office_view(office),
        successor=None if plan.successor is None else office_view(plan.successor),
        handed=[held_view(tenant, each) for each in plan.held],
        people=[
            of_row(PersonGoes, each, id=str(Ref(tenant, each["id"])), roles=list(each["roles"]), goes=way)
            for each, way in goes
        ],
    )


def tell_reorganised(call: Call, tx: Tx, plan: Plan, document: str | None) -> None:
    """Administrators, the tenant's desks and portals, the successor's own desk, and the province."""
    office, successor, tenant = plan.office, plan.successor, plan.office["tenant_id"]
    owner = "department" if tenant == PROVINCE else "unit"
    recipients = [Recipient(tenant, "administrator"), Recipient(PROVINCE, "office")]
    if tenant != PROVINCE:
        recipients += [Recipient(tenant, "gatekeeper"), Recipient(tenant, "portal")]
    if successor is not None:
        recipients.append(Recipient(tenant, owner, successor["id"]))
    counts = "、".join(f"{HELD_NAMES[each.kind]}{each.number}项" for each in plan.held) or "没有在办事项"
    by = f"（{document}）" if document else ""
    to = "不设承接单位" if successor is None else f"由{successor['name']}承接"
    cases = [held_view(tenant, each).ids for each in plan.held if each.kind in ("case", "ended_case")]
    emitted(
        call,
        tx,
        "office.reorganised",
        recipients,
        {
            "subject": {
                "id": str(Ref(tenant, office["id"])),
                "name": office["name"],
                "owner_name": "本地区单位",
            },
            "office": {"id": str(Ref(tenant, office["id"])), "name": office["name"]},
            "successor": None
            if successor is None
            else {
                "id": str(Ref(tenant, successor["id"])),
                "name": successor["name"],
            },
            "handed": {each.kind: each.number for each in plan.held},
            "projects": [each for ids in cases for each in ids][:MOST_TOLD],
            "message": f"该单位已撤并{by}，{to}：{counts}；人员转入{len(plan.moving)}人，停用{len(plan.ending)}人。",
            "steps": {owner: "请办理承接的事项；原单位名下的经办记录仍可查阅。"},
            "actor": call.principal.actor,
        },
        tenant=tenant,
    )


def tell_renamed(call: Call, tx: Tx, office: Mapping[str, Any], name: str) -> None:
    """A new name, told to the same desks."""
    tenant = office["tenant_id"]
    owner = "department" if tenant == PROVINCE else "unit"
    recipients = [Recipient(tenant, owner, office["id"]), Recipient(PROVINCE, "office")]
    if tenant != PROVINCE:
        recipients += [Recipient(tenant, "gatekeeper"), Recipient(tenant, "portal")]
    emitted(
        call,
        tx,
        "office.renamed",
        recipients,
        {
            "subject": {"id": str(Ref(tenant, office["id"])), "name": name, "owner_name": "本地区单位"},
            "office": {"id": str(Ref(tenant, office["id"])), "from": office["name"], "name": name},
            "message": f"原名“{office['name']}”。在办项目随之更名，已封存和登记的内容仍用原名。",
            "actor": call.principal.actor,
        },
        tenant=tenant,
    )
