"""Every periodic job does its work in the process that really runs: `tongjian serve` and `tongjian worker`."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.cli import commands as cli
from service.embedded.daemon import free_port
from service.kit.db import Door
from service.settings import Settings
from service.worker import CRON
from tests.contract import recipes  # noqa: F401 - joins the recipes in their order
from tests.upkeep.conftest import PATIENT, command, environment, faulty, started, until
from tests.upkeep.finds import FINDS, HOOK, Running
from tests.webhooks.receiver import receiving


@pytest.fixture
async def at(
    settings: Settings, door: Door, superuser: Any, token: Any, tmp_path: Path
) -> AsyncIterator[Running]:
    """`tongjian serve` on a port of its own, its clock in a file."""
    port, moved = free_port(0), tmp_path / "clock"
    moved.write_text("0")
    mine = replace(settings, clock_file=moved, documents_dir=tmp_path / "documents", port=port)
    async with AsyncExitStack() as stack:
        api = stack.enter_context(started(faulty(PATIENT, "serve"), environment(mine)))
        base = f"http://127.0.0.1:{port}"
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=base, timeout=600))

        async def ready() -> bool:
            try:
                return (await client.get("/readyz")).is_success
            except httpx.TransportError:
                return False

        await until(ready, api)
        yield Running(mine, door, superuser, client, token)


@pytest.mark.long
async def test_every_periodic_job_does_its_work_in_the_real_worker(at: Running, tmp_path: Path) -> None:
    assert FINDS.keys() == {name for name, *_ in CRON}, "a new periodic job is seen here at its work"
    async with receiving() as receiver:
        HOOK[0] = receiver.url
        seen = {name: await find(at) for name, find in FINDS.items()}
        for name, did in seen.items():
            assert not await did(), f"{name}: done before the worker began"
        port = free_port(0)
        told = environment(at.settings, worker_metrics_port=port)
        with (
            (tmp_path / "worker.log").open("wb") as log,
            started(command("worker"), told, stderr=log) as worker,
        ):
            for name, did in seen.items():
                try:
                    await until(did, worker)
                except AssertionError as error:
                    raise AssertionError(
                        f"{name}: {error}\n{(tmp_path / 'worker.log').read_text()}"
                    ) from None
            metrics = (await at.client.get(f"http://127.0.0.1:{port}/metrics")).text
    told_well = set(re.findall(r'job_last_success_seconds\{task="(\w+)"\}', metrics))
    assert told_well == FINDS.keys()


@pytest.mark.long
@pytest.mark.parametrize("entry", ["cli.serve", "worker"])
def test_every_process_knows_every_table(entry: str) -> None:
    """What only the tests had imported was missing where it mattered."""
    _knows_all(f"import service.{entry}")


@pytest.mark.long
def test_every_command_that_opens_a_database_knows_every_table() -> None:
    assert cli._COMMANDS.keys() - set(cli._WITH_TABLES) == {
        "demo",
        "sandbox",
        "route",
        "openapi",
        "keys",
        "backup",
        "restore",
        "article",
        "documents",
    }
    _knows_all(
        "from service.cli import commands as cli\ncli._COMMANDS['bootstrap'] = lambda _: 0\n"
        "cli.main(['bootstrap', '360100', '--login', 'a', '--name', 'b'])"
    )


def _knows_all(code: str) -> None:
    """In a fresh process `code` has filled the metadata."""
    code += (
        "\nfrom service.kit.db import metadata\nbefore = set(metadata.tables)\nimport service.setup.schema\n"
    )
    code += "assert before == set(metadata.tables), set(metadata.tables) - before"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
