"""Every SELECT of existing systems."""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement, Integer, Text, Uuid, and_, bindparam, func, select, tuple_

from service.identity.models import offices
from service.kit.db import Statement, scope_ready
from service.portfolio.models import systems

Y = systems.c
_tenant = bindparam("tenant_id", type_=Text)
_housed = systems.join(offices, and_(offices.c.tenant_id == Y.tenant_id, offices.c.id == Y.office_id))
_shown = (*systems.c, offices.c.name.label("office_name"))
ONE = Statement(
    select(*_shown)
    .select_from(_housed)
    .where(Y.tenant_id == _tenant, Y.id == bindparam("id", type_=Uuid(as_uuid=False)), scope_ready())
)
FILTERS: dict[str, ColumnElement[bool]] = {
    "tenant": Y.tenant_id == bindparam("tenant", type_=Text),
    "owner_office_id": Y.office_id == bindparam("owner_office_id", type_=Uuid(as_uuid=False)),
    "status": Y.status == bindparam("status", type_=Text),
    "after": tuple_(Y.tenant_id, Y.name, Y.id)
    > tuple_(
        bindparam("after_tenant", type_=Text),
        bindparam("after_name", type_=Text),
        bindparam("after_id", type_=Uuid(as_uuid=False)),
    ),
}


@cache
def list_statement(filters: frozenset[str]) -> Statement:
    """A page by tenant and name."""
    return Statement(
        select(*_shown)
        .select_from(_housed)
        .where(*(FILTERS[name] for name in sorted(filters)), scope_ready())
        .order_by(Y.tenant_id, Y.name, Y.id)
        .limit(bindparam("limit", type_=Integer))
    )


_running = func.count().filter(Y.status == "running")
COUNTS = Statement(
    select(
        Y.tenant_id.label("tenant"),
        Y.office_id,
        offices.c.name.label("office_name"),
        _running.label("running"),
        func.count().filter(and_(Y.status == "running", Y.on_cloud.is_(False))).label("off_cloud"),
    )
    .select_from(_housed)
    .where(scope_ready())
    .group_by(Y.tenant_id, Y.office_id, offices.c.name)
    .order_by(_running.desc(), Y.tenant_id, Y.office_id)
    .limit(500)
)

RUNNING = Statement(
    select(func.count().label("running")).where(
        Y.tenant_id == _tenant,
        Y.office_id == bindparam("office", type_=Uuid(as_uuid=False)),
        Y.status == "running",
        scope_ready(),
    )
)
