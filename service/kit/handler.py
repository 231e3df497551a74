"""Litestar's handler and response without what every request would pay for and none of ours uses.

Endpoints take the request alone and return rendered bytes. `make bench` shows what that saves.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from typing import Any

from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from service.kit.tasks import end

STALLED_SECONDS = 30


class Handler(HTTPRouteHandler):
    """An HTTP handler around `async (request) -> Rendered`."""

    def resolve_before_request(self) -> Any:
        """What answers here ends the request: so the endpoint runs without Litestar's parameter model."""
        return self.fn

    async def authorize_connection(self, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        """As in the base class, which copies the handler for every guard."""
        for guard in self.resolve_guards():
            await guard(connection, self)  # type: ignore[misc]

    async def to_response(self, app: Litestar, data: Any, request: Request[Any, Any, Any]) -> ASGIApp:
        """It is a response already."""
        return data  # type: ignore[no-any-return]


def options(handlers: Sequence[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """OPTIONS for every path of these: `Allow` names all its methods; Litestar's own tells those of one handler."""
    methods: dict[str, set[str]] = {}
    for handler in handlers:
        for path in handler.paths:
            methods.setdefault(path, {"OPTIONS"}).update(map(str, handler.http_methods))
    return [_options(path, allow(named)) for path, named in methods.items()]


def allow(methods: Iterable[str]) -> str:
    """The Allow header: HEAD is answered wherever GET is (RFC 9110, sections 9.3.2 and 10.2.1)."""
    named = set(methods)
    return ", ".join(sorted(named | {"HEAD"} if "GET" in named else named))


def _options(path: str, allowed: str) -> HTTPRouteHandler:
    async def endpoint(request: Request[Any, Any, Any]) -> Rendered:
        return Rendered(204, {"allow": allowed}, b"")

    return Handler(path, http_method=["OPTIONS"], include_in_schema=False)(endpoint)


class Rendered:
    """An answer whose bytes and headers stand already."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _raw(self.headers)
        if self.status not in (204, 304):
            headers.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


class Streamed:
    """An answer that is made while it is sent; whoever hangs up ends the making."""

    __slots__ = ("headers", "parts", "status")

    def __init__(self, status: int, headers: Mapping[str, str], parts: AsyncGenerator[bytes, None]) -> None:
        self.status, self.headers, self.parts = status, headers, parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(_hung_up(receive), name="hung-up")
        try:
            await send({"type": "http.response.start", "status": self.status, "headers": _raw(self.headers)})
            async for part in self.parts:
                if gone.done():
                    return
                # Whoever stops reading stops the making: what it holds (a turn, a snapshot) is others' too.
                async with asyncio.timeout(STALLED_SECONDS):
                    await send({"type": "http.response.body", "body": part, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            return
        finally:
            await self.parts.aclose()
            await end(gone)


async def _hung_up(receive: Receive) -> None:
    """Returns when the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        continue


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
