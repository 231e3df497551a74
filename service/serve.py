"""`tongjian serve`: the API under uvicorn."""

from __future__ import annotations

import socket

import uvicorn

from service.app import create_app
from service.kit.gate import Gate
from service.kit.tasks import DEAD, end_process_on_death
from service.settings import Settings, load

APPLICATION = "service.serve:application"


def application() -> Gate:
    """The application of one worker process, from its own environment; a dead background task ends the process."""
    end_process_on_death()
    return create_app(load())


def run(settings: Settings, fd: int | None = None) -> int:
    """Serves until a signal. `fd`: a socket that listens already, so that a restart refuses no connection.

    No forwarded headers are believed, since nothing depends on the caller's address; no access log, since it
    would hold paths and queries.
    """
    config = uvicorn.Config(
        APPLICATION,
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=10,
    )
    if settings.workers > 1 and fd is None:
        from uvicorn.supervisors import Multiprocess

        Multiprocess(config, sockets=[config.bind_socket()]).run()
        return 0
    server = uvicorn.Server(config)
    server.run(sockets=None if fd is None else [socket.socket(fileno=fd)])
    return 0 if server.started and not DEAD else 1
