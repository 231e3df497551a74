"""What a request leaves behind: nothing that waits for a look for garbage, and nothing held back of its answer."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from service.cli.serve import bounds_of
from service.console.static import ADDRESSES
from service.kit.bounds import Config
from service.kit.listening import Listener
from service.settings import Settings
from tests.server.conftest import Wire

MANY = 40


@asynccontextmanager
async def listening(app: Any, settings: Settings) -> AsyncIterator[int]:
    """The port of our listener in this process, in front of a running application."""
    config = Config(app, http=Listener, ws="none", lifespan="off", log_config=None, proxy_headers=False)
    config.bounds = bounds_of(settings)
    bound = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(config)
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined,method-assign]
    task = asyncio.create_task(server._serve([bound]))
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        await task


async def dialled(port: int) -> Wire:
    """A connection to it."""
    return Wire(*await asyncio.open_connection("127.0.0.1", port))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/me", 200),  # whole, of the database
        ("GET", "/api/v1/projects/360100-0", 404),  # refused by the operation
        ("GET", "/api/v1/nowhere", 404),  # by nobody's operation
        ("GET", "/api/v1/projects?limit=x", 400),
        ("HEAD", "/livez", 200),  # a head alone
        ("OPTIONS", "/livez", 204),
        ("GET", ADDRESSES["console.css"], 200),  # of pages, their templates' macros wait for a look
    ],
)
async def test_a_request_is_let_go_of_when_it_is_answered(
    app: Any, settings: Settings, token: Any, method: str, path: str, status: int
) -> None:
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token('360100')}\r\n\r\n".encode()
    async with listening(app, settings) as port:
        wire = await dialled(port)

        async def ask(times: int) -> None:
            for _ in range(times):
                await wire.send(head)
                if method == "GET":
                    assert (await wire.answer())[0] == status
                else:
                    assert (await wire.head()).split()[1] == str(status).encode()

        await ask(3)  # whatever is remembered of the first
        gc.collect()
        gc.disable()
        try:
            await ask(MANY)
            held = sum(isinstance(each, RequestResponseCycle) for each in gc.get_objects())
        finally:
            gc.enable()
        assert held < MANY / 4, "each request waits for a look for garbage"
        wire.writer.close()


async def test_heads_asked_for_in_a_row_come_in_a_row(app: Any, settings: Settings) -> None:
    async with listening(app, settings) as port:
        wire = await dialled(port)
        one = b"HEAD /livez HTTP/1.1\r\nHost: x\r\n\r\n"
        await wire.send(one * 3 + one.replace(b"HEAD", b"GET"))  # the next are there before the answer
        for _ in range(3):
            assert (await wire.head()).startswith(b"HTTP/1.1 200")
        status, body = await wire.answer()
        assert status == 200 and body
        wire.writer.close()
