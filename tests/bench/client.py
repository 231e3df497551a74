"""A small load client: raw sockets kept alive, requests rendered beforehand, nothing parsed but status and length."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import NamedTuple


class Answer(NamedTuple):
    """One answer as it came."""

    status: int
    body: bytes


class Line(asyncio.Protocol):
    """One connection: sends the next request when the answer to the last one is complete."""

    def __init__(self, requests: Iterator[bytes], keep: list[Answer] | None, status: int = 200) -> None:
        self.requests, self.keep, self.status = requests, keep, status
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self._next()

    def _next(self) -> None:
        request = next(self.requests, None)
        if request is not None:
            self.transport.write(request)  # type: ignore[attr-defined]
        elif not self.done.done():
            self.done.set_result(None)
            self.transport.close()

    def data_received(self, data: bytes) -> None:
        self.buffer = self.buffer + data if self.buffer else data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        at = self.buffer.index(b"content-length: ") + 16
        length = int(self.buffer[at : self.buffer.index(b"\r", at)])
        if len(self.buffer) < end + 4 + length:
            return
        answer, self.buffer = self.buffer, b""
        status = int(answer[9:12])
        if self.keep is not None:
            self.keep.append(Answer(status, answer[end + 4 :]))
        elif status != self.status:
            self.connection_lost(RuntimeError(answer.decode()))
            return
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server hung up"))


async def _send(
    port: int, requests: Sequence[bytes], connections: int, keep: list[Answer] | None, status: int = 200
) -> float:
    loop = asyncio.get_running_loop()
    queue = iter(requests)
    started = perf_counter()
    lines = [
        (await loop.create_connection(lambda: Line(queue, keep, status), "127.0.0.1", port))[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(line.done for line in lines))
    return perf_counter() - started


async def load(port: int, requests: Sequence[bytes], connections: int = 8, status: int = 200) -> float:
    """Seconds for all requests over `connections` connections; anything but `status` ends the bench."""
    return await _send(port, requests, connections, None, status)


async def ask(port: int, requests: Sequence[bytes]) -> list[Answer]:
    """The answers, one after the other on one connection."""
    kept: list[Answer] = []
    await _send(port, requests, 1, kept)
    return kept
