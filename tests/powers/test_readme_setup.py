"""docs/operations.md's production set-up, run as it stands: only host name, PATH and how the processes start differ."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from sysconfig import get_path
from typing import Any

import httpx
import pytest

from service.settings import Settings
from tests.upkeep.conftest import command, environment, started, until
from tests.worlds import on_database

pytestmark = pytest.mark.long  # the production set-up of the README, run as it stands

OPERATIONS = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
HOST = "https://tongjian.example.gov.cn"
PROCESSES = ("tongjian serve", "tongjian worker")


def blocks() -> tuple[str, str]:
    """The blocks of shell of "The first people": what makes them, and what they then do (portal, provider)."""
    told = OPERATIONS.partition("## The first people")[2].partition("\n## ")[0]
    setup, register, provider = re.findall(r"```console\n(.*?)```", told, re.DOTALL)
    return setup, register + provider


def without_processes(script: str) -> str:
    """The commands that end: the two that run on are started by the test."""
    lines = script.splitlines()
    assert [line.partition("  ")[0].strip() for line in lines if line.startswith(PROCESSES)] == list(
        PROCESSES
    )
    return "\n".join(line for line in lines if not line.startswith(PROCESSES))


def run(script: str, env: dict[str, str], place: Path) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=place,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


async def test_the_production_blocks_are_literally_true(
    seeded: Settings, clone: Callable[..., str], tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    settings = replace(
        on_database(seeded, clone("readme_setup", "template1")),
        environment="production",
        issuer=base,
        port=port,
        signing_keys_file=tmp_path / "signing.json",
        secret_key="readme-setup-" + "k" * 40,
    )
    env = _as_installed(tmp_path, settings)
    setup, register = blocks()
    made = await asyncio.to_thread(run, without_processes(setup), env, tmp_path)
    assert '"client_id": "360100.sign-in"' in made
    with started(command("serve"), env) as api:
        async with httpx.AsyncClient(base_url=base, timeout=600) as client:

            async def ready() -> bool:
                try:
                    return (await client.get("/readyz")).status_code == 200
                except httpx.TransportError:
                    return False

            await until(ready, api)
            told = await asyncio.to_thread(run, register.replace(HOST, base), env, tmp_path)
    statuses: list[Any] = re.findall(r"HTTP/1\.1 (\d+)", told)
    assert statuses == ["201", "200", "201", "200"], told
    assert '"confirmed_by":"user:360100:li.si via sign-in"' in told


def _as_installed(tmp_path: Path, settings: Any) -> Any:
    """The programs of the README, found as a virtual environment has them."""
    bins = tmp_path / ".venv" / "bin"
    bins.mkdir(parents=True)
    (bins / "python").symlink_to(sys.executable)
    (bins / "tongjian").write_text(f'#!/bin/sh\nexec {sys.executable} -m service.cli "$@"\n')
    (bins / "tongjian").chmod(0o755)
    env = environment(settings)
    env |= {
        "PATH": f"{bins}:{env['PATH']}",
        "PYTHONPATH": f"{Path(__file__).resolve().parents[2]}:{get_path('purelib')}",
    }
    env = {
        **env,
        "VIRTUAL_ENV": sys.prefix,
        "LANG": os.environ.get("LANG", "C.UTF-8"),
        "PYTHON": sys.executable,
    }
    return env
