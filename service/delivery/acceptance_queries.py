"""Every SELECT of acceptance filings."""

from __future__ import annotations

from sqlalchemy import (
    Text,
    Uuid,
    bindparam,
    select,
)

from service.delivery.acceptance_models import acceptance_filings
from service.kit.listing import Order, among, listing_of
from service.kit.statements import Statement, scope_ready

F = acceptance_filings.c
_tenant = bindparam("tenant_id", type_=Text)
_id = bindparam("id", type_=Uuid(as_uuid=False))

ACCEPTANCE_FILING = Statement(
    select(*acceptance_filings.c).where(F.tenant_id == _tenant, F.id == _id, scope_ready())
)
LISTING = listing_of(
    acceptance_filings,
    name="acceptance-filings",
    path="/acceptance-filings",
    filters={"year": among(F.year, "year"), "owner_office_id": among(F.office_id, "owner_office_id")},
    orders={"newest": Order((("filed_at", F.filed_at), ("id", F.id)), descending=True)},
)
