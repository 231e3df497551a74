"""Every SELECT of approvals, filings and queries."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    tuple_,
)

from service.filings.models import filing_queries, filings
from service.identity.models import tenant_local, tenants
from service.kit.statements import Statement, bounded, scope_ready
from service.projects.models import approvals, project_records, projects

F = filings.c
Q = filing_queries.c
P = projects.c
R = project_records.c
_tenant = bindparam("tenant_id", type_=Text)
_id = bindparam("id", type_=Uuid(as_uuid=False))

# The first receipt stays what it was; what is in force, and what of it is told, stands on the case (R27).
IN_FORCE: tuple[ColumnElement[Any], ...] = (
    func.coalesce(P.approved_fen, F.approved_fen).label("in_force_fen"),
    func.coalesce(cast(P.dated[("filed", "supplements")].astext, Integer), literal_column("0")).label(
        "supplements"
    ),
    (
        func.coalesce(func.jsonb_array_length(P.dated[("amended", "documents")]), literal_column("0"))
        > literal_column("0")
    ).label("supplement_owed"),
)
WITH_CASE = filings.outerjoin(projects, and_(P.tenant_id == F.tenant_id, P.id == F.project_id))
FILING = Statement(
    # The portal's own number of the case goes with everything that is told of it.
    select(*filings.c, *IN_FORCE, P.external_ref)
    .select_from(WITH_CASE)
    .where(F.tenant_id == _tenant, F.id == _id, scope_ready())
)
APPROVAL = Statement(
    select(*approvals.c, tenants.c.name.label("tenant_name"))
    .select_from(approvals.join(tenants, tenants.c.id == approvals.c.tenant_id))
    .where(approvals.c.tenant_id == _tenant, approvals.c.project_id == _id, scope_ready())
    .order_by(approvals.c.edition.desc())
    .limit(1)
)
TENANT_NAME = Statement(select(tenants.c.name).where(tenants.c.id == _tenant))
SUPPLEMENTS = Statement(
    select(R.content)
    .where(
        R.tenant_id == _tenant,
        R.project_id == bindparam("project_id", type_=Uuid(as_uuid=False)),
        R.kind == literal_column("'file_supplement'"),
        scope_ready(),
    )
    .order_by(R.at, R.id)
)
QUERIES = Statement(
    select(*filing_queries.c)
    .where(Q.tenant_id == _tenant, Q.filing_id == _id, scope_ready())
    .order_by(Q.asked_at, Q.id)
)
QUERY = Statement(select(*filing_queries.c).where(Q.tenant_id == _tenant, Q.id == _id, scope_ready()))

FILTERS: dict[str, ColumnElement[bool]] = {
    "number": F.number == bindparam("number", type_=Text),
    "project_id": F.project_id == bindparam("project_id", type_=Uuid(as_uuid=False)),
    "owner_office_id": F.office_id == bindparam("owner_office_id", type_=Uuid(as_uuid=False)),
    "after": tuple_(F.filed_at, F.id)
    < tuple_(
        bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid(as_uuid=False))
    ),
}
_COLUMNS: tuple[ColumnElement[Any], ...] = (
    *IN_FORCE, F.tenant_id, F.id, F.number, F.project_id, F.project_name, F.owner_name, F.approved_fen, F.filed_by,
    F.filed_at,
)  # fmt: skip


@cache
def list_statement(filters: frozenset[str], *, across: bool) -> Statement:
    """A page, newest first; `across` merges the newest of every tenant."""
    conditions = [FILTERS[name] for name in sorted(filters)]
    limit = bindparam("limit", type_=Integer)
    order: tuple[Any, ...] = (F.filed_at.desc(), F.id.desc())
    if not across:
        own = (
            select(*_COLUMNS).select_from(WITH_CASE).where(F.tenant_id == _tenant, *conditions, scope_ready())
        )
        return Statement(bounded(own.order_by(*order).limit(limit)))
    newest = (
        select(*_COLUMNS)
        .select_from(WITH_CASE)
        .where(F.tenant_id == tenant_local.c.tenant_id, *conditions)
        .order_by(*order)
        .limit(limit)
    )
    each = bounded(newest.correlate(tenant_local)).lateral("newest")
    merged = select(*each.c).select_from(tenant_local.join(each, literal_column("true"))).where(scope_ready())
    return Statement(merged.order_by(each.c.filed_at.desc(), each.c.id.desc()).limit(limit))
