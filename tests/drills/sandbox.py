"""A sandbox from its command alone: what it prints is enough to play the guide's shell block from webhook to order."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import sys
import tempfile
from pathlib import Path

import aiohttp
from aiohttp import web

from service.docs.document import COMMITTED, EXAMPLES

GUIDE = COMMITTED.parent / "GUIDE.zh-CN.md"
READY_WITHIN = 300
_TOKEN = {"grant_type": "client_credentials"}


async def drill(short: bool) -> None:
    """The same either way: one sandbox, one life."""
    with tempfile.TemporaryDirectory(prefix="tongjian-guide-") as place:
        print(await in_a_sandbox(Path(place)))


async def in_a_sandbox(place: Path) -> str:
    """Starts one under `place`, runs the block, ends it; what came of it in a line."""
    place.chmod(0o711)  # PostgreSQL may run as another user
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "service.cli",
        "sandbox",
        "--json",
        "--port",
        str(_port()),
        "--home",
        str(place / "home"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(READY_WITHIN):
            told = json.loads((await process.stdout.readuntil(b"}")).decode())
        return await _played(told, place)
    finally:
        process.terminate()
        await process.wait()


async def _played(told: dict[str, str], place: Path) -> str:
    (block,) = re.findall(r"```shell\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    shutil.copy(EXAMPLES / "clients" / "declaration.json", place)
    heard: list[str] = []
    ordered = asyncio.Event()

    async def receive(request: web.Request) -> web.Response:
        heard.append((await request.json())["type"])
        if heard[-1] == "order.issued":
            ordered.set()
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/hook", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        given = {
            "T": f"{told['address']}/api/v1",
            "PORTAL": await _token(told),
            "HOOK": f"http://127.0.0.1:{runner.addresses[0][1]}/hook",
        }
        shell = await asyncio.create_subprocess_exec(
            "bash", "-euc", block, cwd=place, env={**os.environ, **given}, stdout=asyncio.subprocess.PIPE
        )
        answers = (await shell.communicate())[0].decode()
        assert shell.returncode == 0, answers
        assert '"code":"' not in answers.replace('"findings"', ""), answers
        async with asyncio.timeout(120):
            await ordered.wait()
    finally:
        await runner.cleanup()
    missing = {"webhook.ping", "project.submitted", "filing.filed", "filing.queried"} - set(heard)
    assert not missing, (missing, heard)
    return f"sandbox: {len(block.splitlines())} lines of the guide, heard {len(heard)} webhooks"


async def _token(told: dict[str, str]) -> str:
    basic = aiohttp.BasicAuth(told["client_id"], told["client_secret"])
    async with (
        aiohttp.ClientSession(told["address"], trust_env=False) as session,
        session.post("/api/v1/oauth/token", data=_TOKEN, auth=basic) as answer,
    ):
        return str((await answer.json())["access_token"])


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
