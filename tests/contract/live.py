"""The service in a thread with its own loop, so that Hypothesis (synchronous) can drive it in-process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx
import requests

from service.kit.db import Door
from service.kit.telemetry import Telemetry
from service.settings import Settings
from tests.conftest import Caller, running
from tests.lives import World, people

ORIGIN = "http://127.0.0.1:8000"
T = TypeVar("T")


class Live:
    """A running application; `run` waits for a coroutine in its loop."""

    def __init__(self, settings: Settings, token: Callable[..., str]) -> None:
        self.settings = settings
        self.token = token
        self.loop = asyncio.new_event_loop()
        self.client: httpx.AsyncClient
        self.world: World
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_until_complete(self._main())
        except BaseException as error:
            self._failure = error
        finally:
            self._ready.set()

    async def _main(self) -> None:
        made = self.settings
        door = Door({"tenant": made.tenant_url, "province": made.province_url, "relay": made.relay_url})
        await door.open()
        async with running(self.settings) as app:
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as self.client:
                self.world = World(people(self.as_user), door, Telemetry(), self.settings.database_url)
                self._ready.set()
                await self._stop.wait()
        await door.close()

    def as_user(self, tenant: str, login: str | None = None) -> Caller:
        return Caller(self.client, self.token(tenant, login))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The coroutine's result; it runs in the application's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(600)

    def send(self, **given: Any) -> httpx.Response:
        """What Schemathesis would send with `requests`, byte for byte, to the application."""
        given.pop("timeout", None)
        prepared = requests.Request(**{k: v for k, v in given.items() if k in _REQUEST}).prepare()
        body: Any = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
        headers = [(k.encode("latin-1"), _bytes(v)) for k, v in prepared.headers.items()]
        request = self.client.build_request(
            prepared.method or "GET", prepared.url or ORIGIN, headers=headers, content=body
        )
        return self.run(self.client.send(request))


_REQUEST = ("method", "url", "headers", "files", "data", "params", "auth", "cookies", "json")


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1")


@contextmanager
def serving(settings: Settings, token: Callable[..., str]) -> Iterator[Live]:
    """A Live for the duration of the block."""
    live = Live(settings, token)
    live._thread.start()
    live._ready.wait(600)
    if live._failure is not None:
        raise live._failure
    try:
        yield live
    finally:
        live.loop.call_soon_threadsafe(live._stop.set)
        live._thread.join(300)
        live.loop.close()
