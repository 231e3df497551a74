"""`tongjian serve`: the API under uvicorn."""

from __future__ import annotations

import asyncio
import resource
import socket
import ssl
from typing import Any

import uvicorn

from service.app import create_app
from service.kit.bounds import Bounds, Config
from service.kit.garbage import settle
from service.kit.gate import Gate
from service.kit.listening import Listener
from service.kit.tasks import DEAD, end_process_on_death
from service.kit.telemetry import Telemetry
from service.settings import Settings, load
from service.setup.demo_mark import refuse_demo

APPLICATION = "service.cli.serve:application"
SUITES = ":".join(
    f"ECDHE-{key}-AES{size}" for size in ("128-GCM-SHA256", "256-GCM-SHA384") for key in ("ECDSA", "RSA")
)


def application() -> Gate:
    """The application of one worker process, from its own environment; a dead background task ends the process."""
    end_process_on_death()
    settings = load()
    made = create_app(settings)
    settle()
    if settings.metrics_port:
        telemetry: Telemetry = made.app.state.services.shelf[Telemetry]  # type: ignore[attr-defined]
        telemetry.serve(settings.host, settings.metrics_port, settings.workers, tls=settings.tls)
    return made


def run(settings: Settings, fd: int | None = None) -> int:
    """Serves until a signal. `fd`: a socket that listens already, so that a restart refuses no connection.

    Forwarded headers are the gate's matter (kit/address.py); no access log, since it would hold paths and queries.
    """
    asyncio.run(refuse_demo(settings))
    config = Config(
        APPLICATION,
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop="uvloop",
        http=Listener,
        ws="none",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_keep_alive=settings.keep_alive_s,
        timeout_graceful_shutdown=10,
        **tls_of(settings),
    )
    config.bounds = bounds_of(settings)
    _allow_files(settings.max_connections)
    if settings.workers > 1 and fd is None:
        from uvicorn.supervisors import Multiprocess

        Multiprocess(config, sockets=[config.bind_socket()]).run()
        return 0
    server = uvicorn.Server(config)
    server.run(sockets=None if fd is None else [socket.socket(fileno=fd)])
    return 0 if server.started and not DEAD else 1


def tls_of(settings: Settings) -> dict[str, Any]:
    """TLS 1.2 with forward secrecy, or 1.3, as the proxies in front speak it (deploy/haproxy.cfg); else plain http.

    With an issuer of clients, whoever has no certificate of its gets no further than the handshake.
    """
    if settings.tls_cert_file is None:
        return {}
    return {
        "ssl_certfile": settings.tls_cert_file,
        "ssl_keyfile": settings.tls_key_file,
        "ssl_ca_certs": settings.tls_client_ca_file,
        "ssl_cert_reqs": ssl.CERT_NONE if settings.tls_client_ca_file is None else ssl.CERT_REQUIRED,
        "ssl_ciphers": SUITES,
    }


def bounds_of(settings: Settings) -> Bounds:
    """What one connection may take."""
    return Bounds(
        header_bytes=settings.max_header_bytes,
        header_seconds=settings.header_timeout_s,
        write_seconds=settings.write_timeout_s,
        connections=settings.max_connections,
        per_address=settings.max_connections_per_address,
        trusted=settings.trusted_proxies,
        proxy_protocol=settings.proxy_protocol,
    )


def _allow_files(connections: int) -> None:
    """Raises this process's soft limit of open files, often 1024: accepting must not fail before the bound does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * connections + 512  # those that are just being refused, the database, the files
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
