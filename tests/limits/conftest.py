"""Applications with limits, as many as a test wants, over one Valkey; and a Valkey that can go away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from service.kit.ids import new_id
from service.kit.limits import Limits
from service.kit.rates import LimitRates, Rate
from service.settings import Settings
from tests.worlds import running, world

settings, app, door, client, token, as_user = world()

FRESH = Rate(0.001, 10**6)  # refills so slowly that a machine's pauses change no count


class Instance:
    """One application and how to call it from an address of one's choice."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.limits: Limits = app.limits
        self._clients: dict[str, httpx.AsyncClient] = {}

    async def call(self, method: str, path: str, address: str = "192.0.2.1", **more: Any) -> httpx.Response:
        if address not in self._clients:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False, client=(address, 1))
            self._clients[address] = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")
        return await self._clients[address].request(method, path, **more)

    async def token(self, address: str = "192.0.2.1", **form: str) -> httpx.Response:
        return await self.call("POST", "/api/v1/oauth/token", address, data=form)


@pytest.fixture(scope="session")
async def two(settings: Settings) -> AsyncIterator[list[Instance]]:
    """Two applications on one database."""
    async with running(settings) as one, running(settings) as other:
        yield [Instance(one), Instance(other)]


@pytest.fixture
async def instances(settings: Settings, two: list[Instance]) -> AsyncIterator[Callable[..., Any]]:
    """instances(2, limit_anonymous=Rate(…), …) → applications over one Valkey whose counts begin at nothing."""
    used: list[Limits] = []

    async def make(count: int = 1, **given: Any) -> list[Instance]:
        defaults: dict[str, Any] = {f"limit_{name}": value for name, value in LimitRates()._asdict().items()}
        defaults["limit_longest_wait_s"] = defaults.pop("limit_longest_wait")
        # Nobody here waits for a machine that is busy with other work; away is tested by what never answers.
        defaults["valkey_timeout_ms"] = 60_000
        made, prefix = replace(settings, **(defaults | given)), f"test:{new_id()}:"
        for each in two[:count]:
            each.limits = Limits(
                made.limits, made.valkey_url, made.valkey_timeout_ms / 1000, each.limits._telemetry
            )
            each.limits._shared._prefix = prefix
            each.app.limits = each.app.app.state.services.shelf[Limits] = each.limits
            each.app.trusted = made.trusted_proxies
            used.append(each.limits)
        return two[:count]

    yield make
    for limits in used:
        await limits.stop()


class Middle:
    """Stands between a process and Valkey: passes on, stays silent, or is not there."""

    def __init__(self, url: str) -> None:
        self._target = urlsplit(url)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.silent = False
        self.asked = 0

    @property
    def url(self) -> str:
        return self._target._replace(netloc=f"{self._credentials}127.0.0.1:{self.port}").geturl()

    @property
    def _credentials(self) -> str:
        head, at, _ = self._target.netloc.rpartition("@")
        return head + at

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._writers):
            writer.transport.abort()  # type: ignore[attr-defined]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self._target.hostname is not None
        there, onward = await asyncio.open_connection(self._target.hostname, self._target.port or 6379)
        self._writers |= {writer, onward}
        with suppress(Exception):
            await asyncio.gather(self._pump(reader, onward, True), self._pump(there, writer, False))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asks: bool) -> None:
        while data := await reader.read(65_536):
            self.asked += asks
            if not self.silent:
                writer.write(data)
        writer.close()


@pytest.fixture
async def middle(settings: Settings) -> AsyncIterator[Middle]:
    made = Middle(settings.valkey_url)
    await made.start()
    yield made
    await made.stop()


async def until(holds: Callable[[], bool]) -> None:
    """Waits for a condition, not for a time."""
    async with asyncio.timeout(240):
        while not holds():
            await asyncio.sleep(0.01)
