"""Round trips counted where they happen: a proxy before PostgreSQL that reads the client's messages."""

from __future__ import annotations

import asyncio

_SSL_REQUEST = (80877103).to_bytes(4, "big")
# Query and Sync: what a client sends before it must wait for the server (PostgreSQL docs, protocol flow).
_ENDS = (ord("Q"), ord("S"))


class Wire:
    """Listens on a port of its own and passes everything on to `upstream`."""

    def __init__(self, upstream: int) -> None:
        self.upstream = upstream
        self.round_trips = 0
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        self._server.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, on = await asyncio.open_connection("127.0.0.1", self.upstream)
        await asyncio.gather(self._count(reader, on), _pass(back, writer), return_exceptions=True)

    async def _count(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            greeting = True
            while True:
                kind = b"" if greeting else await reader.readexactly(1)
                size = await reader.readexactly(4)
                body = await reader.readexactly(int.from_bytes(size, "big") - 4)
                greeting = greeting and body == _SSL_REQUEST
                if kind and kind[0] in _ENDS:
                    self.round_trips += 1
                writer.write(kind + size + body)
        finally:
            writer.close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
    finally:
        writer.close()
