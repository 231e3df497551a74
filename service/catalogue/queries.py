"""Every SELECT of shared apps. A reader meets only rows of its own tenant: the copies that reached it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Text,
    Uuid,
    bindparam,
    func,
    literal_column,
    select,
)

from service.catalogue.models import app_entries, app_uses, apps, provisions
from service.identity.models import divisions, offices, tenants
from service.kit.listing import Order, among, listing_of
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready

A = apps.c
E = app_entries.c
U = app_uses.c
_provider = bindparam("provider", type_=Text)

# The provider's own working copies.
APP = Statement(
    select(*apps.c, offices.c.name.label("provider_name"), offices.c.tier.label("provider_tier"))
    .select_from(apps.join(offices, (offices.c.tenant_id == A.tenant_id) & (offices.c.id == A.office_id)))
    .where(A.tenant_id == TENANT_ID, A.id == ROW_ID, scope_ready())
)
OF_PROJECT = Statement(
    select(A.id).where(
        A.tenant_id == TENANT_ID,
        A.source_project == bindparam("project", type_=Uuid(as_uuid=False)),
        scope_ready(),
    )
)
WORKING = listing_of(
    apps,
    name="apps-working",
    path="/apps/working",
    filters={"status": among(A.status, "status")},
    orders={"changed": Order((("updated_at", A.updated_at), ("id", A.id)), descending=True)},
)


def _offices(app: Any, provider: Any) -> ColumnElement[int]:
    """How many offices use the app, as reported to this tenant."""
    total = func.coalesce(func.sum(U.offices), literal_column("0"))
    return (
        select(total)
        .where(U.tenant_id == TENANT_ID, U.provider_tenant == provider, U.app_id == app)
        .correlate(app_entries)
        .scalar_subquery()
    )


_SUMMARY = func.coalesce(
    func.jsonb_extract_path_text(E.content, literal_column("'summary'")), literal_column("''")
)


def _visible(*columns: Any) -> Statement:
    """All published apps that this tenant may see: the catalogue is small, ranking and facets want all of it."""
    used = _offices(E.app_id, E.provider_tenant).label("used_by")
    chosen = select(*columns, _SUMMARY.label("summary"), used).where(E.tenant_id == TENANT_ID, scope_ready())
    return Statement(chosen.order_by(E.provider_tenant, E.app_id))


# Without what only searching reads (remembered.py).
LISTED = _visible(*(column for column in app_entries.c if column.name != "content"))
ENTRY = Statement(
    select(*app_entries.c).where(
        E.tenant_id == TENANT_ID, E.provider_tenant == _provider, E.app_id == ROW_ID, scope_ready()
    )
)
USED_BY = Statement(
    select(U.adopter_tenant, tenants.c.name.label("tenant_name"), U.offices)
    .select_from(app_uses.join(tenants, tenants.c.id == U.adopter_tenant))
    .where(
        U.tenant_id == TENANT_ID,
        U.provider_tenant == _provider,
        U.app_id == ROW_ID,
        U.offices > literal_column("0"),
        scope_ready(),
    )
    .order_by(U.offices.desc(), U.adopter_tenant)
)
# Whoever uses the app or waits for it, in the provider's tenant.
OPEN_PROVISIONS = Statement(
    select(provisions.c.id)
    .where(
        provisions.c.tenant_id == TENANT_ID,
        provisions.c.app_id == ROW_ID,
        provisions.c.state.in_(
            [literal_column(f"'{state}'") for state in ("confirmed", "active", "suspended")]
        ),
        scope_ready(),
    )
    .limit(literal_column("1"))
)
TENANTS = Statement(select(tenants.c.id, tenants.c.name, tenants.c.tier).order_by(tenants.c.id))
COUNTIES = Statement(
    select(divisions.c.code, divisions.c.name, divisions.c.parent)
    .where(divisions.c.tier == literal_column("'county'"))
    .order_by(divisions.c.code)
)
