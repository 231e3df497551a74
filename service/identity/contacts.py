"""How desks are reached: told by their tenant's administrators, shown to who may see a case that waits for the desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Date, Text, Uuid, and_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from service.audit.actions import audited
from service.identity.models import office_desks, offices
from service.identity.schemas_contacts import ContactIn, ContactKept, ContactView
from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Row, Tx, tenant_scope
from service.kit.errors import ServiceError, not_found
from service.kit.ids import Ref
from service.kit.rows import of_row
from service.kit.statements import TENANT_ID, Statement, scope_ready

C, O = office_desks.c, offices.c  # noqa: E741 - O as in offices
_office = bindparam("office", type_=Uuid(as_uuid=False))
_day = bindparam("day", type_=Date)
_DESKS = (
    select(*office_desks.c, O.name, O.tier)
    .select_from(office_desks.join(offices, and_(O.tenant_id == C.tenant_id, O.id == C.office_id)))
    .where(
        C.tenant_id == TENANT_ID,
        O.valid_from <= _day,
        or_(O.valid_to.is_(None), _day < O.valid_to),
        scope_ready(),
    )
    .order_by(C.role, C.office_id)
)
OF_OFFICE = Statement(_DESKS.where(C.office_id == _office))
_OF_ROLES = Statement(
    _DESKS.where(
        C.role == bindparam("roles", type_=ARRAY(Text)).any_(), or_(_office.is_(None), C.office_id == _office)
    )
)
_made = insert(office_desks).values(
    {each.name: bindparam(each.name, type_=each.type) for each in office_desks.c}
)
_PUT = Statement(
    _made.on_conflict_do_update(
        index_elements=["tenant_id", "office_id", "role"],
        set_={name: _made.excluded[name] for name in ("telephone", "room", "by", "at")},
    )
)


async def put(call: Call, tx: Tx, ref: Ref, office: Row | None) -> ContactKept:
    """What an administrator tells of a desk of his tenant; on the audit trail by desk, not by number."""
    body: ContactIn = call.body
    role, rules = call.path("role"), call.services.policy.roles
    if office is None:
        raise not_found()
    grantable = rules.grantable(office["tier"])
    if role not in grantable:
        raise ServiceError(422, "role_not_for_tier", "该层级的单位没有这个岗位", grantable=list(grantable))
    row: dict[str, Any] = {
        "tenant_id": ref.tenant,
        "office_id": ref.id,
        "role": role,
        "telephone": body.telephone or None,
        "room": body.room or None,
        "by": call.principal.actor,
        "at": call.now,
    }
    tx.batch.add(_PUT, **row)
    audited(call, tx, "office.desk", ref.id, {"role": role})
    return kept(call, {**row, "name": office["name"], "tier": office["tier"]})


async def contacts_of(
    call: Call, tenant: str, roles: Sequence[str], *, office: str | None
) -> list[ContactView]:
    """Of these roles of a tenant (and of one office); looked up in the share of who asks, whatever the tenant."""
    if not roles:
        return []
    rows = await call.door.fetch(
        tenant_scope(tenant),
        _OF_ROLES,
        share_of=call.principal.tenant,
        tenant_id=tenant,
        roles=list(roles),
        office=office,
        day=legal_day(call.now),
    )
    return [of_row(ContactView, row, **_own(call, row)) for row in rows if row["telephone"] or row["room"]]


def kept(call: Call, row: Mapping[str, Any]) -> ContactKept:
    """As the office's own tenant sees it."""
    return of_row(ContactKept, row, **_own(call, row))


def _own(call: Call, row: Mapping[str, Any]) -> dict[str, Any]:
    names = call.services.policy.roles.names
    return {
        "office_id": str(Ref(row["tenant_id"], row["office_id"])),
        "office_name": row["name"],
        "role_name": names.get((row["tier"], row["role"]), row["role"]),
    }
