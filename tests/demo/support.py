"""`tongjian` as a subprocess, and its database looked at from outside."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "deploy" / "seed" / "demo_projects.json"
# The demo's own servers and secrets, whatever the tests are given.
ENV = {name: value for name, value in os.environ.items() if not name.startswith("TONGJIAN_")}


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "service.cli", *map(str, arguments)]


def tongjian(*arguments: str | Path, env: dict[str, str] | None = None, **more: Any) -> Any:
    """Runs to the end; text of stdout and stderr."""
    return subprocess.run(
        command(*arguments),
        env={**ENV, **(env or {})},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        **more,
    )


def once(cases: Path) -> list[dict[str, Any]]:
    """What `demo --once --json` says of a file."""
    done = tongjian("demo", "--once", "--json", "--cases", cases)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


class Demo:
    """A demo that stays up."""

    def __init__(self, home: Path, cases: Path, log: Path) -> None:
        with log.open("a") as errors:
            self.process = subprocess.Popen(
                command("demo", "--json", "--home", home, "--cases", cases),
                env=ENV,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.log = log

    def outcomes(self) -> list[dict[str, Any]]:
        """Its JSON list, as soon as it is complete."""
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if line == "]\n":
                found: list[dict[str, Any]] = json.loads("".join(lines))
                return found
        raise AssertionError(self.log.read_text())

    def wait_for(self, text: str) -> None:
        """Until its log says so."""
        until = time.monotonic() + 600
        while text not in self.log.read_text():
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.02)

    @property
    def base(self) -> str:
        """Where it is ready, by its last word on that."""
        return re.findall(r"ready at (\S+)", self.log.read_text())[-1]

    @property
    def ready_after(self) -> float:
        """Seconds from its start until /readyz said yes."""
        return float(re.findall(r"([0-9.]+) s  ready", self.log.read_text())[-1])


@contextlib.contextmanager
def running(home: Path, cases: Path, log: Path) -> Iterator[Demo]:
    demo = Demo(home, cases, log)
    try:
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.process.terminate()
        demo.process.wait(600)


def database_url(home: Path) -> str:
    """The demo's database, as the owner."""
    state = json.loads((home / "servers.json").read_text())
    login = f"tj_admin:{state['postgres_password']}"
    return f"postgresql://{login}@127.0.0.1:{state['postgres_port']}/tongjian"


async def settled(home: Path) -> None:
    """Until every event has reached whom it concerns; what a killed worker had taken waits for its lease to end."""
    connection = await asyncpg.connect(database_url(home))
    try:
        async with asyncio.timeout(600):
            while await connection.fetchval("SELECT count(*) FROM outbox WHERE done_at IS NULL"):
                await asyncio.sleep(0.1)
    finally:
        await connection.close()


async def dump(home: Path) -> dict[str, list[str]]:
    """Every row of every table as text."""
    connection = await asyncpg.connect(database_url(home))
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {
            name: [row[0] for row in await connection.fetch(f'SELECT t::text FROM "{name}" t')]
            for (name,) in tables
        }
    finally:
        await connection.close()
