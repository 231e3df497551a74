"""A clamd that knows one signature, on a socket of the test's: INSTREAM as clamd(8) describes it, honest until told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

MARK = "特征样本".encode()


class Clamd:
    """`seen`: what it was shown, whole. `says`: what it answers instead of looking."""

    def __init__(self, path: Path) -> None:
        self.path, self.says = path, b""
        self.seen: list[bytes] = []

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        raw = bytearray()
        while size := int.from_bytes(await reader.readexactly(4)):
            raw += await reader.readexactly(size)
        self.seen.append(bytes(raw))
        verdict = b"stream: Test.Sample.UNOFFICIAL FOUND" if MARK in raw else b"stream: OK"
        writer.write((self.says or verdict) + b"\0")
        writer.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Clamd]:
        server = await asyncio.start_unix_server(self._serve, self.path)
        yield self
        server.close()
        await server.wait_closed()
        self.path.unlink(missing_ok=True)
