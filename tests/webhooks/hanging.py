"""A gateway whose receivers hang until they are let go, and what the database then says of the deliveries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from service.kit.db import Door
from service.kit.http import Outbound
from service.kit.telemetry import Telemetry
from service.settings import Settings
from service.webhooks.actions_delivery import Sender
from service.webhooks.vault import Vault
from tests.notifications.events import query


class Gateway:
    """Many receivers behind one host and port: `/hang/<n>` holds its caller until `go`, the others answer."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.held: list[str] = []
        self.got: list[str] = []
        self.status = 204
        self.headers: dict[str, str] = {}
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        await request.read()
        if request.path.startswith("/hang"):
            self.held.append(request.path)
            await self.go.wait()
        self.got.append(request.path)
        return web.Response(status=self.status, headers=self.headers)


@asynccontextmanager
async def sending(door: Door, settings: Settings, timeout: float = 60) -> AsyncIterator[Sender]:
    outbound = Outbound(settings.webhook_networks, timeout=timeout)
    await outbound.open()
    try:
        yield Sender(door, outbound, Vault(settings.secret_key), Telemetry())
    finally:
        await outbound.close()


async def due(settings: Settings) -> None:
    await query(
        settings.database_url,
        "UPDATE webhook_deliveries SET next_attempt_at = now() WHERE state = 'pending'",
    )


async def pause_over(settings: Settings) -> None:
    await query(settings.database_url, "UPDATE webhook_health SET paused_until = now()")


async def states(settings: Settings) -> list[str]:
    found = await query(settings.database_url, "SELECT state FROM webhook_deliveries ORDER BY created_at, id")
    return [row["state"] for row in found]


async def the_endpoint(settings: Settings) -> tuple[str, str]:
    (row,) = await query(settings.database_url, "SELECT tenant_id, id::text FROM webhook_endpoints")
    return row["tenant_id"], row["id"]
