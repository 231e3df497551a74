"""`tongjian serve` as it really runs: a process behind a socket, spoken to in bytes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from service.settings import Settings
from tests.seeding import NO_LIMITS
from tests.worlds import world

settings, app, door, client, token, as_user = world()

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180.0  # seconds; for a machine that is busy with other work


class Served:
    """One API process and how to speak to it."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.port, self.process, self.log = port, process, log

    async def connect(self, source: str = "127.0.0.1") -> Wire:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(source, 0))
        return Wire(reader, writer)

    async def ask(self, data: bytes, source: str = "127.0.0.1") -> bytes:
        """All that comes back on a connection of its own until the server ends it."""
        wire = await self.connect(source)
        await wire.send(data)
        return await wire.all()

    async def alive(self, question: bytes = b"") -> bool:
        return (await self.ask(question or GET)).startswith(b"HTTP/1.1 200")


class Wire:
    """A raw connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def send(self, data: bytes) -> None:
        """As much as the other side takes: a refusal may come in the middle, and is read before more is sent."""
        if not self.writer.is_closing():
            self.writer.write(data)
        with contextlib.suppress(ConnectionError):
            await self.writer.drain()
        await asyncio.sleep(0)

    async def all(self) -> bytes:
        """What comes until the end of the connection."""
        found = bytearray()
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(PATIENCE):
                while part := await self.reader.read(65536):
                    found += part
        self.writer.close()
        return bytes(found)

    def told(self) -> bool:
        """Whether anything has come back yet."""
        gone = self.reader.at_eof() or self.reader.exception() is not None
        return bool(self.reader._buffer) or gone  # type: ignore[attr-defined]

    async def head(self) -> bytes:
        async with asyncio.timeout(PATIENCE):
            return await self.reader.readuntil(b"\r\n\r\n")

    async def answer(self) -> tuple[int, bytes]:
        """Status and body of an answer with Content-Length."""
        head = await self.head()
        (length,) = [
            int(line.partition(b":")[2])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length:")
        ] or [0]
        return int(head.split(b" ", 2)[1]), await self.reader.readexactly(length)


GET = b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="session")
def serving(settings: Settings, workdir: Path) -> Callable[..., AbstractAsyncContextManager[Served]]:
    """serving(header_timeout_s=1, …) → an API process with these settings on this world's database."""

    @asynccontextmanager
    async def serve(ready: bytes = b"", **given: Any) -> AsyncIterator[Served]:
        listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
        port = listening.getsockname()[1]
        log = workdir / f"serve-{port}.log"
        env = {name: value for name, value in os.environ.items() if not name.startswith("TONGJIAN_")}
        env |= environment(settings, **given)
        with log.open("ab") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", "serve", "--fd", str(listening.fileno())],
                env=env,
                cwd=ROOT,
                stdout=out,
                stderr=out,
                pass_fds=(listening.fileno(),),
            )
        listening.close()
        served = Served(port, process, log)
        try:
            async with asyncio.timeout(PATIENCE):
                while not await served.alive(ready):
                    assert process.poll() is None, log.read_text()
            yield served
        finally:
            process.terminate()
            try:
                await asyncio.to_thread(process.wait, 20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    return serve


def environment(settings: Settings, **given: Any) -> dict[str, str]:
    """The settings as the environment of a process."""
    names = ("environment", "database_url", "valkey_url", "secret_key", "issuer", "audience", "log_level")
    paths = ("signing_keys_file", "audit_anchor_dir", "documents_dir")
    values = {name: getattr(settings, name) for name in (*names, *paths)} | {"pool_max": 4, "pool_min": 1}
    values |= {name.removeprefix("TONGJIAN_").lower(): value for name, value in NO_LIMITS.items()}
    return {f"TONGJIAN_{name.upper()}": str(value) for name, value in (values | given).items()}
