"""An operation called in this process as if over HTTP: same guard, decoding, transaction, stored reply and tags.

Who calls inside (the console's pages, a batch) can do and see exactly what a portal could: the request is built, not
sent. What stands before the application is passed once, by the request that asks: size, secrecy scan, limits, identity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from litestar import Litestar, Request
from litestar.handlers import HTTPRouteHandler

from service.kit.acting import HEADER as ACTING_FOR
from service.kit.authn import Principal
from service.kit.authz import check
from service.kit.call import Services, Spec
from service.kit.errors import not_found
from service.kit.handler import Rendered, Streamed
from service.kit.idempotency import Reply

PREFIX = "/api/v1"
_PART = re.compile(r"\{([a-z_]+):(str|int)\}")
_KINDS = {"str": str, "int": int}


@dataclass(frozen=True, slots=True)
class Ask:
    """One call of an operation: who asks, of which path and query, with what body and which headers.

    `path`: the parts named in braces. `query`: pairs, or the string as it stands. `body`: JSON bytes, or a file's with
    its `media`. `if_match`: as the header is, a quoted tag. `key`: the Idempotency-Key. `acting_for`: the login of the
    absent person for whom a deputy acts.
    """

    principal: Principal
    operation_id: str
    path: Mapping[str, str] = field(default_factory=dict)
    query: Iterable[tuple[str, str]] | str = ()
    body: bytes = b""
    media: str = "application/json"
    if_match: str | None = None
    key: str | None = None
    request_id: str = ""
    address: Any = None
    acting_for: str | None = None

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """As they would have come."""
        named = {
            "content-type": self.media,
            "if-match": self.if_match,
            "idempotency-key": self.key,
            ACTING_FOR: self.acting_for,
        }
        return [
            (name.encode(), value.encode("latin-1", "replace"))
            for name, value in named.items()
            if value is not None
        ]

    @property
    def asked(self) -> bytes:
        """The query string."""
        return (self.query if isinstance(self.query, str) else urlencode(list(self.query))).encode("ascii")


class Inside:
    """On the shelf: every operation by its id."""

    def __init__(self, app: Litestar, handlers: Iterable[HTTPRouteHandler]) -> None:
        self._app = app
        self._found: dict[str, HTTPRouteHandler] = {}
        for handler in handlers:
            spec: Spec | None = handler.opt.get("spec")
            if spec is not None:
                self._found[spec.operation_id] = handler

    def spec(self, operation_id: str) -> Spec | None:
        """What is known of an operation; None where there is none of that name."""
        handler = self._found.get(operation_id)
        return None if handler is None else handler.opt["spec"]

    def parts(self, operation_id: str) -> list[str]:
        """The names of the parts that its path asks for."""
        return [name for name, _ in _PART.findall(self._found[operation_id].opt["spec"].path)]

    def reading(self, operation_id: str) -> str | None:
        """The operation that reads the thing this one changes: GET of the same path up to the first part's name."""
        path = self._found[operation_id].opt["spec"].path
        thing = path[: path.index("}") + 1] if "}" in path else path
        found = (handler.opt["spec"] for handler in self._found.values())
        return next((each.operation_id for each in found if (each.method, each.path) == ("GET", thing)), None)

    def may(self, principal: Principal, operation_id: str) -> bool:
        """Whether the caller's roles open the operation at all; what state and reach say is told by calling it."""
        spec = self.spec(operation_id)
        services: Services = self._app.state.services
        return spec is not None and services.policy.allowed(principal, spec.resource, spec.action)

    async def reply(self, ask: Ask) -> Reply:
        """The operation's answer as bytes; its refusals are raised as ServiceError. A stream is read to its end."""
        handler = self._found.get(ask.operation_id)
        if handler is None:
            raise LookupError(ask.operation_id)
        spec: Spec = handler.opt["spec"]
        check(self._app.state.policy, ask.principal, spec.resource, spec.action, spec.summary)
        answer = await handler.fn(Request(self._scope(ask, spec, handler)))  # type: ignore[arg-type]
        if isinstance(answer, Streamed):
            return Reply(answer.status, answer.headers, b"".join([part async for part in answer.parts]))
        rendered: Rendered = answer
        return Reply(rendered.status, rendered.headers, rendered.body)

    def _scope(self, ask: Ask, spec: Spec, handler: HTTPRouteHandler) -> dict[str, Any]:
        """An ASGI scope as the gate would have left it."""
        path, parts = _filled(spec.path, ask.path)
        return {
            "type": "http",
            "method": spec.method,
            "path": PREFIX + path,
            "path_params": parts,
            "query_string": ask.asked,
            "headers": ask.headers,
            "litestar_app": self._app,
            "app": self._app,
            "route_handler": handler,
            "state": {},
            "tj.principal": ask.principal,
            "tj.request_id": ask.request_id,
            "tj.address": ask.address,
            "tj.body": ask.body,
        }


def _filled(template: str, given: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """The path as it would be sent, and its parts as a route hands them on; 404 for a part no route takes."""
    parts: dict[str, Any] = {}
    for name, kind in _PART.findall(template):
        try:
            parts[name] = _KINDS[kind](given[name])
        except ValueError:
            raise not_found() from None
        if "/" in given[name] or not given[name]:
            raise not_found()
    return _PART.sub(lambda part: quote(given[part[1]], safe=""), template), parts
