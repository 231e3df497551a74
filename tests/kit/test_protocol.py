"""The protocol under a real uvicorn: every shape of answer, byte for byte what uvicorn's own protocol sends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from service.kit.protocol import Joining, Protocol

LENGTH = [(b"content-length", b"2")]


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answers by path."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return
    path = scope["path"]
    status, headers, parts = 200, LENGTH, [b"ok"]
    if path == "/none":
        status, headers, parts = 204, [], [b""]
    if path == "/parts":
        headers, parts = [], [b"one\n", b"HTTP/1.1 200 OK\r\n\r\n", b"", b"three\n"]
    if path == "/close":
        headers = [*LENGTH, (b"connection", b"close")]
    if path == "/body":
        body = (await receive())["body"]
        headers, parts = [(b"content-length", str(len(body)).encode())], [body]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    if path == "/breaks":
        raise RuntimeError
    for at, part in enumerate(parts):
        await send({"type": "http.response.body", "body": part, "more_body": at < len(parts) - 1})


@asynccontextmanager
async def served(protocol: type[HttpToolsProtocol]) -> AsyncIterator[int]:
    config = uvicorn.Config(
        application, port=0, http=protocol, ws="none", log_config=None, access_log=False, server_header=False,
        date_header=False, timeout_keep_alive=0.2,  # type: ignore[arg-type]
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.capture_signals = lambda: _nothing()  # type: ignore[method-assign]
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(10):
        while not server.started:
            await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


class _nothing:
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


async def said(port: int, sent: bytes) -> bytes:
    """All that comes back until the server hangs up (keep-alive ends soon)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer


def request(path: str, method: str = "GET", *more: str, body: str = "") -> bytes:
    return "\r\n".join((f"{method} {path} HTTP/1.1", "host: x", *more, "", body)).encode()


EXPECT = request("/body", "POST", "expect: 100-continue", "content-length: 3", body="abc")
SHAPES = {
    "short": request("/"),
    "head": request("/", "HEAD"),
    "none": request("/none"),
    "parts": request("/parts"),
    "close": request("/close"),
    "breaks": request("/breaks"),
    "continue": EXPECT,
    "garbage": b"nonsense\r\n\r\n",
    "pipelined": request("/")
    + request("/none")
    + request("/", "HEAD")
    + request("/parts")
    + request("/close"),
}


@pytest.mark.parametrize("shape", SHAPES)
async def test_answers_are_what_uvicorn_sends(shape: str) -> None:
    async with served(HttpToolsProtocol) as plain, served(Protocol) as joined:
        expected = await said(plain, SHAPES[shape])
        assert expected.startswith(b"HTTP/1.1 ")
        assert await said(joined, SHAPES[shape]) == expected


class Noted:
    """A transport that remembers what was written."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed = False
        self.is_closing = self.pause_reading = self.resume_reading = lambda: None

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def close(self) -> None:
        self.closed = True


HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n"


def test_head_and_body_are_one_write_and_a_head_alone_is_never_kept() -> None:
    noted = Noted()
    joining = Joining(noted)  # type: ignore[arg-type]
    joining.write(HEAD)
    assert noted.written == []
    joining.write(b"ok")
    joining.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    assert noted.written == [HEAD + b"ok", b"HTTP/1.1 100 Continue\r\n\r\n"]
    joining.write(HEAD)
    joining.flush()
    joining.flush()
    joining.write(HEAD)
    joining.close()
    assert (noted.written[2:], noted.closed) == ([HEAD, HEAD], True)
