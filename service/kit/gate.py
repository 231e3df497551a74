"""The gate every request passes first: size, secrecy, identity; and the last look at every answer.

Order matters: the secrecy scan runs before authentication, idempotency records, validation echo and logging, and a
request it refuses leaves nothing but a counter.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from typing import Any, Protocol

import msgspec

from service.kit import bodies, clock
from service.kit.address import Hop, Network, caller
from service.kit.authn import Principal, Verifier
from service.kit.bodies import BodyBounds
from service.kit.errors import PROBLEM_JSON, ServiceError
from service.kit.handler import Rendered
from service.kit.heads import check_address
from service.kit.ids import new_id
from service.kit.limits import Limits
from service.kit.outgoing import Outgoing
from service.kit.telemetry import Telemetry
from service.kit.tracing import carrying, incoming

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
# Path, query, headers, body, caller: the refusal, or None.
Scan = Callable[[bytes, bytes, list[tuple[bytes, bytes]], bytes, str], Awaitable[ServiceError | None]]

_REQUEST_ID = re.compile(rb"[0-9A-Za-z._-]{8,64}")
_SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
# What a browser may do with an answer that is no page: nothing. Pages and the reference bring policies of their own.
_NONE = b"default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_POLICY = (b"content-security-policy", _NONE)
# Two years (RFC 6797): from its first answer on a browser asks this host and those below it by https alone.
HTTPS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
_OPEN = ("/api/v1/oauth/",)
# Probes are never refused; token endpoint and secret addresses count each try themselves, by its credential.
# The console's files are held in memory and by the browser for a year.
_COUNTED_ELSEWHERE = (
    "GET /livez",
    "GET /readyz",
    "POST /api/v1/oauth/token",
    "POST /api/v1/oauth/hand-over",
    "GET /feeds/obligations/",
    "GET /console/static/",
)
_ENDED = ("token_expired", "token_revoked")
SANDBOX: Mapping[str, Any] = {"sandbox": True}  # what a sandbox's problems say beside


class Front(Protocol):
    """The pages beside the API: which paths are theirs, who comes with a cookie, how a refusal looks to a browser."""

    def owns(self, path: str) -> bool: ...
    def headers(self, path: str) -> list[tuple[bytes, bytes]]: ...
    async def visitor(self, scope: Scope) -> Principal | None: ...
    def refusal(self, scope: Scope, error: ServiceError) -> Rendered: ...


class Gate:
    """ASGI wrapper around the application."""

    def __init__(
        self,
        app: App,
        *,
        verifier: Verifier,
        telemetry: Telemetry,
        scan: Scan,
        bounds: BodyBounds,
        limits: Limits,
        trusted: tuple[Network, ...] = (),
        refresh: Callable[[], Awaitable[None]],
        uploads: Callable[[str, str], int | None] = lambda _method, _path: None,
        front: Front | None = None,
        sandbox: bool = False,
        outgoing: Outgoing | None = None,
        https: bool = False,
    ) -> None:
        self.app = app
        self.front = front
        self.outgoing = outgoing or Outgoing(compress=False)
        self.told = SANDBOX if sandbox else {}
        self.https = https  # `https`: callers come by nothing else
        self.marks = [(b"tongjian-sandbox", b"true")] if sandbox else []
        self.stamps = [*self.marks, *([HTTPS] if https else [])]
        self.plain = [*_SECURITY, *self.stamps]  # of an answer that is no page
        self.verifier = verifier
        self.refresh = refresh  # reads the revocations anew
        self.telemetry = telemetry
        self.scan = scan
        self.bodies = bounds
        self.limits = limits
        self.trusted = trusted
        # The size limit of files sent to (method, path); a file's text is scanned by the feature that reads it.
        self.uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        # The router takes no notice of a slash at the end, so nobody else does.
        scope["path"] = scope["path"].rstrip("/") or "/"
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        request_id = _request_id(headers)
        tracing, parent = self.telemetry.tracing, incoming(headers)
        if parent is None and not tracing.on:  # nothing to carry, nothing to tell
            return await self._served(scope, receive, send, request_id)
        with tracing.span("request", "SERVER", parent) as span:
            scope["tj.span"] = span
            with carrying({request_id: span.traceparent} if span.traceparent else {}):
                await self._served(scope, receive, send, request_id)

    async def _served(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        started = clock.monotonic()
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        scope["tj.request_id"], scope["tj.sandbox"] = request_id, bool(self.marks)
        scope["tj.address"] = caller(Hop.of(scope.get("client")), headers, self.trusted)
        status = 500
        page = self.front if self.front is not None and self.front.owns(scope["path"]) else None
        stamped = self.plain if page is None else [*page.headers(scope["path"]), *self.stamps]
        if scope["method"] == "HEAD":  # answered as GET is, without the content (RFC 9110, 9.3.2)
            scope, send = {**scope, "method": "GET"}, _bodiless(send)
        send = self.outgoing.sender(scope, send)

        async def answer(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status, scope["tj.begun"] = message["status"], True
                told = message["headers"]
                message["headers"] = [*told, (b"x-request-id", request_id.encode()), *stamped]
                if page is None and _POLICY[0] not in dict(told):
                    message["headers"].append(_POLICY)
            await send(message)

        try:
            who = await self._identify(scope, headers)
            await self._admit(scope, headers, who)
            body = await self._body(scope, headers, receive, who)
            if (refused := await self._scanned(scope, headers, body, who)) is not None:
                self.telemetry.classified()
                await self._refuse(scope, receive, answer, refused, None)
                return
            scope["tj.body"] = body
            _let_in(scope, who)
        except ServiceError as error:
            await self._refuse(scope, receive, answer, error, request_id)
        else:
            await self.app(scope, bodies.replayed(body, receive), answer)
        self.telemetry.answered(scope, status, clock.monotonic() - started)

    async def _identify(
        self, scope: Scope, headers: list[tuple[bytes, bytes]]
    ) -> Principal | ServiceError | None:
        """Who calls, or why nobody does, told only after the secrecy scan; 503 at once, and what is
        wrong with the address (kit/heads)."""
        check_address(scope, self.trusted if self.https else None)
        if not scope["path"].startswith("/api/"):
            page = self.front is not None and self.front.owns(scope["path"])
            return await self.front.visitor(scope) if page and self.front is not None else None
        try:
            return await self._principal(headers)
        except ServiceError as error:
            if error.status == 503:
                raise
            return error

    async def _admit(
        self, scope: Scope, headers: list[tuple[bytes, bytes]], who: Principal | ServiceError | None
    ) -> None:
        """429 for whoever asks too often, before anything of the request is read or scanned."""
        try:
            if isinstance(who, Principal):
                self.limits.admit(who)
            elif not f"{scope['method']} {scope['path']}".startswith(_COUNTED_ELSEWHERE):
                await self.limits.anonymous(scope["tj.address"])
        except ServiceError as error:
            if bodies.announced(scope["method"], headers):
                error.headers |= bodies.CLOSE
            raise

    async def _body(
        self,
        scope: Scope,
        headers: list[tuple[bytes, bytes]],
        receive: Receive,
        who: Principal | ServiceError | None,
    ) -> bytes:
        """The body, as much of it as this caller may send here: nobody unknown makes the service hold much."""
        if not bodies.announced(scope["method"], headers):
            return b""
        limit, strangers = self.bodies.anonymous, self.bodies.strangers
        file = strangers.takes(scope["method"], scope["path"])
        if isinstance(who, Principal):
            limit = self.uploads(scope["method"], scope["path"]) or self.bodies.known
        try:
            bodies.check_length(headers, file or limit)
            if file is None:
                return await bodies.read(receive, limit, self.bodies)
            with strangers.held():
                return await bodies.read(receive, file, self.bodies)
        except ServiceError as error:
            # Whose token has just ended learns that, not a limit that is not theirs.
            if error.status == 413 and isinstance(who, ServiceError) and who.code in _ENDED:
                who.headers |= bodies.CLOSE
                raise who from None
            raise

    async def _scanned(
        self,
        scope: Scope,
        headers: list[tuple[bytes, bytes]],
        body: bytes,
        who: Principal | ServiceError | None,
    ) -> ServiceError | None:
        """Why the request is refused, unread and unkept; None for nearly all."""
        caller = ""
        if body:
            asked = (scope["method"], scope["path"])
            if self.uploads(*asked) is not None or self.bodies.strangers.takes(*asked) is not None:
                body = b""
            caller = f"{who.tenant} {who.client} {who.user}" if isinstance(who, Principal) else ""
        path = scope.get("raw_path") or scope["path"].encode()
        return await self.scan(path, scope["query_string"], headers, body, caller)

    async def _refuse(
        self, scope: Scope, receive: Receive, send: Send, error: ServiceError, request_id: str | None
    ) -> None:
        """A problem document, or the page that says the same."""
        if self.front is not None and self.front.owns(scope["path"]):
            scope["tj.request_id"] = request_id or ""
            await self.front.refusal(scope, error)(scope, receive, send)  # type: ignore[arg-type]
            return
        await refuse(send, error, request_id, self.told)

    async def _principal(self, headers: list[tuple[bytes, bytes]]) -> Principal | None:
        for name, value in headers:
            if name == b"authorization":
                try:
                    return self.verifier.authenticate(value)
                except ServiceError as error:
                    if error.code != "revocations_stale":
                        raise
                # A process that stood still for seconds looks once itself before it turns everybody away.
                with suppress(Exception):
                    async with asyncio.timeout(2):
                        await self.refresh()
                return self.verifier.authenticate(value)
        return None


def _bodiless(send: Send) -> Send:
    async def answer(message: MutableMapping[str, Any]) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return answer


def _let_in(scope: Scope, who: Principal | ServiceError | None) -> None:
    """Leaves the caller on the scope of what needs one, or raises why nobody is known."""
    if scope["path"].startswith("/api/") and not scope["path"].startswith(_OPEN):
        if isinstance(who, ServiceError):
            raise who
        scope["tj.principal"] = who
    elif isinstance(who, Principal):  # by a cookie, which opens pages and nothing of the API
        scope["tj.principal"] = who


def _request_id(headers: list[tuple[bytes, bytes]]) -> str:
    """The caller's X-Request-Id where it is a harmless token, else a new one; it is the trace id downstream."""
    for name, value in headers:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return value.decode()
    return new_id()


async def refuse(
    send: Send, error: ServiceError, request_id: str | None, told: Mapping[str, Any] | None = None
) -> None:
    """Sends a problem document. `told`: members of every problem of this deployment."""
    body = msgspec.json.encode({**error.body(request_id), **(told or {})})
    headers = [(b"content-type", PROBLEM_JSON.encode()), (b"content-length", str(len(body)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in error.headers.items()]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
