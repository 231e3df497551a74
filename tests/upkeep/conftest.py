"""A world of its own, and the real processes on it: `tongjian …` as an operator starts it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from service.settings import Settings
from tests.conftest import LIMITS
from tests.portfolio.conftest import build, storage, superuser
from tests.worlds import world

__all__ = ["build", "storage", "superuser"]
settings, app, door, client, token, as_user = world()

ROOT = Path(__file__).resolve().parents[2]
_PLAIN = (
    "environment",
    "database_url",
    "tenant_url",
    "province_url",
    "relay_url",
    "valkey_url",
    "secret_key",
    "signing_keys_file",
    "audit_anchor_dir",
    "documents_dir",
    "issuer",
    "clock_file",
    "port",
    "log_level",
)


def environment(settings: Settings, **more: Any) -> dict[str, str]:
    """What a process is told so that it runs on these settings; `more` by the settings' names."""
    values = {name: getattr(settings, name) for name in _PLAIN} | more
    told = {f"TONGJIAN_{name.upper()}": str(value) for name, value in values.items() if value is not None}
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **told}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "service.cli", *arguments]


def faulty(fault: str, *arguments: str) -> list[str]:
    """The same command in a process where `fault` (Python) has been done first: what no outside can bring about."""
    code = f"import sys\n{fault}\nfrom service.cli import main\nsys.exit(main({list(arguments)!r}))"
    return [sys.executable, "-c", code]


# The limits of a service under test lie far off: a busy machine is no answer (tests/conftest.py).
PATIENT = "".join(
    f"import {module.__name__} as m; m.{name} = {seconds}\n" for (module, name), seconds in LIMITS.items()
)


@contextmanager
def started(line: list[str], env: dict[str, str], **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended with the block, whatever happens."""
    process = subprocess.Popen(line, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, **more)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait()


def ended(process: subprocess.Popen[bytes]) -> int:
    """Its exit code; a process that does not end is a failure, found after a time that no load explains."""
    return process.wait(600)


async def until(holds: Callable[[], Any], *alive: subprocess.Popen[bytes]) -> None:
    """Until the condition holds; fails at once when a process that should go on has ended."""
    patience = time.monotonic() + 120  # only so that a failure ends; nothing is measured
    while not await holds():
        for process in alive:
            assert process.poll() is None, f"{process.args} ended with {process.returncode}"
        assert time.monotonic() < patience, "did not come true"
        await asyncio.sleep(0.05)
