"""Every SELECT of approvals, filings and queries."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)

from service.filings.models import filing_queries, filings
from service.identity.models import tenants
from service.kit.keyed import key_of
from service.kit.listing import Listing, Order, among
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.projects.models import approvals, projects
from service.projects.models_records import project_records

F = filings.c
Q = filing_queries.c
P = projects.c
R = project_records.c

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
    .where(F.tenant_id == TENANT_ID, F.id == ROW_ID, scope_ready())
)
APPROVAL = Statement(
    select(*approvals.c, tenants.c.name.label("tenant_name"))
    .select_from(approvals.join(tenants, tenants.c.id == approvals.c.tenant_id))
    .where(approvals.c.tenant_id == TENANT_ID, approvals.c.project_id == ROW_ID, scope_ready())
    .order_by(approvals.c.edition.desc())
    .limit(1)
)
TENANT_NAME = Statement(select(tenants.c.name).where(tenants.c.id == TENANT_ID))
SUPPLEMENTS = Statement(
    select(R.content)
    .where(
        R.tenant_id == TENANT_ID,
        R.project_id == bindparam("project_id", type_=Uuid(as_uuid=False)),
        R.kind == literal_column("'file_supplement'"),
        scope_ready(),
    )
    .order_by(R.at, R.id)
)
QUERIES = Statement(
    select(*filing_queries.c)
    .where(Q.tenant_id == TENANT_ID, Q.filing_id == ROW_ID, scope_ready())
    .order_by(Q.asked_at, Q.id)
)
QUERY = Statement(select(*filing_queries.c).where(Q.tenant_id == TENANT_ID, Q.id == ROW_ID, scope_ready()))

_COLUMNS: tuple[ColumnElement[Any], ...] = (
    *IN_FORCE,
    F.tenant_id,
    F.id,
    F.number,
    F.project_id,
    F.project_name,
    F.owner_name,
    F.approved_fen,
    F.filed_by,
    F.filed_at,
)


# The list and its export: the same rows.
LISTING = Listing(
    name="filings",
    path="/filings",
    columns=_COLUMNS,
    source=WITH_CASE,
    row=(F.tenant_id, F.id),
    tenants=(F.tenant_id,),
    filters={
        "number": key_of(projects, "filing_key") == bindparam("number", type_=Text),
        "year": among(F.year, "year"),
        "project_id": among(F.project_id, "project_id"),
        "owner_office_id": among(F.office_id, "owner_office_id"),
    },
    orders={"newest": Order((("filed_at", F.filed_at), ("id", F.id)), descending=True)},
    keys=frozenset({"number"}),
)
