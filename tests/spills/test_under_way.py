"""A purge while people go on working on the case: nothing of the sentence is left at the end, nobody meets a 500."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from service.kit import clock
from service.kit.relay import drain
from service.kit.telemetry import Telemetry
from service.portfolio.erasing import purge_spills
from service.worker import SUBSCRIBERS
from tests import factories
from tests.contract import recipes  # noqa: F401 - joins the recipes in their order
from tests.lives import World, good
from tests.spills.planting import found_in_rows, mark_of, marks_of

MARK = mark_of(-2)


def _deeds(as_user: Any, ref: str, filing: str) -> list[Any]:
    """Ten people, each with something of their own to write; some need the version, some no pen at all."""
    city, office, unit = as_user("360100"), as_user("360000", "office"), as_user("360100", "gatekeeper")

    async def named(body: dict[str, Any]) -> Any:
        etag = (await city("GET", f"/projects/{ref}")).headers.get("etag", '"1"')
        return await city("POST", f"/projects/{ref}/responsible", body, etag=etag)

    async def ask() -> Any:
        return await office("POST", f"/filings/{filing}/queries", {"question": f"如何对接{MARK}？"})

    async def upload() -> Any:
        return await city(
            "POST",
            f"/projects/{ref}/documents",
            content=f"图纸{MARK}".encode(),
            params={"slot": "technical_plan", "name": f"{MARK}.txt"},
            headers={"content-type": "application/octet-stream"},
        )

    async def system() -> Any:
        office_id = factories.city_office("360100")
        body = {"name": f"{MARK}系统", "office_id": office_id, "project_id": ref}
        return await city("POST", "/systems", body)

    async def responsible() -> Any:
        body = {"implementing_body": MARK, "person": "张三", "title": "主任", "named_on": "2026-02-03"}
        return await named(body)

    async def read() -> Any:
        return await unit("GET", f"/projects/{ref}/history")

    return [ask, ask, upload, upload, system, system, responsible, responsible, responsible, read]


async def _delivered(door: Any) -> None:
    for tenant in ("360000", "360100"):
        await drain(door, tenant, SUBSCRIBERS, Telemetry())


@pytest.mark.long
async def test_deeds_under_way_leave_nothing_behind(
    build: Any, as_user: Any, door: Any, storage: Any, superuser: Any
) -> None:
    w: World = build()
    filing = await w.filed()
    ref = str(filing.data["project"]["id"])
    spill = good(
        await as_user("360100", "security_admin")("POST", "/spills", {"reason": "text", "project_id": ref})
    )
    good(await as_user("360100", "secrecy")("POST", f"/spills/{spill.json()['id']}/confirm"))
    told: Counter[int] = Counter()
    stop = asyncio.Event()

    async def go_on(deed: Any) -> None:
        while not stop.is_set():
            told[(await deed()).status_code] += 1

    writers = [asyncio.create_task(go_on(deed)) for deed in _deeds(as_user, ref, filing.id)]
    while told[200] + told[201] <= 20 or MARK not in await found_in_rows(superuser):
        assert not any(each.done() for each in writers), "a writer has ended"
        await asyncio.sleep(0.05)
    await _delivered(door)
    assert await purge_spills(door, storage) == 1
    await _delivered(door)
    stop.set()
    await asyncio.gather(*writers)
    await _delivered(door)
    clock.travel(clock.now() + timedelta(minutes=2))
    assert await purge_spills(door, storage) == 1
    await _delivered(door)
    assert max(told) < 500, told
    assert MARK not in await found_in_rows(superuser)
    files = [storage.get(tenant, key) or b"" for tenant, key, _ in list(storage.kept())]
    assert not any(MARK in marks_of(each.decode("utf-8", "ignore")) for each in files)
    assert (await as_user("360100")("GET", f"/projects/{ref}")).json()["state"] == "withdrawn"
