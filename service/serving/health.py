"""/livez, /readyz, /metrics: for operators, without authentication and without content."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse
from sqlalchemy import func, select

from service.identity.models import tenants
from service.kit.address import Hop, is_within, vouched
from service.kit.api import Error, Services, Spec
from service.kit.authn import Revocations
from service.kit.clock import timestamp
from service.kit.db import RELAY, Door, Scope
from service.kit.errors import ServiceError, not_found
from service.kit.statements import Statement
from service.kit.telemetry import Telemetry
from service.settings import Settings

_PING = Statement(select(func.count().label("tenants")).select_from(tenants))
_SCOPES = (RELAY, Scope("tenant", ""), Scope("province", ""))
_PATIENCE = 2.0  # seconds that a connection may take
NOT_READY = Error(503, "not_ready", "数据库不可用，或吊销记录不够新")


class Readiness:
    """Whether this process can serve: each of its pools lends a connection that answers, revocations are fresh.

    A pool whose connections are all lent makes everybody wait, so traffic had better go elsewhere. However many ask,
    one looks.
    """

    def __init__(self, door: Door, revocations: Revocations) -> None:
        self._door, self._revocations = door, revocations
        self._look: asyncio.Task[bool] | None = None

    async def ready(self) -> bool:
        """The answer of the look that is under way, or of a new one."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._ask(), name="readiness")
        # Shielded: who hangs up must not end the looking for the others.
        return await asyncio.shield(self._look) and not self._revocations.stale(timestamp())

    async def _ask(self) -> bool:
        pings = {asyncio.create_task(self._door.row(scope, _PING)) for scope in _SCOPES}
        done, late = await asyncio.wait(pings, timeout=_PATIENCE)
        for ping in late:
            ping.cancel()  # not waited for: a server that hangs must not hang this answer
        return not late and all(ping.exception() is None for ping in done)


_LIVEZ, _READYZ = (
    Spec(
        method="GET",
        path=f"/{name}",
        operation_id=f"health_{name}",
        summary=summary,
        description=description,
        tag="health",
        resource="",
        action="",
        status=200,
        answer=bytes,
        media_type="text/plain",
        errors=errors,
    )
    for name, summary, description, errors in (
        ("livez", "进程在运行", "供负载均衡和监控使用，不需要令牌。", ()),
        ("readyz", "可以受理请求", "数据库可用且吊销记录是新的；否则 503，请求应发往别处。", (NOT_READY,)),
    )
)


@get("/livez", opt={"spec": _LIVEZ, "root": True}, include_in_schema=False, name="livez")
async def livez() -> ASGIResponse:
    """The process answers."""
    return ASGIResponse(body=b"ok", media_type="text/plain")


@get("/readyz", opt={"spec": _READYZ, "root": True}, include_in_schema=False, name="readyz")
async def readyz(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Else 503, and no traffic should come."""
    services: Services = request.app.state.services
    fine = await cast(Readiness, services.shelf[Readiness]).ready()
    if not fine:
        raise ServiceError(NOT_READY.status, NOT_READY.code, "暂不能受理请求，请稍后再试")
    return ASGIResponse(body=b"ready", media_type="text/plain")


@get("/metrics", include_in_schema=False, name="metrics")
async def metrics(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Prometheus text, for the networks of the settings; to everybody else there is no such address."""
    services: Services = request.app.state.services
    settings: Settings = services.shelf[Settings]
    hop = cast(Hop, request.scope["tj.address"])  # type: ignore[typeddict-item]
    # Through a proxy that we do not know everybody would come from the proxy's own address.
    known = vouched(Hop.of(request.scope["client"]), request.scope["headers"], settings.trusted_proxies)
    # Where it has a port of its own, nothing of it is to be had where everybody calls.
    if settings.metrics_port or not (known and is_within(hop.address, settings.metrics_networks)):
        raise not_found()
    telemetry: Telemetry = services.shelf[Telemetry]
    return ASGIResponse(body=telemetry.render(), media_type="text/plain; version=0.0.4")


ROUTES: list[HTTPRouteHandler] = [livez, readyz, metrics]
