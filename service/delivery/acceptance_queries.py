"""Every SELECT of acceptance filings."""

from __future__ import annotations

from functools import cache

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Text,
    Uuid,
    bindparam,
    lateral,
    literal_column,
    select,
    tuple_,
)

from service.delivery.acceptance_models import acceptance_filings
from service.identity.models import tenant_local
from service.kit.statements import Statement, scope_ready

F = acceptance_filings.c
_tenant = bindparam("tenant_id", type_=Text)
_id = bindparam("id", type_=Uuid(as_uuid=False))

ACCEPTANCE_FILING = Statement(
    select(*acceptance_filings.c).where(F.tenant_id == _tenant, F.id == _id, scope_ready())
)
FILTERS: dict[str, ColumnElement[bool]] = {
    "year": F.year == bindparam("year", type_=Integer),
    "owner_office_id": F.office_id == bindparam("owner_office_id", type_=Uuid(as_uuid=False)),
    "after": tuple_(F.filed_at, F.id)
    < tuple_(
        bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid(as_uuid=False))
    ),
}


@cache
def filings_statement(filters: frozenset[str], *, across: bool) -> Statement:
    """A page, newest first; `across` merges the newest of every tenant."""
    conditions = [FILTERS[name] for name in sorted(filters)]
    limit = bindparam("limit", type_=Integer)
    page = select(*acceptance_filings.c)
    if not across:
        own = page.where(F.tenant_id == _tenant, *conditions, scope_ready())
        return Statement(own.order_by(F.filed_at.desc(), F.id.desc()).limit(limit))
    newest = page.where(F.tenant_id == tenant_local.c.tenant_id, *conditions)
    newest = newest.order_by(F.filed_at.desc(), F.id.desc()).limit(limit)
    each = lateral(newest.correlate(tenant_local), name="newest")
    merged = select(*each.c).select_from(tenant_local.join(each, literal_column("true"))).where(scope_ready())
    return Statement(merged.order_by(each.c.filed_at.desc(), each.c.id.desc()).limit(limit))
