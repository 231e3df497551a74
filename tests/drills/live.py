"""From the sandbox to the live service by the guide's own commands, and a day on which every webhook was missed.

A portal is registered by two people, its token taken, its webhook set up; it hears of a declaration. Then its receiver
is down while the case is passed, approved and filed. The guide's block of recovery reads all of it from the feed, once
each and in order, and nothing that was handled before; the webhooks missed go on being tried.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from aiohttp import web

from service.demo.client import Client, Who
from service.docs.document import COMMITTED, EXAMPLES
from tests.drills.place import deployed

CITY = "360100"
GUIDE = COMMITTED.parent / "GUIDE.zh-CN.md"
WITHIN = 180  # seconds; a worker of a busy machine
PEOPLE = {"ADMIN": "administrator", "GUARD": "security_admin", "UNIT": "unit"}
MISSED = ("project.gatekept", "project.approved", "filing.filed")


async def drill(short: bool) -> None:
    """The same either way: one portal, one case, one outage."""
    async with deployed() as made:
        print(await missed_day(made.base, made.client))


async def missed_day(base: str, client: Client) -> str:
    """Plays both blocks against a running service with the people of the demo; what came of it in a line."""
    recovery, live = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    with tempfile.TemporaryDirectory(prefix="tongjian-live-") as place:
        shutil.copy(EXAMPLES / "clients" / "declaration.json", place)
        receiver = Receiver()
        await receiver.up()
        given = {name: await client.token(Who(CITY, login)) for name, login in PEOPLE.items()}
        given |= {"T": f"{base}/api/v1", "TENANT": CITY, "HOOK": receiver.address}
        said = await _shell(f"{live}\ndeclare -p PORTAL HOOK_ID REF", Path(place), given)
        given |= dict(re.findall(r'declare -- (\w+)="([^"]*)"', said))
        await receiver.until({"project.submitted"})
        before = await _caught_up(recovery, Path(place), given)
        assert "project.submitted" in before, before
        await receiver.down()
        await _decided(client, given["REF"])
        missed = await _until_in_feed(recovery, Path(place), given)
        assert not set(missed) & {"project.submitted"}, "what was handled before comes again"
        assert [each for each in missed if each in MISSED] == list(MISSED), missed
        again = await _caught_up(recovery, Path(place), given)
        assert not set(again) & set(MISSED), "the cursor was not kept"
        hooks = await client.send(
            Who(CITY, "administrator"), "GET", f"/webhooks/{given['HOOK_ID']}/deliveries"
        )
        waiting = [each["kind"] for each in hooks.data["items"] if each["state"] == "pending"]
        assert set(MISSED) <= set(waiting), "what was missed is still being tried"
        return (
            f"live: {len(missed)} missed events caught up in order, {len(waiting)} webhooks go on being tried"
        )


class Receiver:
    """A portal's receiver of webhooks, on one port for as long as it lives: up, down, up again."""

    def __init__(self) -> None:
        self.heard: dict[str, str] = {}
        self._runner: web.AppRunner | None = None
        self._port, self._came = 0, asyncio.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}/hook"

    async def up(self) -> None:
        app = web.Application()
        app.router.add_post("/hook", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]

    async def down(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def until(self, kinds: set[str]) -> None:
        """Waits until all of these were heard."""
        async with asyncio.timeout(WITHIN):
            while not kinds <= set(self.heard.values()):
                self._came.clear()
                await self._came.wait()

    async def _take(self, request: web.Request) -> web.Response:
        self.heard[request.headers["webhook-id"]] = (await request.json())["type"]
        self._came.set()
        return web.Response(status=204)


async def _decided(client: Client, ref: str) -> None:
    """Passed, approved and filed by the city's people."""
    approval = json.loads((EXAMPLES / "filings_approve.json").read_text(encoding="utf-8"))
    path, keeper = f"/projects/{ref}", Who(CITY, "gatekeeper")
    await client.send(keeper, "POST", f"{path}/gatekeeping/pass", {}, etag='"2"')
    await client.send(Who(CITY, "approver"), "POST", f"{path}/approve", approval, etag='"3"')
    await client.send(keeper, "POST", f"{path}/file", {}, etag='"4"')


async def _until_in_feed(block: str, place: Path, given: Mapping[str, str]) -> list[str]:
    """The kinds that the block reads until the last of what was missed has come through the outbox."""
    found: list[str] = []
    async with asyncio.timeout(WITHIN):
        while MISSED[-1] not in found:
            found += await _caught_up(block, place, given)
            await asyncio.sleep(0.2)
    return found


async def _caught_up(block: str, place: Path, given: Mapping[str, str]) -> list[str]:
    return re.findall(r"^kind ([a-z_.]+)$", await _shell(block, place, given), re.MULTILINE)


async def _shell(block: str, place: Path, given: Mapping[str, str]) -> str:
    shell = await asyncio.create_subprocess_exec(
        "bash", "-euc", block, cwd=place, env={**os.environ, **given}, stdout=asyncio.subprocess.PIPE
    )
    said = (await shell.communicate())[0].decode()
    assert shell.returncode == 0 and '"status":4' not in said, said
    return said
