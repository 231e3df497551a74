"""Every SELECT of rectification orders."""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    Date,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
)

from service.delivery.orders_models import rectification_orders
from service.kit.listing import Listing, Order, among

O = rectification_orders.c  # noqa: E741 - orders
_open = O.state != literal_column("'closed'")
FILTERS: dict[str, ColumnElement[bool]] = {
    "open": _open,
    "closed": O.state == literal_column("'closed'"),
    "lapsed": and_(
        _open,
        or_(
            O.state == literal_column("'failed'"),
            O.due < func.coalesce(O.answered_on, bindparam("today", type_=Date)),
        ),
    ),
    "area": among(O.area, "area"),
    "organ": among(O.organ, "organ"),
    "project_id": among(O.project_id, "project_id"),
    "owner_office_id": among(O.office_id, "owner_office_id"),
}


LISTING = Listing(
    name="orders",
    path="/orders",
    columns=tuple(rectification_orders.c),
    source=rectification_orders,
    row=(O.tenant_id, O.id),
    tenants=(O.tenant_id,),
    filters=FILTERS,
    orders={"newest": Order((("at", O.at), ("id", O.id)), descending=True)},
)
