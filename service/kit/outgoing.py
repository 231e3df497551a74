"""What is done to every answer on its way out: gzip where it is worth it, and what browsers ask of other origins.

Compressed is what is whole, larger than a packet, and text; never a stream, which is sent as it is made. Nor what
answers a browser's cookie or holds a token (BREACH: whoever can make somebody's browser ask, with his words in the
answer, reads secrets from its length); calls of the API carry a token that no foreign page can make a browser send.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from functools import lru_cache
from typing import Any

Headers = list[tuple[bytes, bytes]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
LEAST = 1400  # bytes: less fits into one packet anyway
ASIDE = 64 << 10  # more than this is compressed beside the loop
_LEVEL = 4
_TEXTS = (
    b"application/json",
    b"application/problem+json",
    b"application/javascript",
    b"application/x-ndjson",
    b"text/",
    b"image/svg+xml",
)
_PLAIN = ("/api/v1/oauth/", "/console", "/verify")  # tokens, and all pages (console/front.py)
_STATIC = "/console/static/"
_SAME = (_STATIC, "/docs", "/openapi.json")  # alike for everybody
# What a script of another origin may read of an answer, and send; ours beside what every browser lets it.
EXPOSED = (
    "ETag, Location, Link, Retry-After, RateLimit, RateLimit-Policy, Idempotent-Replayed, X-Request-Id, "
    "Content-Disposition, Deprecation, Sunset, Tongjian-Sandbox, WWW-Authenticate"
)
ACCEPTED = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Request-Id"


class Outgoing:
    """Of one deployment. `origins`: whose pages may call, none where empty; `compress`: whether to at all."""

    def __init__(self, origins: Sequence[str] = (), *, compress: bool = True) -> None:
        self._origins = frozenset(origin.encode() for origin in origins)
        self._compress = compress

    def sender(self, scope: MutableMapping[str, Any], send: Send) -> Send:
        """`send` for the answer to this request."""
        origin = (
            _one(scope["headers"], b"origin") if self._origins and scope["path"].startswith("/api/") else None
        )
        if origin is not None:
            send = self._crossing(scope, origin, send)
        if self._compress and _compressible(scope["path"]):
            return _Compressing(_accepts(scope["headers"]), scope["path"], send)
        return send

    def _crossing(self, scope: MutableMapping[str, Any], origin: bytes, send: Send) -> Send:
        """With the CORS headers: the origin itself, never `*`; no credentials, since nobody comes with cookies here."""
        known = origin in self._origins
        asks = (
            scope["method"] == "OPTIONS"
            and _one(scope["headers"], b"access-control-request-method") is not None
        )

        async def answer(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers: Headers = [*message["headers"], (b"vary", b"Origin")]
                if known:
                    headers += [
                        (b"access-control-allow-origin", origin),
                        (b"access-control-expose-headers", EXPOSED.encode()),
                    ]
                if known and asks and message["status"] == 204:
                    headers += [
                        (b"access-control-allow-methods", _one(headers, b"allow") or b"GET"),
                        (b"access-control-allow-headers", ACCEPTED.encode()),
                        (b"access-control-max-age", b"600"),
                    ]
                message = {**message, "headers": headers}
            await send(message)

        return answer


class _Compressing:
    """Holds the head back until it is known whether the body comes whole."""

    def __init__(self, accepted: bool, path: str, send: Send) -> None:
        self._accepted, self._path, self._send = accepted, path, send
        self._start: MutableMapping[str, Any] | None = None

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        start, self._start = self._start, None
        if start is None:
            await self._send(message)
            return
        body: bytes = message.get("body", b"")
        if start["status"] == 304:  # with the Vary of the answer that it stands for (RFC 9110, 15.4.5)
            start = {**start, "headers": [*start["headers"], (b"vary", b"Accept-Encoding")]}
        if len(body) >= LEAST and not message.get("more_body") and _is_text(start["headers"]):
            headers: Headers = [*start["headers"], (b"vary", b"Accept-Encoding")]
            if self._accepted:
                body = await self._shrunk(body)
                headers = [each for each in headers if each[0].lower() != b"content-length"]
                headers += [(b"content-encoding", b"gzip"), (b"content-length", str(len(body)).encode())]
            start, message = {**start, "headers": headers}, {**message, "body": body}
        await self._send(start)
        await self._send(message)

    async def _shrunk(self, body: bytes) -> bytes:
        # The reference and the console's files are the same for everybody: once each. What is somebody's is not kept.
        make = _kept if self._path.startswith(_SAME) else _gzip
        return await asyncio.to_thread(make, body) if len(body) > ASIDE else make(body)


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, _LEVEL, mtime=0)


_kept = lru_cache(maxsize=16)(_gzip)


def _compressible(path: str) -> bool:
    return path.startswith(_STATIC) or not path.startswith(_PLAIN)


def _is_text(headers: Headers) -> bool:
    named = dict(headers)
    return named.get(b"content-type", b"").startswith(_TEXTS) and b"content-encoding" not in named


def _accepts(headers: Headers) -> bool:
    """Whether gzip is among what the caller takes (RFC 9110, 12.5.3): named, or by `*`, with a weight above 0."""
    found: dict[str, bool] = {}
    for name, value in headers:
        if name == b"accept-encoding":
            for part in value.decode("latin-1").lower().split(","):
                coding, *more = [each.strip() for each in part.split(";")]
                found[coding] = not any(_zero(each) for each in more)
    return found.get("gzip", found.get("*", False))


def _zero(weight: str) -> bool:
    name, _, value = weight.partition("=")
    return name.strip() == "q" and not value.strip("0. ")


def _one(headers: Headers, name: bytes) -> bytes | None:
    return next((value for each, value in headers if each.lower() == name), None)
