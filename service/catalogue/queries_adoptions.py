"""Every SELECT of adoptions (the adopter's side), provisions (the provider's) and coverage."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    DateTime,
    Text,
    Uuid,
    bindparam,
    func,
    literal_column,
    select,
)

from service.catalogue.models import (
    adoption_steps,
    adoption_usage,
    adoptions,
    provision_usage,
    provisions,
)
from service.identity.models import offices
from service.kit.listing import Order, among, listing_of
from service.kit.statements import ROW_ID, TENANT_ID, Statement, scope_ready
from service.measures.adoption import LIVE
from service.rulebook.queries import rule_changes

D = adoptions.c
P = provisions.c
_at = bindparam("after_at", type_=DateTime(timezone=True))
_after = bindparam("after_id", type_=Uuid(as_uuid=False))
_live: list[Any] = [literal_column(f"'{state.value}'") for state in LIVE]

# The asking office, and how many run-time changes of the rules stand beside it (rulebook/book.py).
ASKING = Statement(
    select(*offices.c, rule_changes(TENANT_ID).label("rule_changes"))
    .where(offices.c.tenant_id == TENANT_ID, offices.c.id == ROW_ID)
    .with_for_update(key_share=True, read=True)  # it does not end meanwhile (identity/reorganising.py)
)
ADOPTION = Statement(select(*adoptions.c).where(D.tenant_id == TENANT_ID, D.id == ROW_ID, scope_ready()))
STEPS = Statement(
    select(*adoption_steps.c)
    .where(adoption_steps.c.tenant_id == TENANT_ID, adoption_steps.c.adoption_id == ROW_ID, scope_ready())
    .order_by(adoption_steps.c.at, adoption_steps.c.id)
)
USAGE = Statement(
    select(*adoption_usage.c)
    .where(adoption_usage.c.tenant_id == TENANT_ID, adoption_usage.c.adoption_id == ROW_ID, scope_ready())
    .order_by(adoption_usage.c.month)
)
_app = bindparam("app", type_=Uuid(as_uuid=False))
ADOPTIONS = listing_of(
    adoptions,
    name="adoptions",
    path="/adoptions",
    filters={
        "state": among(D.state, "state"),
        "app": (D.provider_tenant == bindparam("provider", type_=Text)) & (D.app_id == _app),
    },
    orders={"newest": Order((("requested_at", D.requested_at), ("id", D.id)), descending=True)},
)


PROVISION = Statement(select(*provisions.c).where(P.tenant_id == TENANT_ID, P.id == ROW_ID, scope_ready()))
PROVISIONS = listing_of(
    provisions,
    name="provisions",
    path="/provisions",
    filters={"state": among(P.state, "state"), "app": P.app_id == _app},
    orders={"changed": Order((("updated_at", P.updated_at), ("id", P.id)), descending=True)},
)


# How many other offices of an adopter's tenant use the app.
USED_ELSEWHERE = Statement(
    select(func.count().label("offices")).where(
        P.tenant_id == TENANT_ID,
        P.app_id == _app,
        P.adopter_tenant == bindparam("adopter", type_=Text),
        P.state == literal_column("'active'"),
        P.id != ROW_ID,
        scope_ready(),
    )
)
REPORTED = Statement(
    select(*provision_usage.c)
    .where(provision_usage.c.tenant_id == TENANT_ID, provision_usage.c.provision_id == ROW_ID, scope_ready())
    .order_by(provision_usage.c.month)
)


@cache
def coverage_statement(*, across: bool) -> Statement:
    """How many offices of a division stand where with an app, over one tenant or all."""
    keys = (D.provider_tenant, D.app_id, D.division, D.state)
    counted = select(*keys, func.count().label("offices")).where(D.state.in_(_live), scope_ready())
    if not across:
        counted = counted.where(D.tenant_id == TENANT_ID)
    return Statement(counted.group_by(D.tenant_id, *keys))
