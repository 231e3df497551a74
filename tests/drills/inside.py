"""TLS between our own machines, each proven by a certificate: PostgreSQL and Valkey without a password, haproxy → API.

With Debian's PostgreSQL, Redis and haproxy: the wheels of the demo know no TLS. The settings are those of
docs/operations.md; without a certificate, or without TLS, nobody is let in anywhere.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import shutil
import ssl
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from service.embedded.daemon import User, free_port
from tests.certificates import Authority
from tests.drills.cluster import NotRun, program

ROOT = Path(__file__).resolve().parents[2]
LOGINS = ("tj_tenant", "tj_province", "tj_relay")
HBA = """\
local all postgres trust
hostssl tongjian tongjian_owner 127.0.0.1/32 cert
hostssl tongjian tj_tenant,tj_province,tj_relay 127.0.0.1/32 cert map=tongjian
"""


class Machines:
    """The servers' files and ports under one directory."""

    def __init__(self, home: Path) -> None:
        self.home, self.authority, self.user = home, Authority(home), User(home / "none")
        self.postgres, self.valkey, self.api, self.front, self.metrics = (free_port(0) for _ in range(5))
        self.files = {
            name: self.authority.issued(name) for name in ("server", "tongjian_owner", "tongjian", "proxy")
        }

    def url(self, login: str, who: str = "tongjian") -> str:
        """As `deploy/env.example` has it: whom we ask, by what we know it, and what we prove ourselves by."""
        cert, key = self.files[who]
        return (
            f"postgresql://{login}@127.0.0.1:{self.postgres}/tongjian?sslmode=verify-full"
            f"&sslrootcert={self.authority.file}&sslcert={cert}&sslkey={key}"
        )

    @property
    def valkey_url(self) -> str:
        cert, key = self.files["tongjian"]
        return (
            f"rediss://127.0.0.1:{self.valkey}/0?ssl_ca_certs={self.authority.file}"
            f"&ssl_certfile={cert}&ssl_keyfile={key}"
        )

    def environment(self) -> dict[str, str]:
        """The service's settings."""
        cert, key = self.files["server"]
        own = {
            **{f"{login.removeprefix('tj_')}_url": self.url(login) for login in LOGINS},
            "environment": "production",
            "valkey_url": self.valkey_url,
            "secret_key": secrets.token_urlsafe(48),
            "signing_keys_file": self.home / "keys.json",
            "audit_anchor_dir": self.home,
            "documents_dir": self.home,
            "issuer": "https://tongjian.example.gov.cn",
            "port": self.api,
            "metrics_port": self.metrics,
            "tls_cert_file": cert,
            "tls_key_file": key,
            "tls_client_ca_file": self.authority.file,
            "trusted_proxies": "127.0.0.1/32",
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TONGJIAN_")}
        return kept | {f"TONGJIAN_{name.upper()}": str(value) for name, value in own.items()}


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found:
        raise NotRun("PostgreSQL with TLS is missing: install Debian's postgresql")
    return found[-1].parent


async def _postgres(at: Machines) -> subprocess.Popen[bytes]:
    """A cluster of its own that listens by TLS alone and takes nobody without a certificate."""
    binaries, data = _binaries(), at.home / "postgres"
    data.mkdir(mode=0o700)
    for each in (data, *at.files["server"]):
        at.user.give(each)
    log = at.home / "postgres.log"
    argv: list[Path | str] = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust"]
    if at.user.popen([*argv, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"], {}, log).wait():
        raise AssertionError(log.read_text())
    cert, key = at.files["server"]
    (data / "postgresql.auto.conf").write_text(
        f"port = {at.postgres}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = '{data}'\nfsync = off\n"
        f"ssl = on\nssl_cert_file = '{cert}'\nssl_key_file = '{key}'\nssl_ca_file = '{at.authority.file}'\n"
    )
    (data / "pg_hba.conf").write_text(HBA)
    (data / "pg_ident.conf").write_text("".join(f"tongjian tongjian {login}\n" for login in LOGINS))
    process = at.user.popen([binaries / "postgres", "-D", data], {}, log)
    for statement in (
        "CREATE ROLE tongjian_owner LOGIN CREATEROLE",
        "CREATE DATABASE tongjian OWNER tongjian_owner",
    ):
        await _local(data, at.postgres, statement)
    return process


async def _local(data: Path, port: int, statement: str) -> None:
    async with asyncio.timeout(60):
        while True:
            with suppress(OSError, asyncpg.CannotConnectNowError):
                made = await asyncpg.connect(host=str(data), port=port, user="postgres", database="postgres")
                await made.execute(statement)
                await made.close()
                return
            await asyncio.sleep(0.1)


def _valkey(at: Machines) -> subprocess.Popen[bytes]:
    cert, key = at.files["server"]
    argv = [
        program("redis-server", "redis-server"),
        "--port",
        "0",
        "--tls-port",
        str(at.valkey),
        "--bind",
        "127.0.0.1",
        "--tls-cert-file",
        str(cert),
        "--tls-key-file",
        str(key),
        "--tls-ca-cert-file",
        str(at.authority.file),
        "--tls-auth-clients",
        "yes",
        "--save",
        "",
        "--dir",
        str(at.home),
    ]
    return subprocess.Popen(argv, stdout=subprocess.DEVNULL)


def _haproxy(at: Machines) -> subprocess.Popen[bytes]:
    """The example's file, with the server line that docs/operations.md gives for an API on another machine."""
    text = (ROOT / "deploy" / "haproxy.cfg").read_text(encoding="utf-8")
    both = at.home / "proxy-both.pem"
    both.write_bytes(b"".join(each.read_bytes() for each in at.files["proxy"]))
    text = text.replace("bind 127.0.0.1:8080", f"bind 127.0.0.1:{at.front}")
    line = f"server api1 127.0.0.1:{at.api} ssl verify required ca-file {at.authority.file} crt {both}"
    text, count = re.subn(r"server api1 127\.0\.0\.1:8000", line, text)
    assert count == 1
    own = at.home / "haproxy.cfg"
    own.write_text(text, encoding="utf-8")
    return subprocess.Popen([program("haproxy", "haproxy"), "-db", "-f", str(own)])


def _run(env: dict[str, str], *arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "service.cli", *arguments], env=env, cwd=ROOT, check=True)


@asynccontextmanager
async def _running(at: Machines) -> AsyncIterator[None]:
    running = [await _postgres(at), _valkey(at)]
    env = at.environment()
    _run(env, "keys", "generate")
    owner = env | {"TONGJIAN_DATABASE_URL": at.url("tongjian_owner", "tongjian_owner")}
    _run(owner, "migrate")
    _run(owner, "seed")
    running.append(subprocess.Popen([sys.executable, "-m", "service.cli", "serve"], env=env, cwd=ROOT))
    running.append(_haproxy(at))
    try:
        yield
    finally:
        for each in reversed(running):
            each.terminate()
            with suppress(subprocess.TimeoutExpired):
                each.wait(20)


async def _ask(port: int, path: str, context: ssl.SSLContext | None = None) -> int:
    """The status; 0 where nobody speaks to us."""
    found = b""
    with suppress(OSError, asyncio.IncompleteReadError):
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        found = await reader.read(-1)
        writer.close()
    return int(found.split(b" ", 2)[1]) if found.startswith(b"HTTP/1.") else 0


async def _ready(at: Machines) -> None:
    async with asyncio.timeout(120):
        while await _ask(at.front, "/readyz") != 200:
            await asyncio.sleep(0.2)


async def _refusals(at: Machines) -> None:
    """Who has no certificate, or another's, or speaks no TLS, is let in nowhere."""
    bare = f"postgresql://tj_tenant@127.0.0.1:{at.postgres}/tongjian"
    others = at.url("tongjian_owner")  # the service's certificate does not open the owner's login
    for url in (bare, f"{bare}?sslmode=require", others):
        try:
            await asyncpg.connect(url, timeout=10)
        except (asyncpg.PostgresError, OSError):
            continue
        raise AssertionError("PostgreSQL let somebody in without the right certificate")
    plain, unproven = f"redis://127.0.0.1:{at.valkey}", at.valkey_url.partition("&")[0]
    for url in (plain, unproven):
        client = Redis.from_url(url)
        try:
            await client.ping()
        except (RedisError, OSError):
            await client.aclose()
            continue
        raise AssertionError("Valkey let somebody in without a certificate")
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ours.load_verify_locations(at.authority.file)
    assert await _ask(at.api, "/livez") in (0, 400), "the API answers plain http"
    assert await _ask(at.api, "/livez", ours) == 0, "the API answers who has no certificate"
    assert await _ask(at.metrics, "/metrics", ours) == 200
    assert await _ask(at.metrics, "/metrics") == 0, "metrics are told by plain http"


async def drill(short: bool) -> None:
    del short
    home = Path(tempfile.mkdtemp(prefix="tj-inside-"))
    home.chmod(0o711)
    try:
        at = Machines(home)
        at.authority.file.chmod(0o644)
        async with _running(at):
            await _ready(at)
            print("haproxy → API by TLS with certificates on both sides; /readyz 200")
            owner = await asyncpg.connect(
                host=str(home / "postgres"), port=at.postgres, user="postgres", database="postgres"
            )
            seen = await owner.fetch(
                "SELECT a.usename, s.ssl, s.client_dn FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) "
                "WHERE a.usename LIKE 'tj\\_%'"
            )
            await owner.close()
            told = {(row["usename"], row["ssl"], row["client_dn"]) for row in seen}
            print(f"PostgreSQL: {sorted(each[0] for each in told)} by certificate, TLS")
            assert told == {(login, True, "/CN=tongjian") for login in LOGINS}, told
            client = Redis.from_url(at.valkey_url)
            assert await client.ping()
            await client.aclose()
            await _refusals(at)
            print(
                "without a certificate, with another's, without TLS: refused by PostgreSQL, Valkey and the API"
            )
    finally:
        shutil.rmtree(home, ignore_errors=True)
