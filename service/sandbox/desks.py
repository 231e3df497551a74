"""Who can be played: the people of one's own city and of the province, as tokens would name them."""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlalchemy import select

from service.identity.models import users
from service.identity.queries import LOGIN
from service.identity.token_holders import holder_of
from service.kit.authn import Principal
from service.kit.call import Call
from service.kit.db import Row, tenant_scope
from service.kit.errors import ServiceError
from service.kit.scopes import office_of
from service.kit.statements import TENANT_ID, Statement, scope_ready
from service.province import CODE

PROVINCE = CODE
_LOGINS = Statement(
    select(users.c.login)
    .where(users.c.tenant_id == TENANT_ID, users.c.disabled_at.is_(None), scope_ready())
    .order_by(users.c.login)
)


def tenants_of(call: Call) -> tuple[str, ...]:
    """Whose desks the portal plays: those of its own city first, then the province's."""
    return (call.principal.tenant, PROVINCE)


async def person(call: Call, tenant: str, login: str) -> tuple[Principal, Row] | None:
    """Somebody as a token of his would say, through the portal that plays him; None for nobody who could have one."""
    row = await call.door.row(tenant_scope(tenant), LOGIN, tenant_id=tenant, login=login)
    try:
        holder = holder_of(row, None, call.services.policy.roles, call.now.timestamp())
    except ServiceError:
        return None
    who, found = call.principal, holder.row
    seat = found["office_id"]
    played = Principal(
        tenant,
        found["tier"],
        found["id"],
        found["login"],
        who.client,
        office_of(holder.roles, seat),
        holder.roles,
        who.expires,
        who.token_id,
        who.issued,
        seat,
        holder.deputed,
    )
    return played, found


async def everybody(call: Call) -> AsyncIterator[tuple[Principal, Row]]:
    """All who can be played; city's and province's organs before the counties' people, who are many."""
    for counties in (False, True):
        for tenant in tenants_of(call):
            for row in await call.door.fetch(tenant_scope(tenant), _LOGINS, tenant_id=tenant):
                if row["login"][:1].isdigit() is counties:
                    found = await person(call, tenant, row["login"])
                    if found is not None:
                        yield found
