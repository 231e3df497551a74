"""What is read of deputies."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Date, Uuid, bindparam, func, or_, select

from service.identity.deputed import counts
from service.identity.models import deputies, role_grants, users
from service.kit.listing import Listing, Order
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready

D = deputies.c
_tenant, _id = TENANT_ID, ROW_ID
_absent, _stands = users.alias("absent"), users.alias("stands")
_desk = role_grants.alias("desk")
# A role of the deputy's own, at which he is told.
_at = (
    select(func.min(_desk.c.role)).where(_desk.c.tenant_id == D.tenant_id, _desk.c.user_id == D.deputy_id)
).scalar_subquery()
ROW = (
    *deputies.c,
    _absent.c.login.label("person_login"),
    _stands.c.login.label("deputy_login"),
    counts(_absent).label("counts"),
    _at.label("deputy_role"),
)
JOINED = deputies.join(_absent, (_absent.c.tenant_id == D.tenant_id) & (_absent.c.id == D.person_id)).join(
    _stands, (_stands.c.tenant_id == D.tenant_id) & (_stands.c.id == D.deputy_id)
)
DEPUTY = Statement(select(*ROW).select_from(JOINED).where(D.tenant_id == _tenant, D.id == _id, scope_ready()))
_me = bindparam("me", type_=Uuid(as_uuid=False))
FILTERS: dict[str, Any] = {
    "me": or_(D.person_id == _me, D.deputy_id == _me),
}
# What was named for these days already: for either of the two, in either place.
_people = (bindparam("person", type_=Uuid(as_uuid=False)), bindparam("deputy", type_=Uuid(as_uuid=False)))
BESIDE = Statement(
    select(*deputies.c).where(
        D.tenant_id == _tenant,
        or_(D.person_id.in_(_people), D.deputy_id.in_(_people)),
        D.ended_at.is_(None),
        D.from_day <= bindparam("until", type_=Date),
        D.until_day >= bindparam("begin", type_=Date),
    )
)
OF_DEPUTY = Statement(
    select(*ROW)
    .select_from(JOINED)
    .where(
        D.tenant_id == _tenant,
        D.deputy_id == _id,
        D.ended_at.is_(None),
        D.until_day >= bindparam("today", type_=Date),
        scope_ready(),
    )
    .order_by(D.id)
)


# Deputations by id: of the tenant, or those that concern one person.
LISTING = Listing(
    name="deputies",
    path="/deputies",
    columns=tuple(ROW),
    source=JOINED,
    row=(D.tenant_id, D.id),
    tenants=(D.tenant_id,),
    filters=FILTERS,
    orders={"id": Order((("id", D.id),))},
)
