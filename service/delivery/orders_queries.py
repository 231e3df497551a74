"""Every SELECT of rectification orders."""

from __future__ import annotations

from functools import cache

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    func,
    lateral,
    literal_column,
    or_,
    select,
    tuple_,
)

from service.delivery.orders_models import rectification_orders
from service.identity.models import tenant_local
from service.kit.statements import Statement, scope_ready

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
    "area": O.area == bindparam("area", type_=Text),
    "organ": O.organ == bindparam("organ", type_=Text),
    "project_id": O.project_id == bindparam("project_id", type_=Uuid(as_uuid=False)),
    "owner_office_id": O.office_id == bindparam("owner_office_id", type_=Uuid(as_uuid=False)),
    "after": tuple_(O.at, O.id)
    < tuple_(
        bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid(as_uuid=False))
    ),
}


@cache
def orders_statement(filters: frozenset[str], *, across: bool) -> Statement:
    """A page, newest first; `across` merges the newest of every tenant."""
    conditions = [FILTERS[name] for name in sorted(filters)]
    limit = bindparam("limit", type_=Integer)
    page = select(*rectification_orders.c)
    if not across:
        own = page.where(O.tenant_id == bindparam("tenant_id", type_=Text), *conditions, scope_ready())
        return Statement(own.order_by(O.at.desc(), O.id.desc()).limit(limit))
    newest = page.where(O.tenant_id == tenant_local.c.tenant_id, *conditions)
    newest = newest.order_by(O.at.desc(), O.id.desc()).limit(limit)
    each = lateral(newest.correlate(tenant_local), name="newest")
    merged = select(*each.c).select_from(tenant_local.join(each, literal_column("true"))).where(scope_ready())
    return Statement(merged.order_by(each.c.at.desc(), each.c.id.desc()).limit(limit))
