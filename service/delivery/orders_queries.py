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
from service.kit.listing import Order, among, listing_of

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


LISTING = listing_of(
    rectification_orders,
    name="orders",
    path="/orders",
    filters=FILTERS,
    orders={"newest": Order((("at", O.at), ("id", O.id)), descending=True)},
)
