"""登录情况: where one is signed in, since when, last used when; each ended by itself, or all of them."""

from __future__ import annotations

from typing import cast
from urllib.parse import quote

from litestar.handlers import HTTPRouteHandler

from service.console.account import left
from service.console.pages import page, render, see
from service.console.sso import sign_in_of, tried_of
from service.console.visiting import Visit
from service.identity.own_sessions import Own, OwnSessions
from service.kit.handler import Rendered
from service.kit.refusals import reading, refusals
from service.signin.trips import PROVES


@page("GET", PROVES)
async def sessions(visit: Visit) -> Rendered:
    """The list; where this browser proved nobody of late, the way to prove it instead of the buttons."""
    with reading():
        found = await _own(visit).listed(visit.principal)
        providers = await sign_in_of(visit.services).listed(visit.principal.tenant)
    names = {each.id: each.name for each in providers}
    rows = [(each, _came(each, names)) for each in found.sessions]
    return render(visit, "sessions.html", rows=rows, proved=found.proved, address=_again(visit, found.here))


@page("POST", PROVES)
async def end(visit: Visit) -> Rendered:
    """结束 one, or 全部 with this one; the list is shown again where this one goes on."""
    one = visit.field("which")
    with refusals():
        over = await _own(visit).end(
            visit.principal, tried_of(visit.request, visit.request_id), None if visit.field("all") else {one}
        )
    if over is None:
        return see(PROVES)
    return left(visit, None if over.issuer is None else f"{visit.principal.tenant}.{over.issuer}")


def _own(visit: Visit) -> OwnSessions:
    return cast(OwnSessions, visit.services.shelf[OwnSessions])


def _came(each: Own, names: dict[str, str]) -> str:
    """By whom one came in, in words."""
    if each.issuer is not None:
        return names.get(each.issuer, "统一身份认证")
    return "政务门户" if each.client is not None else "演示入口"


def _again(visit: Visit, here: Own | None) -> str:
    """Where one proves oneself anew; empty where that is a portal's, which we cannot ask."""
    if here is not None and here.issuer is not None:
        return f"/console/sso/{visit.principal.tenant}/{here.issuer}?to={quote(PROVES)}"
    return "" if here is not None and here.client is not None else f"/console/enter?to={quote(PROVES)}"


ROUTES: list[HTTPRouteHandler] = [sessions, end]
