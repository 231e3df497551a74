"""A real S3 server for tests: SeaweedFS, from its wheel, on loopback, which checks signatures."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError

from service.documents.objects import ObjectStorage, bucket_of
from service.settings import Settings

WEED = Path(sys.executable).with_name("weed")
BUCKET = "tongjian-documents"
_PORTS = ("master", "volume", "filer", "s3")


@dataclass
class Server:
    """A running server; `settings` those of a deployment whose attachments lie in a bucket of its."""

    process: subprocess.Popen[bytes]
    port: int
    master: str
    where: Path

    def settings(self, of: Settings, **given: Any) -> Settings:
        url = f"http://127.0.0.1:{self.port}/{BUCKET}"
        return replace(
            of,
            documents_dir=None,
            **{"documents_url": url, "documents_access": "tongjian:known-here", **given},
        )

    def shell(self, line: str) -> str:
        """A command of the server's operator."""
        done = subprocess.run(
            [WEED, "shell", f"-master={self.master}"],
            input=line.encode(),
            capture_output=True,
            timeout=120,
            check=True,
        )
        return (done.stdout + done.stderr).decode()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def serving(where: Path) -> Iterator[Server]:
    """Up and answering; killed at the end."""
    where.mkdir(parents=True, exist_ok=True)
    identity = {
        "name": "tongjian",
        "credentials": [{"accessKey": "tongjian", "secretKey": "known-here"}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    (where / "s3.json").write_text(json.dumps({"identities": [identity]}))
    ports = _free(2 * len(_PORTS))
    argv = [
        str(WEED),
        "-logtostderr=true",
        "server",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-dir={where}",
        "-filer",
        "-s3",
        f"-s3.config={where / 's3.json'}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-volume.max=20",
        "-master.volumeSizeLimitMB=64",
    ]
    for number, name in enumerate(_PORTS):
        argv += [f"-{name}.port={ports[2 * number]}", f"-{name}.port.grpc={ports[2 * number + 1]}"]
    with (where / "log").open("wb") as log:
        process = subprocess.Popen(argv, stdout=log, stderr=log, cwd=where)
    server = Server(process, ports[6], f"127.0.0.1:{ports[0]}.{ports[1]}", where)
    try:
        _await(server)
        yield server
    finally:
        server.kill()


def store(server: Server, of: Settings, **given: Any) -> ObjectStorage:
    return bucket_of(server.settings(of, **given))


def _await(server: Server) -> None:
    """The first object makes the bucket; it is refused until all parts of the server know each other."""
    first = bucket_of(server.settings(Settings()))._store
    until = time.monotonic() + 120
    while True:
        try:
            obstore.put(first, "360000/first", b"1", use_multipart=False)
            obstore.delete(first, "360000/first")
            return
        except BaseError:
            assert server.process.poll() is None, (server.where / "log").read_text()
            assert time.monotonic() < until, (server.where / "log").read_text()


def _free(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in held]
    finally:
        for each in held:
            each.close()
