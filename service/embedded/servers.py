"""The embedded PostgreSQL 18 and Valkey of `demo` and of the tests: real servers from wheels.

root/lock          held by the process that owns the servers
root/servers.json  0600: passwords and ports, the same on every start
home/              {postgres,valkey}/, *.conf, *.log. It is root itself, or /var/lib/tongjian/<hash of root>
                   when we are the superuser and the user who runs the servers cannot reach root
"""

import atexit
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path
from signal import SIGKILL
from typing import Self

import msgspec

from service.embedded.daemon import SHARED, User, share, write_private
from service.embedded.programs import ADMIN, Postgres, Valkey


class _State(msgspec.Struct):
    postgres_password: str
    valkey_password: str
    postgres_port: int = 0
    valkey_port: int = 0


class Servers:
    """PostgreSQL and Valkey with their data under `root`; `durable=False` trades fsync for speed (tests).

    `replicated`: the log holds what a backup needs, and can be streamed.
    """

    _postgres: Postgres
    _valkey: Valkey

    def __init__(self, root: Path, *, durable: bool = True, replicated: bool = False) -> None:
        self._root, self._durable, self._owner = root.resolve(), durable, 0
        self._replicated = replicated
        self._home = self._root
        self._state = _State("", "")
        self._lock: int | None = None
        self._watcher: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts both. Raises RuntimeError when a server does not start or another process owns `root`."""
        if self._lock is not None:
            return
        self._root.mkdir(parents=True, exist_ok=True)
        self._acquire(patience=15)
        atexit.register(self.stop)
        try:
            self._locate()
            self._halt()  # orphans of an owner that was killed
            self._load()
            self._watcher = self._watch()
            self.start_valkey()
            self._postgres.initialise(self._state.postgres_password, self._durable)
            self.start_postgres()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stops both in order; harmless when they are stopped, and in a forked child of the owner."""
        if self._lock is None or self._owner != os.getpid():
            return
        if self._watcher:
            self._watcher.kill()
            self._watcher.communicate()
        self._halt()
        os.close(self._lock)
        self._lock = self._watcher = None
        atexit.unregister(self.stop)

    def drop(self) -> None:
        """Stops both, where nobody will want their data again: nothing is written down."""
        if self._lock is not None and self._owner == os.getpid():
            self._postgres.drop()
        self.stop()

    def remove(self) -> None:
        """Stops both and deletes all their data, also what lies outside `root`."""
        self.drop()
        for path in {self._root, self._home}:
            shutil.rmtree(path, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def database_url(self) -> str:
        return self._url("postgres")

    @property
    def valkey_url(self) -> str:
        return f"redis://:{self._state.valkey_password}@127.0.0.1:{self._state.valkey_port}/0"

    @property
    def postgres_log(self) -> Path:
        """What the server says, statements' plans among it where it is asked to tell them."""
        return self._postgres.log

    @property
    def postgres_pid(self) -> int:
        """0 when it does not run."""
        return self._postgres.pid()

    @property
    def valkey_pid(self) -> int:
        """0 when it does not run."""
        return self._valkey.pid()

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Creates the database as a copy of `template` unless it exists; returns its URL."""
        create = f"CREATE DATABASE {_plain(name)} TEMPLATE {_plain(template)}"
        self._psql(
            f"SELECT '{create}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{name}') \\gexec"
        )
        return self._url(name)

    def drop_database(self, name: str) -> None:
        """Drops the database if it exists, ending its sessions."""
        self._psql(f"DROP DATABASE IF EXISTS {_plain(name)} WITH (FORCE)")

    def start_postgres(self) -> None:
        """Starts PostgreSQL, on the same port as before unless something else took it."""
        port = self._state.postgres_port
        self._state.postgres_port = self._postgres.start(port, self._durable, self._replicated)
        self._save()

    def start_valkey(self) -> None:
        """Starts Valkey, on the same port as before unless something else took it."""
        state = self._state
        state.valkey_port = self._valkey.start(state.valkey_port, state.valkey_password, self._durable)
        self._save()

    def stop_valkey(self) -> None:
        self._valkey.halt()

    def kill_valkey(self) -> None:
        """SIGKILL, as a crash would; `start_valkey` brings it back with its data."""
        self._valkey.stop(SIGKILL)

    def kill_postgres(self) -> None:
        """SIGKILL, as a crash would; `start_postgres` brings it back with its data."""
        self._postgres.stop(SIGKILL)

    def _acquire(self, patience: float) -> None:
        """Takes the lock on `root`; the kernel gives it up when its holder dies, however it dies."""
        until = time.monotonic() + patience
        lock = os.open(self._root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if time.monotonic() > until:
                    os.close(lock)
                    raise RuntimeError(f"the servers in {self._root} belong to another process") from error
                time.sleep(0.05)
            else:
                self._lock, self._owner = lock, os.getpid()
                return

    def _watch(self) -> "subprocess.Popen[bytes]":
        """A process that stops the servers when we are killed, so that no orphans pile up."""
        return subprocess.Popen(
            [sys.executable, "-m", "service.embedded", self._root],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,  # or whoever reads our output would wait for it
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )

    def _locate(self) -> None:
        user = User(self._root / "postgres")
        if user.ids:
            self._root.chmod(self._root.stat().st_mode | 0o011)  # what is secret in it is 0600
            if not user.reaches(self._root):
                self._home = SHARED / hashlib.sha256(os.fsencode(self._root)).hexdigest()[:16]
        self._postgres, self._valkey = Postgres(self._home), Valkey(self._home)

    def _halt(self) -> None:
        if hasattr(self, "_postgres"):
            self._valkey.halt()
            self._postgres.halt()

    def _load(self) -> None:
        file = self._root / "servers.json"
        if file.exists():
            self._state = msgspec.json.decode(file.read_bytes(), type=_State)
        elif self._home == self._root and self._postgres.data.exists():
            raise RuntimeError(
                f"{file} is gone and with it the password; remove {self._root} to start afresh"
            )
        else:
            self._state = _State(secrets.token_urlsafe(24), secrets.token_urlsafe(24))
            if self._home != self._root:
                shutil.rmtree(self._home, ignore_errors=True)  # left by a root that was deleted
            self._save()
        if self._home != self._root:
            share(self._home)

    def _save(self) -> None:
        fresh = self._root / "servers.json.new"
        write_private(fresh, msgspec.json.encode(self._state).decode())
        fresh.replace(self._root / "servers.json")

    def _url(self, database: str) -> str:
        state = self._state
        return f"postgresql://{ADMIN}:{state.postgres_password}@127.0.0.1:{state.postgres_port}/{database}"

    def _psql(self, statement: str) -> None:
        self._postgres.psql(self._state.postgres_port, self._state.postgres_password, statement)


def _plain(name: str) -> str:
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
        raise ValueError(f"not a plain database name: {name!r}")
    return name


def stop_orphans(root: Path) -> None:
    """Stops what still runs on `root` after its owner died; does nothing while it has an owner."""
    servers = Servers(root)
    try:
        servers._acquire(patience=0)
    except (OSError, RuntimeError):
        return
    servers._locate()
    servers.stop()
