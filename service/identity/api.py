"""/me, and all of identity's routes in one list."""

from __future__ import annotations

from datetime import UTC, datetime

from litestar.handlers import HTTPRouteHandler

from service.identity import (
    api_clients,
    api_contacts,
    api_deputies,
    api_discovery,
    api_hand_over,
    api_offices,
    api_tokens,
    api_users,
)
from service.identity.queries import ME_CLIENT, ME_USER
from service.identity.schemas import Me, MeOffice, StandingView, TenantView
from service.kit.api import Answer, Call, operation
from service.kit.errors import not_found
from service.kit.ids import Ref


@operation("GET", "/me", resource="me", action="read", summary="本人信息", tag="me", answer=Me)
async def me(call: Call) -> Answer:
    """当前令牌代表谁：地区、层级、单位、角色、客户端和到期时间。"""
    who = call.principal
    office: MeOffice | None = None
    if who.user is not None:
        row = await call.door.row(call.scope, ME_USER, tenant_id=who.tenant, id=who.user)
    else:
        row = await call.door.row(call.scope, ME_CLIENT, tenant_id=who.tenant, client=who.client)
    if row is None:
        raise not_found()
    if who.user is not None:
        office = MeOffice(
            id=str(Ref(who.tenant, row["office_id"])),
            office_id=row["office_id"],
            name=row["office_name"],
            division=row["division"],
            bound=who.office is not None,
        )
    return Answer(
        Me(
            tenant=TenantView(who.tenant, row["tenant_name"], row["tenant_division"]),
            tier=who.tier,
            office=office,
            roles=list(who.roles),
            standing=[StandingView(each.role, f"user:{who.tenant}:{each.login}") for each in who.deputed],
            user=None if who.user is None else str(Ref(who.tenant, who.user)),
            login=who.login,
            name=row["name"],
            client=None if who.client is None else f"{who.tenant}.{who.client}",
            expires_at=datetime.fromtimestamp(who.expires, UTC),
        )
    )


ROUTES: list[HTTPRouteHandler] = [
    me,
    *api_offices.ROUTES,
    *api_users.ROUTES,
    *api_clients.ROUTES,
    *api_contacts.ROUTES,
    *api_deputies.ROUTES,
    *api_tokens.ROUTES,
    *api_hand_over.ROUTES,
]
ROOT_ROUTES: list[HTTPRouteHandler] = [*api_tokens.ROOT_ROUTES, *api_discovery.ROOT_ROUTES]
