"""The gate every request passes first: size, secrecy, identity; and the last look at every answer.

Order matters: the secrecy scan runs before authentication, idempotency records, validation echo and logging, and a
request it refuses leaves nothing but a counter.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

import msgspec

from service.kit import clock
from service.kit.authn import Verifier
from service.kit.errors import PROBLEM_JSON, ServiceError
from service.kit.ids import new_id
from service.kit.telemetry import Telemetry

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_REQUEST_ID = re.compile(rb"[0-9A-Za-z._-]{8,64}")
_ESCAPES = (b"%", b"&", b"\\")  # what plain ASCII needs to spell anything else
_BODYLESS = ("GET", "HEAD", "OPTIONS")
_SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]
# Values of these headers are secrets or opaque; they are scanned like the rest but never parsed further.
_OPEN = ("/api/v1/oauth/",)


class Gate:
    """ASGI wrapper around the application."""

    def __init__(
        self,
        app: App,
        *,
        verifier: Verifier,
        telemetry: Telemetry,
        is_classified: Callable[[bytes], bool],
        classified_problem: Callable[[], ServiceError],
        max_body_bytes: int,
        refresh: Callable[[], Awaitable[None]],
        uploads: Callable[[str, str], int | None] = lambda _method, _path: None,
    ) -> None:
        self.app = app
        self.verifier = verifier
        self.refresh = refresh  # reads the revocations anew
        self.telemetry = telemetry
        self.is_classified = is_classified
        self.classified_problem = classified_problem
        self.max_body_bytes = max_body_bytes
        # The size limit of files sent to (method, path); a file's text is scanned by the feature that reads it.
        self.uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = clock.monotonic()
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        request_id = _request_id(headers)
        scope["tj.request_id"] = request_id
        status = 500
        head = scope["method"] == "HEAD"
        if head:  # answered as GET is, without the content (RFC 9110, 9.3.2)
            scope = {**scope, "method": "GET"}

        async def answer(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode()), *_SECURITY]
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            body = await self._body(scope, headers, receive)
            if self._classified(scope, headers, body):
                self.telemetry.classified()
                await refuse(answer, self.classified_problem(), None)
                return
            scope["tj.body"] = body
            if scope["path"].startswith("/api/") and not scope["path"].startswith(_OPEN):
                scope["tj.principal"] = await self._principal(headers)
        except ServiceError as error:
            await refuse(answer, error, request_id)
        else:
            await self.app(scope, _replayed(body, receive), answer)
        self.telemetry.answered(scope, status, clock.monotonic() - started)

    async def _body(self, scope: Scope, headers: list[tuple[bytes, bytes]], receive: Receive) -> bytes:
        announced = [value for name, value in headers if name in (b"content-length", b"transfer-encoding")]
        if not announced and scope["method"] in _BODYLESS:
            return b""
        limit = self.max_body_bytes
        larger = self.uploads(scope["method"], scope["path"])
        if larger is not None and await self._known(headers):
            limit = larger
        chunks: list[bytes] = []
        size = 0
        while True:
            message = await receive()
            if message["type"] != "http.request":
                raise ServiceError(400, "incomplete_request", "请求内容未传完")
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > limit:
                raise ServiceError(413, "too_large", f"请求内容不得超过 {limit} 字节")
            chunks.append(chunk)
            if not message.get("more_body", False):
                return b"".join(chunks)

    def _classified(self, scope: Scope, headers: list[tuple[bytes, bytes]], body: bytes) -> bool:
        is_file = self.uploads(scope["method"], scope["path"]) is not None
        if body and not is_file and self.is_classified(body):
            return True
        parts = [scope.get("raw_path") or scope["path"].encode(), scope["query_string"]]
        parts += [value for _, value in headers] + [name for name, _ in headers]
        together = b"\n".join(parts)
        if together.isascii() and not any(
            escape in together for escape in _ESCAPES
        ):  # nearly always: one look will do
            return self.is_classified(together)
        return any(self.is_classified(part) for part in parts if part)

    async def _known(self, headers: list[tuple[bytes, bytes]]) -> bool:
        """Whether a valid token came along: nobody else makes the service hold a whole file."""
        try:
            return await self._principal(headers) is not None
        except ServiceError:
            return False

    async def _principal(self, headers: list[tuple[bytes, bytes]]) -> Any:
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


def _request_id(headers: list[tuple[bytes, bytes]]) -> str:
    """The caller's X-Request-Id where it is a harmless token, else a new one; it is the trace id downstream."""
    for name, value in headers:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            return value.decode()
    return new_id()


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body was read already: hand it on once, then what really comes."""
    sent = False

    async def replay() -> MutableMapping[str, Any]:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def refuse(send: Send, error: ServiceError, request_id: str | None) -> None:
    """Sends a problem document."""
    body = msgspec.json.encode(error.body(request_id))
    headers = [(b"content-type", PROBLEM_JSON.encode()), (b"content-length", str(len(body)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in error.headers.items()]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
