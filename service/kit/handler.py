"""Litestar's handler and response without what every request would pay for and none of ours uses.

Endpoints take the request alone and return rendered bytes. `make bench` shows what that saves.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from copy import copy
from functools import cache
from typing import Any, ClassVar

from litestar import Litestar, Request, Router
from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, Receive, Scope, Send
from litestar.utils.path import join_paths
from litestar.utils.signature import ParsedSignature

from service.kit.tasks import end

STALLED_SECONDS = 30
_TYPE = re.compile(r":\w+(?=})")


class Handler(HTTPRouteHandler):
    """An HTTP handler around `async (request) -> Rendered`.

    All of them have this one signature: to read it anew for each of hundreds took a good part of a process's start.
    """

    _kwargs_model: ClassVar[Any] = None

    @property
    def parsed_fn_signature(self) -> ParsedSignature:
        """The same for all."""
        return _signature()

    def create_kwargs_model(self, path_parameters: Any) -> Any:
        """The same for all, and never used: see `resolve_before_request`."""
        if Handler._kwargs_model is None:
            Handler._kwargs_model = super().create_kwargs_model(path_parameters)
        return Handler._kwargs_model

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


@cache
def _signature() -> ParsedSignature:
    async def endpoint(request: Request[Any, Any, Any]) -> Rendered:
        raise NotImplementedError

    return ParsedSignature.from_fn(endpoint, {})


class Group(Router):
    """Routes under one path, put together at once: registered one by one, each looks through all before it.

    Nor are they copied when the application takes them, as Litestar would.
    """

    def __init__(self, path: str, handlers: Sequence[HTTPRouteHandler]) -> None:
        super().__init__(path, route_handlers=())
        of_path: dict[str, list[HTTPRouteHandler]] = {}
        for handler in handlers:
            own = copy(handler)
            own.owner = self
            for each in handler.paths:
                of_path.setdefault(each, []).append(own)
        self.routes = [
            HTTPRoute(path=join_paths([self.path, each]), route_handlers=theirs)
            for each, theirs in of_path.items()
        ]

    def __deepcopy__(self, memo: dict[int, Any]) -> Group:
        return self


def options(handlers: Sequence[HTTPRouteHandler], prefix: str = "") -> HTTPRouteHandler:
    """OPTIONS for every path of these: `Allow` names all its methods; Litestar's own tells those of one handler.

    `prefix`: of the group they are put in. It has to be registered before they are.
    """
    methods: dict[str, set[str]] = {}
    for handler in handlers:
        for path in handler.paths:
            methods.setdefault(path, {"OPTIONS"}).update(map(str, handler.http_methods))
    allowed = {
        _TYPE.sub("", join_paths([prefix, path])): allow(named) for path, named in methods.items()
    }  # a route's template names its parameters without their types

    async def endpoint(request: Request[Any, Any, Any]) -> Rendered:
        return Rendered(204, {"allow": allowed[request.scope["path_template"]]}, b"")

    return Handler([*methods], http_method=["OPTIONS"], include_in_schema=False)(endpoint)


def allow(methods: Iterable[str]) -> str:
    """The Allow header: HEAD is answered wherever GET is (RFC 9110, sections 9.3.2 and 10.2.1)."""
    named = set(methods)
    return ", ".join(sorted(named | {"HEAD"} if "GET" in named else named))


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
