"""The API's own TLS, for a proxy on another machine: its certificate is verified, and that of whoever comes as well."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from service.cli.serve import bounds_of, tls_of
from service.kit.bounds import Config
from service.kit.listening import Listener
from service.settings import Settings
from tests.certificates import Authority

GET = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


async def _hello(scope: Any, receive: Any, send: Any) -> None:
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"x-scheme", scope["scheme"].encode())]}
    )
    await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[int]:
    """Our listener on a socket of its own, with the settings' TLS; the port."""
    config = Config(_hello, http=Listener, lifespan="off", log_config=None, **tls_of(settings))
    config.bounds = bounds_of(settings)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(config)
    running = asyncio.create_task(server._serve([listening]))
    yield int(listening.getsockname()[1])
    server.should_exit = True
    await running


async def asked(port: int, context: ssl.SSLContext | None) -> bytes:
    """What comes back; empty where nobody is spoken to."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
        writer.write(GET)
        found = await reader.read(-1)
        writer.close()
    except (OSError, ssl.SSLError):
        return b""
    return found


def trusting(authority: Authority, *files: Path, suite: str = "") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(authority.file)
    if files:
        context.load_cert_chain(*files)
    if suite:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(suite)
    return context


async def test_only_who_has_a_certificate_of_the_issuer_speaks_to_the_api(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    ours, theirs = Authority(tmp_path), Authority(tmp_path / "other")
    cert, key = ours.issued("api")
    tls = Settings(tls_cert_file=cert, tls_key_file=key, tls_client_ca_file=ours.file)
    async with serving(tls) as port:
        told = await asked(port, trusting(ours, *ours.issued("proxy")))
        assert told.startswith(b"HTTP/1.1 200") and b"x-scheme: https" in told
        assert await asked(port, trusting(ours)) == b""
        assert await asked(port, trusting(ours, *theirs.issued("stranger"))) == b""
        assert await asked(port, trusting(theirs, *ours.issued("proxy2"))) == b""  # it does not believe us
        assert not (await asked(port, None)).startswith(b"HTTP/1.1 200")
        for suite, taken in (("ECDHE-ECDSA-AES128-GCM-SHA256", True), ("ECDHE-ECDSA-AES128-SHA256", False)):
            told = await asked(port, trusting(ours, *ours.issued("by-suite"), suite=suite))
            assert bool(told) is taken, suite
    async with serving(Settings(tls_cert_file=cert, tls_key_file=key)) as port:
        assert (await asked(port, trusting(ours))).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"tls_cert_file": Path("/dev/null")}, "belong together"),
        ({"tls_client_ca_file": Path("/dev/null")}, "needs TONGJIAN_TLS_CERT_FILE"),
        ({"tls_cert_file": Path("/nowhere"), "tls_key_file": Path("/dev/null")}, "readable"),
        (
            {"tls_cert_file": Path("/dev/null"), "tls_key_file": Path("/dev/null"), "proxy_protocol": True},
            "before TLS",
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_half_a_setting_is_refused(given: dict[str, Any], said: str) -> None:
    problems = Settings(environment="development", **given).problems()
    assert any(said in each for each in problems), problems
