"""Where a demo lives: its servers, database, keys, port, and the processes it keeps running."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from service.embedded.servers import Servers
from service.kit import clock, keys
from service.kit.db import Door
from service.kit.leader import connected
from service.settings import Settings
from service.setup.seed import seed

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG = 1
_LONGEST_PAUSE = 5.0


@dataclass(frozen=True)
class Place:
    """A demo's directory, the environment of its processes, and its servers where they are its own."""

    home: Path
    env: Mapping[str, str]
    listening: socket.socket
    servers: Servers | None

    @property
    def settings(self) -> Settings:
        return Settings.from_env(self.env)

    @property
    def base(self) -> str:
        """The address to call it at."""
        host, port = self.listening.getsockname()[:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"


@contextlib.contextmanager
def directory(home: Path, *, once: bool) -> Iterator[Path]:
    """`home`, or a directory of its own that goes with its data, so that a running demo is not disturbed."""
    if not once:
        home.mkdir(parents=True, exist_ok=True)
        yield home
        return
    temporary = Path(tempfile.mkdtemp(prefix="tongjian-once-"))
    temporary.chmod(0o711)  # PostgreSQL may run as another user
    try:
        yield temporary
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextlib.contextmanager
def place(
    home: Path,
    env: Mapping[str, str],
    *,
    once: bool,
    port: int | None,
    replicated: bool = False,
    environment: str = "development",
) -> Iterator[Place]:
    """A demo's place with its servers up; ends the process where it cannot be had. `replicated`: see Servers."""
    env = {**env, "TONGJIAN_ENVIRONMENT": environment}
    given = Settings.from_env(env)
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(_listening(given, once=once, port=port))
        servers = None
        if not (given.database_url and given.valkey_url):
            root = home if not once else home / "servers"
            servers = Servers(root, durable=not once, replicated=replicated)
            try:
                servers.start()
            except RuntimeError as error:
                raise SystemExit(f"tongjian demo: {error}") from None
            stack.callback(servers.remove if once else servers.stop)
        database = given.database_url
        if not database and servers is not None:
            database = servers.create_database("tongjian")
        elif once:
            database = stack.enter_context(_temporary_database(database))
        valkey = given.valkey_url or (servers.valkey_url if servers is not None else "")
        made = Place(home, _environment(home, env, given, database, valkey, listening), listening, servers)
        yield made


def _environment(
    home: Path, env: Mapping[str, str], given: Settings, database: str, valkey: str, listening: socket.socket
) -> dict[str, str]:
    """What the processes are told; whatever is set already stays, except where the demo is."""
    signing = given.signing_keys_file or home / "signing-keys.json"
    with contextlib.suppress(FileExistsError):
        keys.generate(signing, clock.timestamp())
    bare = Place(home, {}, listening, None)
    defaults = {
        "TONGJIAN_AUDIT_ANCHOR_DIR": str(home / "anchors"),
        "TONGJIAN_DOCUMENTS_DIR": str(home / "documents"),
        "TONGJIAN_CLOCK_FILE": str(home / "clock"),
        "TONGJIAN_LOG_LEVEL": "WARNING",
        "TONGJIAN_ISSUER": bare.base,
    }
    if given.documents_url:  # one of the two
        del defaults["TONGJIAN_DOCUMENTS_DIR"]
    ours = {
        "TONGJIAN_ENVIRONMENT": given.environment,
        "TONGJIAN_DATABASE_URL": database,
        "TONGJIAN_VALKEY_URL": valkey,
        "TONGJIAN_SIGNING_KEYS_FILE": str(signing),
        "TONGJIAN_PORT": str(listening.getsockname()[1]),
        "TONGJIAN_WORKERS": "1",
    }
    if database != given.database_url:  # of another database, where they were given
        ours |= dict.fromkeys(("TONGJIAN_TENANT_URL", "TONGJIAN_PROVINCE_URL", "TONGJIAN_RELAY_URL"), "")
    return {**defaults, **{name: value for name, value in env.items() if value}, **ours}


@contextlib.contextmanager
def _listening(given: Settings, *, once: bool, port: int | None) -> Iterator[socket.socket]:
    """A socket that listens from now on: the API may come, go and come back behind it."""
    wanted = port or given.port
    tries = [port] if port else [0] if once else [*range(wanted, min(wanted + 50, 65536)), 0]
    family = socket.AF_INET6 if ":" in given.host else socket.AF_INET
    error: OSError | None = None
    for each in tries:
        made = socket.socket(family)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind((given.host, each))
            made.listen(1024)
        except OSError as refused:
            made.close()
            error = refused
        else:
            with made:
                yield made
            return
    raise SystemExit(f"tongjian demo: cannot listen on {given.host} port {wanted}: {error}")


@contextlib.contextmanager
def _temporary_database(url: str) -> Iterator[str]:
    """A database beside the given one on a server of the operator's own, dropped afterwards."""
    name = f"tongjian_once_{secrets.token_hex(6)}"

    async def run(statement: str) -> None:
        connection = await connected(url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    # In a thread: whoever asks for a place may have a loop running already.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(asyncio.run, run(f"CREATE DATABASE {name}")).result()
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            aside.submit(asyncio.run, run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")).result()


async def seeded(settings: Settings, *, demo: bool) -> None:
    """Reference data and organs; with `demo` also people and portals. Changes nothing that is there."""
    urls = {"tenant": settings.tenant_url, "province": settings.province_url, "relay": settings.relay_url}
    door = Door(urls, pool_max=2)  # type: ignore[arg-type]
    await door.open()
    try:
        await seed(settings.database_url, door, demo=demo, secret_key=settings.secret_key)
    finally:
        await door.close()


class Process:
    """One process of `tongjian` that is started again when it dies and never outlives us, even by kill -9."""

    def __init__(self, name: str, arguments: list[str], at: Place, say: Callable[[str], None]) -> None:
        self.name, self.log = name, at.home / f"{name}.log"
        self.failures = 0
        self._arguments, self._env, self._fd, self._say = arguments, at.env, at.listening.fileno(), say
        self._process: subprocess.Popen[bytes] | None = None
        self._due = self._begun = 0.0

    def keep(self) -> None:
        """Starts it where it does not run, at growing intervals while it keeps dying."""
        now = clock.monotonic()
        if self._process is not None:
            code = self._process.poll()
            if code is None:
                if now - self._begun > 10:
                    self.failures = 0
                return
            self._process = None
            self.failures += 1
            self._due = now + min(_LONGEST_PAUSE, 0.1 * 2**self.failures)
            self._say(f"{self.name} ended ({code}); starting it again, see {self.log}")
        if now >= self._due:
            self._start(now)

    def _start(self, now: float) -> None:
        if self.log.exists() and self.log.stat().st_size > 8_000_000:
            self.log.replace(self.log.with_suffix(".log.1"))
        parent = os.getpid()

        def tie() -> None:
            # Linux ends the child with its parent; gone already, it must not start at all.
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
            if os.getppid() != parent:
                os._exit(1)

        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "service.cli", *self._arguments],
                env={**self._env},
                cwd=Path(__file__).resolve().parents[2],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(self._fd,) if "--fd" in self._arguments else (),
                start_new_session=True,  # Ctrl-C is for us: we end it in order
                preexec_fn=tie,
            )
        self._begun = now

    def tail(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:]) if self.log.exists() else ""

    def ask_to_end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def end(self) -> None:
        """Waits for its end, and insists after ten seconds."""
        if self._process is None:
            return
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
