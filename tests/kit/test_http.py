"""The outbound client: who may be called, over which address, and what it never does."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from service.kit.http import Failure, Outbound, Response, parse_address, permitted

LOOPBACK = [ip_network("127.0.0.0/8")]


@asynccontextmanager
async def serving(handler: Any, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handler)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


@asynccontextmanager
async def calling(networks: Any = LOOPBACK, **options: Any) -> AsyncIterator[Outbound]:
    outbound = Outbound(networks, **options)
    await outbound.open()
    try:
        yield outbound
    finally:
        await outbound.close()


def resolving(*answers: list[str]) -> tuple[Any, list[str]]:
    """A resolver that gives one answer after the other, and the names it was asked for."""
    asked: list[str] = []

    async def lookup(host: str, _port: int) -> list[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return lookup, asked


async def test_answers_are_values_and_the_body_is_cut() -> None:
    async def handler(request: web.Request) -> web.Response:
        assert request.headers["x-test"] == "1"
        return web.Response(status=503, body=await request.read() * 1000)

    async with serving(handler) as port, calling(max_bytes=100) as outbound:
        answer = await outbound.post(f"http://127.0.0.1:{port}/", b"0123456789", {"x-test": "1"})
    assert isinstance(answer, Response)
    assert answer.status == 503
    assert len(answer.body) == 100


async def test_connects_to_the_checked_address_and_asks_once() -> None:
    """A second look-up, which a name server under foreign control answers differently, never happens."""
    hosts = []

    async def handler(request: web.Request) -> web.Response:
        hosts.append(request.host)
        return web.Response()

    lookup, asked = resolving(["127.0.0.1"], ["10.0.0.1"])
    async with serving(handler) as port, calling(lookup=lookup) as outbound:
        answer = await outbound.post(f"http://portal.example:{port}/hook", b"", {})
        assert isinstance(answer, Response)
        assert asked == ["portal.example"]
        assert hosts == [f"portal.example:{port}"]


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        ["127.0.0.1", "10.0.0.1"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["169.254.169.254"],
        ["0.0.0.0"],
        ["fe80::1%eth0"],
        [],
    ],
)
async def test_a_name_with_any_address_outside_the_networks_is_refused(addresses: list[str]) -> None:
    lookup, _ = resolving(addresses)
    async with calling(lookup=lookup) as outbound:
        assert await outbound.post("http://portal.example/", b"", {}) == Failure("address_not_allowed")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://10.1.2.3/", "address_not_allowed"),
        ("http://[::1]/", "address_not_allowed"),
        ("http://[::ffff:10.1.2.3]/", "address_not_allowed"),
        ("http://2130706433/", "invalid_url"),
        ("http://127.1/", "invalid_url"),
        ("ftp://127.0.0.1/", "invalid_url"),
        ("file:///etc/passwd", "invalid_url"),
        ("http:///nowhere", "invalid_url"),
        ("http://127.0.0.1:99999/", "invalid_url"),
    ],
)
async def test_literal_addresses_and_strange_urls_are_refused(url: str, code: str) -> None:
    async with calling() as outbound:
        answer = await outbound.post(url, b"", {})
        assert answer == Failure(code), answer


async def test_redirects_are_not_followed_and_cookies_not_kept() -> None:
    seen = []

    async def handler(request: web.Request) -> web.Response:
        seen.append((request.path, request.headers.get("cookie")))
        return web.Response(status=307, headers={"location": "/elsewhere", "set-cookie": "a=b"})

    async with serving(handler) as port, calling() as outbound:
        for _ in range(2):
            answer = await outbound.post(f"http://127.0.0.1:{port}/hook", b"", {})
            assert isinstance(answer, Response)
            assert answer.status == 307
    assert seen == [("/hook", None)] * 2


async def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    async def handler(_request: web.Request) -> web.Response:
        return web.Response()

    async with serving(handler) as port, calling() as outbound:
        assert isinstance(await outbound.post(f"http://127.0.0.1:{port}/", b"", {}), Response)


async def test_a_slow_receiver_times_out_and_a_closed_port_is_told() -> None:
    async def handler(_request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    async with serving(handler) as port, calling(timeout=0.3) as outbound:
        assert await outbound.post(f"http://127.0.0.1:{port}/", b"", {}) == Failure("timeout")
    async with calling() as outbound:
        assert await outbound.post(f"http://127.0.0.1:{port}/", b"", {}) == Failure("connection_refused")


async def test_a_body_that_never_ends_does_not_undo_the_status() -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=200)
        await response.prepare(request)
        await asyncio.Event().wait()
        return response

    async with serving(handler) as port, calling(timeout=2) as outbound:
        assert await outbound.post(f"http://127.0.0.1:{port}/", b"", {}) == Response(200, b"")


async def test_what_is_no_http_is_a_failure() -> None:
    async def talk(_reader: Any, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, calling() as outbound:
        assert isinstance(await outbound.post(f"http://127.0.0.1:{port}/", b"", {}), Failure)


async def test_unresolvable_names_are_told() -> None:
    async def lookup(_host: str, _port: int) -> list[str]:
        raise OSError("no such name")

    async with calling(lookup=lookup) as outbound:
        assert await outbound.post("https://portal.example/", b"", {}) == Failure("unresolvable")


async def test_certificates_are_verified(tmp_path: Path) -> None:
    async def handler(_request: web.Request) -> web.Response:
        return web.Response()

    async with serving(handler, _self_signed(tmp_path)) as port, calling() as outbound:
        assert await outbound.post(f"https://127.0.0.1:{port}/", b"", {}) == Failure("tls_failed")


def test_permitted_knows_mapped_addresses() -> None:
    assert permitted(parse_address("::ffff:127.0.0.1"), LOOPBACK)
    assert not permitted(parse_address("localhost"), LOOPBACK)
    assert not permitted(parse_address("127.0.0.1"), [])


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "portal")])
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=9))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = folder / "portal.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
