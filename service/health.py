"""/livez, /readyz, /metrics: for operators, without authentication and without content."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, get
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse
from sqlalchemy import func, select

from service.identity.models import tenants
from service.kit.api import Services
from service.kit.authn import Revocations
from service.kit.clock import timestamp
from service.kit.db import RELAY, Statement
from service.kit.errors import RETRY_AFTER
from service.kit.telemetry import Telemetry

_PING = Statement(select(func.count().label("tenants")).select_from(tenants))


@get("/livez", include_in_schema=False, name="livez")
async def livez() -> ASGIResponse:
    """The process answers."""
    return ASGIResponse(body=b"ok", media_type="text/plain")


@get("/readyz", include_in_schema=False, name="readyz")
async def readyz(request: Request[Any, Any, Any]) -> ASGIResponse:
    """The database answers and revocations are fresh: else 503 and no traffic should come."""
    services: Services = request.app.state.services
    fresh = not services.shelf[Revocations].stale(timestamp())
    ping = asyncio.create_task(services.door.row(RELAY, _PING))
    done, _ = await asyncio.wait({ping}, timeout=2)
    if not done:
        ping.cancel()  # not waited for: a server that hangs must not hang this answer
    fresh = fresh and bool(done) and ping.exception() is None
    if fresh:
        return ASGIResponse(body=b"ready", media_type="text/plain")
    return ASGIResponse(
        body=b"not ready", status_code=503, media_type="text/plain", headers={"retry-after": str(RETRY_AFTER)}
    )


@get("/metrics", include_in_schema=False, name="metrics")
async def metrics(request: Request[Any, Any, Any]) -> ASGIResponse:
    """Prometheus text."""
    telemetry: Telemetry = request.app.state.services.shelf[Telemetry]
    return ASGIResponse(body=telemetry.render(), media_type="text/plain; version=0.0.4")


ROUTES: list[HTTPRouteHandler] = [livez, readyz, metrics]
