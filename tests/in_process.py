"""A client for an application in this process. What httpx does for servers elsewhere is a quarter of a test's time.

Plain requests go straight to the application (ASGI 3.0): no cookies, no redirects, no compression asked for, nothing
logged. All others take httpx's way.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any
from urllib.parse import unquote

import httpx

BASE = "http://127.0.0.1:8000"
_HOST = (b"host", BASE.removeprefix("http://").encode())
# Of these httpx would change nothing on their way.
_PLAIN = re.compile(r"/(?!/)[A-Za-z0-9_/,:*-]*(?:\.[A-Za-z0-9]+)?(?:\?[A-Za-z0-9_=&.,:*-]*)?")


class InProcess(httpx.AsyncClient):
    """httpx's client of the application, with a shorter way for plain requests."""

    def __init__(self, app: Any) -> None:
        super().__init__(transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url=BASE)
        self._app = app

    async def plain(self, method: str, url: str, headers: dict[str, str], body: Any) -> httpx.Response:
        """One request with a JSON body, or none; `url` begins with a slash."""
        if not _PLAIN.fullmatch(url):
            return await self.request(
                method, url, headers=headers, **({} if body is None else {"json": body})
            )
        sent = b"" if body is None else _json(body)
        raw = [_HOST, *((name.lower().encode(), value.encode()) for name, value in headers.items())]
        if body is not None:
            raw += [(b"content-type", b"application/json"), (b"content-length", str(len(sent)).encode())]
        path, _, query = url.partition("?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": raw,
            "server": ("127.0.0.1", 8000),
            "client": ("127.0.0.1", 123),
        }
        exchange = _Exchange(sent)
        try:
            await self._app(scope, exchange.receive, exchange.send)
        except Exception:
            if exchange.start is None:
                exchange.start = {"status": 500}
        return exchange.answer(method, url)


class _Exchange:
    """What the application receives and sends for one request."""

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body
        self._parts: list[bytes] = []
        self._over = asyncio.Event()
        self.start: dict[str, Any] | None = None

    async def receive(self) -> dict[str, Any]:
        if self._body is None:
            await self._over.wait()
            return {"type": "http.disconnect"}
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            self._parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                self._over.set()

    def answer(self, method: str, url: str) -> httpx.Response:
        assert self.start is not None, "the application has answered nothing"
        content = b"" if method == "HEAD" else b"".join(self._parts)
        made = Answer(self.start["status"], headers=self.start.get("headers", ()), content=content)
        made.asked = (method, url)
        return made


class Answer(httpx.Response):
    """A response whose request is made up when somebody looks at it."""

    asked: tuple[str, str]

    @property
    def request(self) -> httpx.Request:
        method, url = self.asked
        return httpx.Request(method, BASE + url)


def _json(body: Any) -> bytes:
    """As httpx writes it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
