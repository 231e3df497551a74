"""Litestar's handler and response without what every request would pay for and none of ours uses.

Endpoints take the request alone and return rendered bytes. `make bench` shows what that saves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send


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


class Rendered:
    """An answer whose bytes and headers stand already."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers.items()
        ]
        if self.status != 204:
            headers.append((b"content-length", str(len(self.body)).encode()))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})
