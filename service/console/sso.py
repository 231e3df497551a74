"""Signing in by a tenant's identity provider, its word that a session is over, and its way out."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

import msgspec
from litestar import Request
from litestar.handlers import HTTPRouteHandler

from service.console.front import Console
from service.console.own import own_page
from service.console.pages import page, see
from service.console.visiting import Visit
from service.identity.api_tokens import decode_form
from service.identity.trying import Try
from service.kit.address import Hop
from service.kit.api import Services
from service.kit.errors import ServiceError
from service.kit.handler import Handler, Rendered
from service.kit.id_tokens import Rejected
from service.kit.providers import Unreachable
from service.kit.refusals import reading, refusals
from service.signin.flow import SignIn

_AT = "/console/sso/{tenant:str}/{issuer:str}"
_MOST = 600  # characters of an address to go on to


def console_of(visit: Visit) -> Console:
    return cast(Console, visit.services.shelf[Console])


def sign_in_of(services: Services) -> SignIn:
    return cast(SignIn, services.shelf[SignIn])


def tried_of(request: Request[Any, Any, Any], request_id: str) -> Try:
    """Where a sign-in comes from."""
    return Try(cast(Hop, request.scope["tj.address"]).text, request_id)  # type: ignore[typeddict-item]


@page("GET", _AT, known=False)
async def start(visit: Visit) -> Rendered:
    """To the provider, with a cookie that only this browser has.

    Whoever is sent here by another site's page chooses on ours first: nobody is signed in by what he did not ask for.
    """
    to = own_page(visit.query.get("to", ""))[:_MOST]
    if visit.request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return see(f"/console/enter?{urlencode({'tenant': visit.part('tenant'), 'to': own_page(to)})}")
    with reading():
        address, trip = await sign_in_of(visit.services).start(
            visit.part("tenant"), visit.part("issuer"), own_page(to)
        )
    answer = see(address)
    return Rendered(answer.status, {**answer.headers, "set-cookie": console_of(visit).trip_cookie(trip)}, b"")


@page("GET", f"{_AT}/back", known=False)
async def back(visit: Visit) -> Rendered:
    """From the provider: a new session always, whatever the browser came with."""
    console, scope = console_of(visit), visit.request.scope
    with refusals():
        cookie, to = await sign_in_of(visit.services).finish(
            visit.part("tenant"),
            visit.part("issuer"),
            visit.query,
            console.cookie(scope, trip=True),  # type: ignore[arg-type]
            tried_of(visit.request, visit.request_id),
        )
        if old := console.cookie(scope):  # type: ignore[arg-type]
            await console.sessions.end(old)
    answer = see(own_page(to) or "/console")
    return Rendered(answer.status, {**answer.headers, "set-cookie": console.set_cookie(cookie)}, b"")


@page("GET", f"{_AT}/out", known=False)
async def out(visit: Visit) -> Rendered:
    """To where the provider ends its own session; to our own page where it has no such place."""
    with reading():
        place = await sign_in_of(visit.services).way_out(visit.part("tenant"), visit.part("issuer"))
    return see(place or "/console/enter")


async def _logout(request: Request[Any, Any, Any]) -> Rendered:
    """Back-channel logout: 200 when it is over, 400 for what is no logout token of this provider, nothing more told."""
    services: Services = request.app.state.services
    parts, request_id = request.path_params, cast(str, request.scope.get("tj.request_id", ""))
    try:
        form = decode_form(
            cast(bytes, request.scope.get("tj.body", b"")), request.headers.get("content-type", "")
        )
        with refusals():
            await sign_in_of(services).logged_out(
                str(parts["tenant"]),
                str(parts["issuer"]),
                form.get("logout_token", ""),
                tried_of(request, request_id),
            )
    except Unreachable:
        return _told(503, "temporarily_unavailable")
    except Rejected:
        return _told(400, "invalid_request")
    except ServiceError as error:
        return _told(error.status, "temporarily_unavailable" if error.status == 503 else "invalid_request")
    return Rendered(200, {}, b"")


def _told(status: int, error: str) -> Rendered:
    return Rendered(status, {"content-type": "application/json"}, msgspec.json.encode({"error": error}))


ROUTES: list[HTTPRouteHandler] = [
    start,
    back,
    out,
    Handler(f"{_AT}/logout", http_method=["POST"], include_in_schema=False, name="console_sso_logout")(
        _logout
    ),
]
