"""Every SELECT of acceptance filings."""

from __future__ import annotations

from sqlalchemy import (
    select,
)

from service.delivery.acceptance_models import acceptance_filings
from service.kit.listing import Order, among, listing_of
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready

F = acceptance_filings.c

ACCEPTANCE_FILING = Statement(
    select(*acceptance_filings.c).where(F.tenant_id == TENANT_ID, F.id == ROW_ID, scope_ready())
)
LISTING = listing_of(
    acceptance_filings,
    name="acceptance-filings",
    path="/acceptance-filings",
    filters={"year": among(F.year, "year"), "owner_office_id": among(F.office_id, "owner_office_id")},
    orders={"newest": Order((("filed_at", F.filed_at), ("id", F.id)), descending=True)},
)
