"""The two servers under test, each a real uvicorn process with one worker."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from service.embedded.daemon import free_port

ROOT = Path(__file__).resolve().parents[2]
PRODUCT, BARE, USUAL = (
    "service.cli.serve:application",
    "tests.bench.bare:application",
    "tests.bench.usual:application",
)


class Process:
    """A running server: its port, and the processor time it has used."""

    def __init__(self, port: int, pid: int) -> None:
        self.port, self.pid = port, pid

    def cpu(self) -> float:
        """Seconds on a processor so far, of all its threads and children, by the scheduler's own count."""
        children = psutil.Process(self.pid).children(recursive=True)
        return cpu(self.pid) + sum(cpu(each.pid) for each in children)


def cpu(pid: int) -> float:
    """Seconds on a processor. Of the scheduler's count where there is one: clock ticks read 0 on a crowded machine."""
    try:
        told = [each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/schedstat")]
        return sum(int(each.split()[0]) for each in told) / 1e9
    except (OSError, ValueError, IndexError):
        times = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)


@contextmanager
def serving(application: str, environment: Mapping[str, str]) -> Iterator[Process]:
    """The product by its own `serve`; anything else by uvicorn with the same loop and parser; one worker each."""
    told: tuple[str, ...] = ("service.cli", "serve")
    if application != PRODUCT:
        told = ("uvicorn", application, "--factory", "--port", "{port}", "--loop", "uvloop")
        told += ("--http", "httptools", "--ws", "none", "--log-level", "warning")
        told += ("--no-access-log", "--no-server-header", "--no-proxy-headers")
    with running(application.partition(":")[0], told, environment) as process:
        yield process


@contextmanager
def running(name: str, told: Sequence[str], environment: Mapping[str, str]) -> Iterator[Process]:
    """A module as a server with one worker; `{port}` in what it is told becomes its port."""
    port = free_port(0)
    ours = {"TONGJIAN_PORT": str(port), "TONGJIAN_WORKERS": "1"}
    log = Path(environment["TONGJIAN_AUDIT_ANCHOR_DIR"]).with_name(f"{name}.log")
    with log.open("w") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", *(each.format(port=port) for each in told)],
            cwd=ROOT,
            env={**os.environ, **environment, **ours},
            stderr=output,
            stdout=output,
        )
        try:
            _wait(child, port, log)
            yield Process(port, child.pid)
        finally:
            child.terminate()
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _wait(child: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + 180  # a machine that is busy is no fault
    while time.monotonic() < until and child.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server does not start\n{log.read_text()[-4000:]}")
