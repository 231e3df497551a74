"""Every SELECT of adoptions (the adopter's side), provisions (the provider's) and coverage."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Text,
    Uuid,
    bindparam,
    func,
    lateral,
    literal_column,
    select,
    tuple_,
)

from service.catalogue.models import (
    adoption_steps,
    adoption_usage,
    adoptions,
    provision_usage,
    provisions,
)
from service.identity.models import offices, tenant_local
from service.kit.statements import Statement, scope_ready
from service.measures.adoption import LIVE
from service.rulebook.queries import rule_changes

D = adoptions.c
P = provisions.c
_tenant = bindparam("tenant_id", type_=Text)
_id = bindparam("id", type_=Uuid(as_uuid=False))
_at = bindparam("after_at", type_=DateTime(timezone=True))
_after = bindparam("after_id", type_=Uuid(as_uuid=False))
_limit = bindparam("limit", type_=Integer)
_live: list[Any] = [literal_column(f"'{state.value}'") for state in LIVE]

# The asking office, and how many run-time changes of the rules stand beside it (rulebook/book.py).
ASKING = Statement(
    select(*offices.c, rule_changes(_tenant).label("rule_changes"))
    .where(offices.c.tenant_id == _tenant, offices.c.id == _id)
    .with_for_update(key_share=True, read=True)  # it does not end meanwhile (identity/reorganising.py)
)
ADOPTION = Statement(select(*adoptions.c).where(D.tenant_id == _tenant, D.id == _id, scope_ready()))
STEPS = Statement(
    select(*adoption_steps.c)
    .where(adoption_steps.c.tenant_id == _tenant, adoption_steps.c.adoption_id == _id, scope_ready())
    .order_by(adoption_steps.c.at, adoption_steps.c.id)
)
USAGE = Statement(
    select(*adoption_usage.c)
    .where(adoption_usage.c.tenant_id == _tenant, adoption_usage.c.adoption_id == _id, scope_ready())
    .order_by(adoption_usage.c.month)
)
_app = bindparam("app", type_=Uuid(as_uuid=False))
_FILTERS: dict[str, ColumnElement[bool]] = {
    "state": D.state == bindparam("state", type_=Text),
    "app": (D.provider_tenant == bindparam("provider", type_=Text)) & (D.app_id == _app),
    "after": tuple_(D.requested_at, D.id) < tuple_(_at, _after),
}


@cache
def adoption_page(filters: frozenset[str], *, across: bool) -> Statement:
    """A page, newest first; `across` merges the newest of every tenant (docs/decisions/0165, rule 8)."""
    conditions = [_FILTERS[name] for name in sorted(filters)]
    order: tuple[Any, ...] = (D.requested_at.desc(), D.id.desc())
    if not across:
        own = select(*adoptions.c).where(D.tenant_id == _tenant, *conditions, scope_ready())
        return Statement(own.order_by(*order).limit(_limit))
    newest = select(*adoptions.c).where(D.tenant_id == tenant_local.c.tenant_id, *conditions)
    each = lateral(newest.order_by(*order).limit(_limit).correlate(tenant_local), name="newest")
    merged = select(*each.c).select_from(tenant_local.join(each, literal_column("true"))).where(scope_ready())
    return Statement(merged.order_by(each.c.requested_at.desc(), each.c.id.desc()).limit(_limit))


PROVISION = Statement(select(*provisions.c).where(P.tenant_id == _tenant, P.id == _id, scope_ready()))
_PROVISION_FILTERS: dict[str, ColumnElement[bool]] = {
    "state": P.state == bindparam("state", type_=Text),
    "app": P.app_id == _app,
    "after": tuple_(P.updated_at, P.id) < tuple_(_at, _after),
}


@cache
def provision_page(filters: frozenset[str]) -> Statement:
    """The provider's page, the last changed first."""
    conditions = [_PROVISION_FILTERS[name] for name in sorted(filters)]
    page = select(*provisions.c).where(P.tenant_id == _tenant, *conditions, scope_ready())
    return Statement(page.order_by(P.updated_at.desc(), P.id.desc()).limit(_limit))


# How many other offices of an adopter's tenant use the app.
USED_ELSEWHERE = Statement(
    select(func.count().label("offices")).where(
        P.tenant_id == _tenant,
        P.app_id == _app,
        P.adopter_tenant == bindparam("adopter", type_=Text),
        P.state == literal_column("'active'"),
        P.id != _id,
        scope_ready(),
    )
)
REPORTED = Statement(
    select(*provision_usage.c)
    .where(provision_usage.c.tenant_id == _tenant, provision_usage.c.provision_id == _id, scope_ready())
    .order_by(provision_usage.c.month)
)


@cache
def coverage_statement(*, across: bool) -> Statement:
    """How many offices of a division stand where with an app, over one tenant or all."""
    keys = (D.provider_tenant, D.app_id, D.division, D.state)
    counted = select(*keys, func.count().label("offices")).where(D.state.in_(_live), scope_ready())
    if not across:
        counted = counted.where(D.tenant_id == _tenant)
    return Statement(counted.group_by(D.tenant_id, *keys))
