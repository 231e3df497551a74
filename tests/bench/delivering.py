"""What the workers carry: the events that the bench's submissions left, from their commit to inbox, feed and duties."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

import asyncpg

from service.kit import clock
from tests.bench.processes import ROOT, cpu

_WAITING = "SELECT count(*) FROM outbox WHERE done_at IS NULL AND dead_at IS NULL"
WORKERS, PATIENCE = 2, 120.0  # seconds at most, so that the bench ends


class Carried(NamedTuple):
    """How many events, in how many seconds, with how much of a processor each; how many were left."""

    events: int
    seconds: float
    micros: float
    left: int


@contextmanager
def _worker(environment: Mapping[str, str]) -> Iterator[int]:
    argv = [sys.executable, "-m", "service.cli", "worker"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    child = subprocess.Popen(argv, cwd=ROOT, env={**os.environ, **environment}, **quiet)  # type: ignore[call-overload]
    try:
        yield child.pid
    finally:
        child.terminate()
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


async def carry(environment: Mapping[str, str], admin_url: str) -> Carried:
    """Two workers on what waits. The clock runs from the first event that is carried to the last."""
    admin = await asyncpg.connect(admin_url)
    try:
        waiting = int(await admin.fetchval(_WAITING))
        with ExitStack() as stack:
            pids = [stack.enter_context(_worker(environment)) for _ in range(WORKERS)]
            begun, left, until = None, waiting, clock.monotonic() + PATIENCE
            spent = 0.0
            while left and clock.monotonic() < until:
                await asyncio.sleep(0.05)
                now = int(await admin.fetchval(_WAITING))
                if begun is None and now < waiting:
                    begun, spent, waiting = clock.monotonic(), sum(map(cpu, pids)), now
                left = now
            seconds = clock.monotonic() - (begun or clock.monotonic())
            spent = sum(map(cpu, pids)) - spent
    finally:
        await admin.close()
    done = waiting - left
    return Carried(done, seconds, spent / max(done, 1) * 1e6, left)
