"""Ten thousand people and five hundred declarations out of workbooks, while another city reads."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import Any

import psutil

from service.demo.client import Who
from service.sheets.declared import DECLARATIONS
from tests.drills.place import Deployment, Watch, deployed
from tests.sheets.books import xlsx

ADMIN, UNIT, OTHER = Who("360100", "administrator"), Who("360100", "unit"), Who("360200", "unit")
SECONDS_PEOPLE, SECONDS_DECLARATIONS, MEGABYTES = 30, 60, 300


def people(count: int, office: str) -> bytes:
    rows = [[f"drill.{n:05d}", f"人员{n}", office, "设区市审计机关人员"] for n in range(count)]
    return xlsx([["登录名", "姓名", "单位", "角色"], *rows])


def declarations(count: int, office: str) -> bytes:
    said = {
        "/owner_office_id": office,
        "/facts/project_class": "其他",
        "/facts/kind": "新建",
        "/facts/investment_yuan": 4000000,
        "/facts/fiscal_funds": "是",
        "/facts/classified": "否",
    }
    columns = [c for c in DECLARATIONS.columns if c.path in ("/name", "/materials/technical_plan", *said)]
    plans = {"/materials/technical_plan": "依托政务云建设，数据经共享交换平台提供"}
    rows = [
        [{**said, **plans, "/name": f"表格申报的业务系统{n * 7919 % 100_003}"}[c.path] for c in columns]
        for n in range(count)
    ]
    return xlsx([[c.label for c in columns], *rows])


async def imported(at: Deployment, who: Who, sheet: str, raw: bytes) -> dict[str, float]:
    """Seconds until it was checked and until it was in force; the row says that all of it came in."""
    begun = perf_counter()
    sent = await at.client._call(
        who,
        "POST",
        "/workbooks",
        params={"sheet": sheet},
        data=raw,
        headers={"idempotency-key": f"drill-{sheet}"},
    )
    read = perf_counter() - begun
    book = await _ended(at, who, sent.data["id"])
    assert book["state"] == "checked", book["faults"][:3]
    checked = perf_counter() - begun
    await at.client.send(who, "POST", f"/workbooks/{book['id']}/commit", etag=f'"{book["version"]}"')
    done = await _ended(at, who, book["id"])
    assert (done["state"], done["made"]) == ("committed", book["things"]), done
    return {"read": read, "checked": checked, "in force": perf_counter() - begun}


async def _ended(at: Deployment, who: Who, ref: str) -> dict[str, Any]:
    while True:
        told: dict[str, Any] = (await at.client.get(who, f"/workbooks/{ref}")).data
        if told["state"] not in ("checking", "committing"):
            return told
        await asyncio.sleep(0.2)


def _pid(at: Deployment) -> int:
    """Of the API's process, a child of this one."""
    for child in psutil.Process().children():
        if "serve" in child.cmdline():
            return child.pid
    raise AssertionError("no API runs")


class Memory:
    """The highest resident size of the API's processes, the reader of workbooks among them, in MB."""

    def __init__(self, pid: int) -> None:
        self._top, self.api, self.whole = psutil.Process(pid), 0.0, 0.0

    async def watch(self) -> None:
        while True:
            try:
                own = self._top.memory_info().rss
                others = sum(each.memory_info().rss for each in self._top.children(recursive=True))
            except psutil.NoSuchProcess:
                continue
            self.api, self.whole = max(self.api, own / 1e6), max(self.whole, (own + others) / 1e6)
            await asyncio.sleep(0.1)


async def drill(short: bool) -> None:
    """Raises when a row is lost, when another city's read fails, or (long form) when it takes too long or too much."""
    many, some = (200, 20) if short else (10_000, 500)
    async with deployed(workers=0) as at:
        office = (await at.client.get(UNIT, "/me")).data["office"]["name"]
        watch = Watch(at.client, OTHER)
        await watch.alone(40 if short else 160)
        print(f"another city reads, alone: p50 {watch.p50 * 1000:.0f} ms, p95 {watch.p95 * 1000:.0f} ms")
        memory = Memory(_pid(at))
        task = asyncio.create_task(memory.watch())
        async with watch.watching():
            first = await imported(at, ADMIN, "people", people(many, office))
            second = await imported(at, UNIT, "declarations", declarations(some, office))
        task.cancel()
        for name, count, took in (("people with roles", many, first), ("declarations", some, second)):
            print(
                f"{count} {name}: " + ", ".join(f"{what} after {each:.1f} s" for what, each in took.items())
            )
        print(f"API process at most {memory.api:.0f} MB, with the processes beside it {memory.whole:.0f} MB")
        print(f"another city reads, meanwhile: p50 {watch.p50 * 1000:.0f} ms, p95 {watch.p95 * 1000:.0f} ms")
        assert watch.failed == 0
        if not short:
            assert first["in force"] <= SECONDS_PEOPLE and second["in force"] <= SECONDS_DECLARATIONS
            assert memory.api <= MEGABYTES
