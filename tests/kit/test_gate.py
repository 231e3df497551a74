"""The gate: what it does before anything else of the service runs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from ipaddress import ip_network
from typing import Any

import httpx

from service.identity.revoking import RevocationPoller
from service.kit import handler
from service.kit.authn import Revocations
from service.kit.gate import Gate


async def test_a_stale_list_of_revocations_is_read_once_more_and_else_nobody_is_let_in(
    app: Any, as_user: Any
) -> None:
    shelf = app.app.state.services.shelf
    shelf[Revocations].replace({}, 0.0)  # as after a standstill
    assert (await as_user("360100")("GET", "/me")).status_code == 200
    kept, app.refresh = app.refresh, _down
    try:
        shelf[Revocations].replace({}, 0.0)
        answer = await as_user("360100")("GET", "/me")
        assert (answer.status_code, answer.json()["code"]) == (503, "revocations_stale")
        assert answer.headers["retry-after"]
    finally:
        app.refresh = kept
        await shelf[RevocationPoller].load()


async def _down() -> None:
    raise OSError


async def test_request_ids_come_back_when_harmless_and_are_made_otherwise(client: Any) -> None:
    assert (await client.get("/livez", headers={"x-request-id": "trace-0001.a_b"})).headers[
        "x-request-id"
    ] == "trace-0001.a_b"
    for odd in ("x", "a b c d e f g h", "<script>alert(1)</script>", "x" * 65):
        assert (await client.get("/livez", headers={"x-request-id": odd})).headers["x-request-id"] != odd


async def test_gate_and_router_read_one_address(client: Any, as_user: Any) -> None:
    """An empty step (an id that was never set) leads nowhere; an end in a slash is the address without it."""
    ask = as_user("360100")
    for path in ("//me", "/projects//documents", "/webhooks//deliveries"):
        assert ((answer := await ask("GET", path)).status_code, answer.json()["code"]) == (404, "not_found")
    for path in ("/console//apps", "/api//v1/oauth/token", "/verify//file", "/.well-known//jwks.json"):
        assert (await client.get(path)).status_code == 404, path
    assert (await ask("GET", "/me/")).json()["login"] == (await ask("GET", "/me")).json()["login"]
    page = await client.get("/console/enter/")
    assert page.headers["content-type"].startswith("text/html")
    assert (
        page.headers["content-security-policy"]
        == (await client.get("/console/enter")).headers["content-security-policy"]
    )


async def test_every_answer_carries_the_security_headers(client: Any) -> None:
    for path in ("/livez", "/api/v1/projects", "/nothing", "/docs", "/openapi.json", "/console/enter"):
        headers = (await client.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] in ("no-referrer", "same-origin")
        assert headers["cross-origin-resource-policy"] == "same-origin"
        (policy,) = headers.get_list("content-security-policy")
        said = {each.strip() for each in policy.split(";")}
        assert {
            "default-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        } <= said
        if headers["content-type"].startswith("text/"):
            assert "charset=utf-8" in headers["content-type"], path
        assert "strict-transport-security" not in headers  # in development there is no https


async def test_in_production_a_browser_is_told_to_come_by_https_alone(app: Any) -> None:
    strict = Gate(
        app.app,
        verifier=app.verifier,
        telemetry=app.telemetry,
        scan=app.scan,
        bounds=app.bodies,
        limits=app.limits,
        refresh=app.refresh,
        front=app.front,
        https=True,
    )
    transport = httpx.ASGITransport(strict)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
        for path in ("/livez", "/api/v1/projects", "/console/enter", "/docs"):
            told = re.fullmatch(
                r"max-age=(\d+); includeSubDomains",
                (await client.get(path)).headers["strict-transport-security"],
            )
            assert told is not None and int(told[1]) >= 31_536_000, path


async def test_in_production_no_program_is_served_in_the_clear(app: Any) -> None:
    """Nor redirected: it would go on sending its secrets so. Only a proxy of ours is believed in this."""
    given = {
        name: getattr(app, name) for name in ("verifier", "telemetry", "scan", "limits", "refresh", "front")
    }
    for trusted, refused in (((ip_network("127.0.0.0/8"),), 400), ((), 401)):
        strict = Gate(app.app, **given, bounds=app.bodies, https=True, trusted=trusted)
        transport = httpx.ASGITransport(strict)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
            for said, status in (
                ("http", refused),
                ("https, HTTP", refused),
                ("https", 401),
                ("http, https", 401),
            ):
                answer = await client.get("/api/v1/projects", headers={"x-forwarded-proto": said})
                assert answer.status_code == status, (trusted, said)
                assert (answer.json()["code"] == "malformed_request") == (status == 400)
                assert "location" not in answer.headers
            for path in ("/livez", "/console/enter", "/docs"):
                answer = await client.get(path, headers={"x-forwarded-proto": "http"})
                assert answer.status_code == 200, path


async def test_trace_is_answered_to_nobody(client: Any) -> None:
    for path in ("/livez", "/api/v1/projects", "/console/enter"):
        answer = await client.request("TRACE", path, headers={"x-secret": "told-back"})
        assert answer.status_code in (401, 405) and "told-back" not in answer.text, path


async def test_only_who_is_known_may_send_a_whole_file(app: Any, client: Any, as_user: Any) -> None:
    """What is held in memory before anybody is known stays small, on the paths of files too."""
    path, file = "/api/v1/projects/360100-x/documents", b"x" * (app.bodies.known + 1)
    for headers in ({}, {"authorization": "Bearer x.y.z"}):
        answer = await client.post(path, content=file, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    known = await as_user("360100")("POST", path.removeprefix("/api/v1"), content=file)
    assert known.status_code != 413


async def test_whoever_stops_reading_ends_the_making(monkeypatch: Any) -> None:
    monkeypatch.setattr(handler, "STALLED_SECONDS", 0.05)
    ended = False

    async def parts() -> AsyncGenerator[bytes, None]:
        nonlocal ended
        try:
            yield b"1"
            yield b"2"
        finally:
            ended = True

    async def send(message: Any) -> None:
        if message.get("body"):
            await asyncio.Event().wait()

    async def receive() -> Any:
        await asyncio.Event().wait()

    async with asyncio.timeout(120):
        await handler.Streamed(200, {"content-type": "text/plain"}, parts())({}, receive, send)  # type: ignore[typeddict-item]
    assert ended
