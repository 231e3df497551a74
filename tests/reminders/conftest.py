"""A world whose deployment has both ways out, a mail server, and the worker's part by hand."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from service.kit import clock
from service.kit.db import Door
from service.kit.http import system_lookup
from service.kit.own_servers import OwnServers
from service.kit.relay import drain, sweep
from service.kit.telemetry import Telemetry
from service.reminders.jobs import Reminders, reminders_of
from service.settings import Settings
from service.worker import REMINDING
from tests.reminders.post import Post, post
from tests.webhooks.receiver import Receiver, receiving
from tests.worlds import world

SECRET = base64.b64encode(bytes(range(32))).decode()
settings, app, door, client, token, as_user = world(
    smtp_host="127.0.0.1",
    smtp_security="none",
    smtp_from="tongjian@example.gov.cn",
    reminder_timeout_s=5,
    gateway_url="http://127.0.0.1:9/send",
    gateway_secret=SECRET,
    reminders_per_hour=2,
)


class Worker(NamedTuple):
    """The worker's reminders, step by step, on a real mail server and a real gateway."""

    reminders: Reminders
    post: Post
    gateway: Receiver
    door: Door
    telemetry: Telemetry

    async def carry(self) -> None:
        """Events to whom they reach."""
        tenants: set[str] = set()
        await sweep(self.door, tenants.add, self.telemetry)
        for tenant in sorted(tenants):
            await drain(self.door, tenant, REMINDING, self.telemetry)

    async def send(self) -> None:
        """Makes what is owed and sends what is due, until nothing is."""
        await self.reminders.make()
        await self.reminders.bench.quiet(120)  # making rings: what is under way by itself is not sent twice
        keys: set[tuple[str, str]] = set()
        await self.reminders.sender.sweep(keys.add)
        for key in sorted(keys):
            while await self.reminders.sender.round(key):
                pass

    async def go(self) -> None:
        await self.carry()
        await self.send()


@pytest.fixture
async def worker(settings: Settings, door: Door) -> AsyncIterator[Worker]:
    telemetry = Telemetry()
    async with post() as server, receiving() as gateway, AsyncExitStack() as stack:
        here = replace(settings, smtp_port=server.port, gateway_url=gateway.url)
        own = OwnServers((), system_lookup)
        made = await reminders_of(here, door, own, telemetry, stack)
        assert made is not None
        yield Worker(made, server, gateway, door, telemetry)


@pytest.fixture
def at() -> Iterator[Callable[[str], None]]:
    """at("2026-03-02 09:00") goes to that time in Jiangxi."""

    def go(when: str) -> None:
        clock.travel(datetime.fromisoformat(f"{when}:00+08:00").astimezone(UTC))

    yield go
    clock.travel(None)


@pytest.fixture
def set_up(as_user: Any, worker: Worker) -> Callable[..., Awaitable[Any]]:
    """await set_up("360100", "gatekeeper", mode="at_once") → the person, his address proved by the code he got."""

    async def make(tenant: str, login: str, address: str = "", channel: str = "mail", **more: Any) -> Any:
        caller = as_user(tenant, login)
        address = address or f"{login}@{tenant}.example.gov.cn"
        answer = await caller("PATCH", "/me/notifications", {"channel": channel, "address": address, **more})
        assert answer.status_code == 200, answer.text
        if answer.json()["verified_at"] is None:
            await worker.send()
            told = (
                worker.post.texts(address)[-1] if channel == "mail" else worker.gateway.got[-1].body.decode()
            )
            digits = told.partition("验证码 ")[2][:6]
            proved = await caller("POST", "/me/notifications/verify", {"code": digits})
            assert proved.status_code == 200, proved.text
            worker.post.got.clear()
            worker.gateway.got.clear()
        return caller

    return make
