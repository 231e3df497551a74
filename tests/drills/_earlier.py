"""Run with the code of an earlier version (tests/drills/migrations.py): a filled database, officials who go on writing.

Told by lines on standard input, it answers by lines of JSON: `write` (officials begin; said when each has
written), `rest` (each writes once more, then they stop; how often they wrote, how often they were told to come again,
how long the longest took), `smoke` (how many lives and readings).
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import suppress
from time import perf_counter
from typing import Any

from tests import factories
from tests.bench.fill import fill
from tests.bench.growth_operations import CITY, reads
from tests.bench.lives import As, live, served
from tests.bench.world import World, world

OFFICIALS = 3


class Official:
    """Makes drafts and changes them, one after another; remembers how long each took, how often it was told to wait."""

    def __init__(self, as_: As) -> None:
        self._call, self.taken, self.again = as_(CITY, "unit"), list[float](), 0

    async def go_on(self) -> None:
        while True:
            body: dict[str, Any] = {**factories.draft(CITY), "name": "城市内涝监测预警平台"}
            del body["owner_office_id"]
            made = await self._timed("POST", "/projects", body)
            path, etag = f"/projects/{made.json()['id']}", made.headers["etag"]
            await self._timed("PATCH", path, {"name": "城市内涝监测预警系统"}, etag=etag)

    async def _timed(self, method: str, path: str, body: dict[str, Any], **more: Any) -> Any:
        while True:
            begun = perf_counter()
            answer = await self._call(method, path, body, **more)
            self.taken.append(perf_counter() - begun)
            if answer.status_code != 503 and (answer.status_code != 409 or answer.json()["code"] != "busy"):
                assert answer.is_success, f"{method} {path} {answer.status_code} {answer.text[:300]}"
                return answer
            self.again += 1
            await asyncio.sleep(0.1)


async def _each_wrote(officials: list[Official], work: list[asyncio.Task[None]]) -> None:
    """Returns when each official has written (once more), or one of them can go on no longer."""
    before = [len(each.taken) for each in officials]
    while not any(each.done() for each in work) and any(
        len(each.taken) <= count for each, count in zip(officials, before, strict=True)
    ):
        await asyncio.sleep(0.01)


def _tell(**what: Any) -> None:
    print(json.dumps(what), flush=True)


async def play(place: World, projects: int) -> None:
    """Fills, then does what it is told until its input ends."""
    async with served(place.settings) as (as_, door):
        await live(as_, door, short=True)
        rows = await fill(place.admin_url, 1, projects)
        _tell(url=place.admin_url, rows=sum(rows.values()))
        officials, work = list[Official](), list[asyncio.Task[None]]()
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip() == "write":
                officials = [Official(as_) for _ in range(OFFICIALS)]
                work = [asyncio.create_task(each.go_on()) for each in officials]
                await _each_wrote(officials, work)
                _tell(writing=len(work))
            elif line.strip() == "rest":
                await _each_wrote(officials, work)
                failed = [repr(each.exception()) for each in work if each.done()]
                for each in work:
                    each.cancel()
                    with suppress(asyncio.CancelledError, Exception):
                        await each
                taken = [each for official in officials for each in official.taken]
                again = sum(each.again for each in officials)
                _tell(wrote=len(taken), again=again, longest=max(taken, default=0.0), failed=failed)
            elif line.strip() == "smoke":
                lived = await live(as_, door, short=True)
                _tell(lived=lived, read=len([each async for each in reads(as_, lambda: None)]))


if __name__ == "__main__":
    with world(0, log_level="WARNING") as _place:
        asyncio.run(play(_place, int(sys.argv[1])))
