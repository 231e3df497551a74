"""`python -m tests.bench.catalogue [APPS]`: search, suggestions and what a new build could reuse among 5,000 apps.

Told: how long each takes once the process has read the apps (target 100 ms) and how much of it this process computed;
how long reading them took; and the longest that the event loop computed without looking at what else waits. Computing
is told in CPU time, which is the same on a crowded machine.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time, thread_time
from typing import Any, NamedTuple

import asyncpg
import msgspec

from service.catalogue.models import app_entries
from tests import factories
from tests.bench.lives import As, good, served
from tests.bench.world import World, world

CITY, TARGET = "360100", 100.0
_PLACES = (
    "东湖",
    "西湖",
    "青云谱",
    "青山湖",
    "新建",
    "红谷滩",
    "安义",
    "进贤",
    "浔阳",
    "濂溪",
    "柴桑",
    "瑞昌",
)
SEARCHES = ("统一身份认证", "视频会议 会场控制", "城市内涝监测预警", "电子证照共享", "查无此物")


async def copied(admin_url: str, count: int) -> int:
    """Fills the city's catalogue with apps whose names, tasks and functions are mixed from those there are."""
    admin = await asyncpg.connect(admin_url)
    try:
        await admin.execute("SET session_replication_role = replica")
        rows = [
            dict(row) for row in await admin.fetch("SELECT * FROM app_entries WHERE tenant_id = $1", CITY)
        ]
        names = [each.name for each in app_entries.columns]
        for number in range(count - len(rows)):
            one, two, three = (rows[(number * step) % len(rows)] for step in (1, 7, 11))
            of_two, of_three = (msgspec.json.decode(each["content"]) for each in (two, three))
            content = {**msgspec.json.decode(one["content"]), "functions": of_two.get("functions", [])}
            content["description"] = (
                f"{_PLACES[number % len(_PLACES)]}{of_three.get('description', '')}（第{number}期）"
            )
            name = f"{_PLACES[number % len(_PLACES)]}{one['name']}{number}"
            row = {**one, "name": name, "content": msgspec.json.encode(content).decode()}
            row["app_id"] = await admin.fetchval("SELECT gen_random_uuid()")
            places = ", ".join(f"${at}" for at in range(1, len(names) + 1))
            insert = f"INSERT INTO app_entries ({', '.join(names)}) VALUES ({places})"
            await admin.execute(insert, *(row[each] for each in names))
        await admin.execute("ANALYZE app_entries")
        return int(await admin.fetchval("SELECT count(*) FROM app_entries WHERE tenant_id = $1", CITY))
    finally:
        await admin.close()


class KeptOpen:
    """For how long the event loop computed at most without looking at what else waits."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while True:
            begun = thread_time()
            await asyncio.sleep(0.0005)
            self.longest = max(self.longest, thread_time() - begun)

    async def end(self) -> float:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        return self.longest * 1000


class Taken(NamedTuple):
    """Milliseconds: of the median call, what the process computed for one, the longest on the event loop."""

    median: float
    computed: float
    stood: float

    def __str__(self) -> str:
        return f"{self.median:.0f} ms ({self.computed:.0f} computed, at most {self.stood:.0f} at a time on the loop)"


async def _timed(work: Callable[[], Awaitable[Any]], times: int = 7) -> Taken:
    taken, computed, kept = [], process_time(), KeptOpen()
    for _ in range(times):
        begun = perf_counter()
        await work()
        taken.append((perf_counter() - begun) * 1000)
    return Taken(median(taken), (process_time() - computed) * 1000 / times, await kept.end())


def _asked(as_: As) -> dict[str, Callable[[], Awaitable[Any]]]:
    unit = as_(CITY, "unit")
    facts = factories.draft(CITY)["facts"]
    built = {"name": "城市内涝监测预警平台", "facts": facts, "materials": factories.materials("3900000.00")}
    asked: dict[str, Callable[[], Awaitable[Any]]] = {
        f"search {text}": lambda text=text: good(unit("GET", f"/apps?text={text}")) for text in SEARCHES
    }
    asked["suggest 统一认证"] = lambda: good(unit("GET", "/apps/suggest?text=统一认证"))
    asked["list by name"] = lambda: good(unit("GET", "/apps"))
    asked["draft of a new build"] = lambda: good(unit("POST", "/projects", built))
    return asked


def _megabytes() -> float:
    """What the process has in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6


async def measure(place: World, apps: int) -> float:
    """Prints the figures; the slowest of the medians."""
    slowest = 0.0
    async with served(place.settings) as (as_, _):
        count = await copied(place.admin_url, apps)
        before = _megabytes()
        first = await _timed(_asked(as_)[f"search {SEARCHES[0]}"], times=1)
        print(f"{count} apps read once a process: {first}, {_megabytes() - before:.0f} MB")
        for name, work in _asked(as_).items():
            taken = await _timed(work)
            slowest = max(slowest, taken.median)
            print(f"{name}: {taken} (target {TARGET:.0f})")
    return slowest


def main() -> None:
    """Exit 1 above the target."""
    with world(0, log_level="WARNING") as place:
        slowest = asyncio.run(measure(place, int(sys.argv[1]) if len(sys.argv) > 1 else 5000))
    raise SystemExit(1 if slowest > TARGET else 0)


if __name__ == "__main__":
    main()
