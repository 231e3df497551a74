"""Reading a request's body: how much of it from whom, and how long it may take.

What is held before anybody is known stays small; whoever sends nothing for a while, or trickles, is ended (408), so
that stalled bodies hold neither memory nor connections.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from service.kit.errors import ServiceError

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
_BODYLESS = ("GET", "HEAD", "OPTIONS")
_FRAMING = frozenset((b"content-length", b"transfer-encoding"))
# The rest of a refused body is not waited for, so the connection cannot be used again.
CLOSE = {"Connection": "close"}


class Strangers:
    """Files that nobody known may send: few are held at once, however many addresses they come from."""

    MOST, SIZE = 8, 2 << 20

    def __init__(self, paths: Collection[str] = ()) -> None:
        self._paths, self._held = frozenset(paths), 0

    def takes(self, method: str, path: str) -> int | None:
        """The largest file that may be sent there; None where no stranger's is taken."""
        return self.SIZE if method == "POST" and path in self._paths else None

    @contextmanager
    def held(self) -> Iterator[None]:
        """While one is read; 503 when as many as may be are being read."""
        if self._held >= self.MOST:
            raise ServiceError(503, "unavailable", "同时核验的文件较多，请稍后重试", headers=CLOSE)
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1


@dataclass(frozen=True)
class BodyBounds:
    """Bytes for anybody and for who is known; seconds for a whole body and without a byte of it."""

    anonymous: int = 16 << 10
    known: int = 1 << 20
    seconds: float = 120
    idle_seconds: float = 15
    strangers: Strangers = field(default_factory=Strangers)


def announced(method: str, headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether a body comes with the request."""
    if method not in _BODYLESS:
        return True
    return not _FRAMING.isdisjoint(dict(headers))


def too_large(limit: int) -> ServiceError:
    """413: the limit depends on who sends and where to."""
    return ServiceError(413, "too_large", f"请求内容不得超过 {limit} 字节", headers=CLOSE)


def check_length(headers: list[tuple[bytes, bytes]], limit: int) -> None:
    """Refuses by the announced length, before a byte is read."""
    for name, value in headers:
        if name == b"content-length" and value.isdigit() and int(value[:20]) > limit:
            raise too_large(limit)


async def read(receive: Receive, limit: int, bounds: BodyBounds) -> bytes:
    """The whole body, or 413, 408, or 400 where the caller hung up."""
    chunks: list[bytes] = []
    size = 0
    loop = asyncio.get_running_loop()
    end = loop.time() + bounds.seconds
    while True:
        try:
            async with asyncio.timeout_at(min(end, loop.time() + bounds.idle_seconds)):
                message = await receive()
        except TimeoutError:
            detail = "请求内容未在规定时间内传完"
            raise ServiceError(408, "request_timeout", detail, headers=CLOSE) from None
        if message["type"] != "http.request":
            raise ServiceError(400, "incomplete_request", "请求内容未传完")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def replayed(body: bytes, receive: Receive) -> Receive:
    """The body was read already: hand it on once, then what really comes."""
    sent = False

    async def replay() -> MutableMapping[str, Any]:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
