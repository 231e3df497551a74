"""Answers on their way out: gzip where it is worth it, other origins by setting; tags and 304 stay what they are."""

from __future__ import annotations

import gzip
from collections.abc import MutableMapping
from dataclasses import replace
from typing import Any

import httpx
import pytest

from service.kit import outgoing
from service.kit.outgoing import LEAST, Outgoing
from service.settings import Settings
from tests.worlds import running

ORIGIN = "https://portal.example.gov.cn"
LONG = b'{"a":"' + b"x" * LEAST + b'"}'


async def sent(
    *parts: bytes, path: str = "/api/v1/projects", accept: str | None = "gzip", kind: str = "application/json"
) -> tuple[dict[str, str], bytes]:
    """Headers and body of an answer of these parts, as it went out."""
    out: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        out.append(message)

    asked = [] if accept is None else [(b"accept-encoding", accept.encode())]
    answer = Outgoing().sender({"path": path, "method": "GET", "headers": asked}, send)
    headers = [(b"content-type", kind.encode()), (b"etag", b'"3"')]
    headers.append((b"content-length", str(sum(map(len, parts))).encode()))
    await answer({"type": "http.response.start", "status": 200, "headers": headers})
    for number, part in enumerate(parts, 1):
        await answer({"type": "http.response.body", "body": part, "more_body": number < len(parts)})
    names = {name.decode(): value.decode() for name, value in out[0]["headers"]}
    return names, b"".join(each["body"] for each in out[1:])


async def test_a_long_text_is_compressed_and_keeps_its_version() -> None:
    headers, body = await sent(LONG)
    assert gzip.decompress(body) == LONG
    assert headers["content-encoding"] == "gzip"
    assert headers["content-length"] == str(len(body))
    assert headers["vary"] == "Accept-Encoding"
    assert headers["etag"] == '"3"', "it names the version, which goes back in If-Match"


@pytest.mark.parametrize(
    "accept", [None, "", "identity", "gzip;q=0", "gzip; q=0.000", "br", "*;q=0", "gzip;q=0, *", "xgzip"]
)
async def test_whoever_does_not_take_gzip_gets_none(accept: str | None) -> None:
    headers, body = await sent(LONG, accept=accept)
    assert (body, headers.get("content-encoding"), headers["vary"]) == (LONG, None, "Accept-Encoding")


@pytest.mark.parametrize("accept", ["gzip", "br, gzip;q=0.5", "*", "GZIP", "deflate, gzip;q=1.0, *;q=0"])
async def test_whoever_takes_it_gets_it(accept: str) -> None:
    assert (await sent(LONG, accept=accept))[0]["content-encoding"] == "gzip"


async def test_what_is_not_compressed() -> None:
    """Short answers, streams, files, answers to a cookie, tokens."""
    for parts, more in (
        ((b"{}",), {}),
        ((LONG, LONG), {}),
        ((LONG,), {"kind": "application/pdf"}),
        ((LONG,), {"path": "/console/projects", "kind": "text/html"}),
        ((LONG,), {"path": "/api/v1/oauth/token"}),
    ):
        headers, body = await sent(*parts, **more)
        assert (body, headers.get("content-encoding")) == (b"".join(parts), None), more
    assert (await sent(LONG, path="/console/static/console.css", kind="text/css"))[0][
        "content-encoding"
    ] == "gzip"


async def test_no_page_that_answers_a_cookie_is_compressed(app: Any) -> None:
    """Wherever it stands: a page has its visitor's name and marks, and on /verify words that a stranger may choose."""
    pages = {route.path for route in app.app.routes if app.front.owns(route.path)}
    pages = {path for path in pages if not path.startswith("/console/static")}
    assert {"/verify", "/verify/file", "/console"} <= pages
    for path in pages:
        headers, body = await sent(LONG, path=path, kind="text/html")
        assert (body, headers.get("content-encoding")) == (LONG, None), path


async def test_what_is_somebodys_is_compressed_anew_and_not_kept() -> None:
    for path, kept in (("/feeds/obligations/a.b.c.ics", 0), ("/api/v1/projects", 0), ("/docs", 1)):
        before = outgoing._kept.cache_info().misses
        headers, body = await sent(LONG + path.encode(), path=path, kind="text/calendar")
        assert (headers["content-encoding"], gzip.decompress(body)) == ("gzip", LONG + path.encode())
        assert outgoing._kept.cache_info().misses - before == kept, path


async def test_over_http(settings: Settings, token: Any) -> None:
    """A list is compressed, its weak tag gives 304; HEAD tells what GET would; an origin that is set may call."""
    async with running(replace(settings, cors_origins=(ORIGIN,))) as app:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            known = {"authorization": f"Bearer {token('360100', 'gatekeeper')}"}
            plain = await client.get("/api/v1/vocabulary", headers={**known, "accept-encoding": "identity"})
            small = await client.get("/api/v1/vocabulary", headers=known)
            assert (small.headers["content-encoding"], small.content) == ("gzip", plain.content)
            assert small.headers["etag"] == plain.headers["etag"]
            head = await client.head("/api/v1/vocabulary", headers=known)
            assert head.headers["content-length"] == small.headers["content-length"]
            for tag in (plain.headers["etag"], plain.headers["etag"].removeprefix("W/")):
                again = await client.get("/api/v1/vocabulary", headers={**known, "if-none-match": tag})
                assert (again.status_code, again.content) == (304, b"")
                assert "Accept-Encoding" in again.headers["vary"], "as the answer that it stands for"
            await _origins(client, known)


async def _origins(client: httpx.AsyncClient, known: dict[str, str]) -> None:
    asks = {
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,if-match",
    }
    allowed = await client.options("/api/v1/projects", headers={**asks, "origin": ORIGIN})
    assert allowed.status_code == 204
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert {"GET", "POST"} <= set(allowed.headers["access-control-allow-methods"].split(", "))
    assert {"If-Match", "Idempotency-Key", "Authorization"} <= set(
        allowed.headers["access-control-allow-headers"].split(", ")
    )
    assert "access-control-allow-credentials" not in allowed.headers
    for origin in ("https://evil.example", "null", f"{ORIGIN}.evil.example", ORIGIN.upper()):
        other = await client.options("/api/v1/projects", headers={**asks, "origin": origin})
        assert not [name for name in other.headers if name.startswith("access-control")], origin
    refused = await client.get("/api/v1/me", headers={"origin": ORIGIN})
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (401, ORIGIN), (
        "told to the page"
    )
    read = await client.get("/api/v1/me", headers={**known, "origin": ORIGIN})
    assert "ETag" in read.headers["access-control-expose-headers"]
    assert "Origin" in read.headers.get_list("vary")
    assert (
        "access-control-allow-origin"
        not in (await client.get("/console/enter", headers={"origin": ORIGIN})).headers
    )


async def test_without_the_setting_no_other_origin_calls(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/me", headers={"origin": ORIGIN})
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "http://portal.example.gov.cn",
        "https://x.cn/",
        "https://x.cn/path",
        "https://u@x.cn",
        "HTTPS://x.cn",
        "https://*.x.cn",
        "null",
        "x.cn",
    ],
)
def test_an_origin_is_one(text: str) -> None:
    with pytest.raises(ValueError, match="CORS_ORIGINS"):
        Settings.from_env({"TONGJIAN_CORS_ORIGINS": text})


def test_origins_are_listed() -> None:
    made = Settings.from_env(
        {"TONGJIAN_CORS_ORIGINS": f"{ORIGIN}, http://localhost:5173", "TONGJIAN_COMPRESSION": "off"}
    )
    assert (made.cors_origins, made.compression) == ((ORIGIN, "http://localhost:5173"), False)
