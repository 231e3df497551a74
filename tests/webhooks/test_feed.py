"""The feed: no gaps, no doubles, in the order of commits, of one's own tenant."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from service.kit import clock
from service.kit.db import Door, tenant_scope
from service.kit.ids import new_id
from service.kit.outbox import Event, Recipient
from service.settings import Settings
from service.webhooks.actions_feed import append
from service.webhooks.schemas import Feed
from tests.notifications.events import PROVINCE, emit_one, query

CITY = "361000"


async def whole(caller: Any, after: int = 0, limit: int = 500) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        answer = await caller("GET", f"/events?after={after}&limit={limit}")
        assert answer.status_code == 200, answer.text
        page = answer.json()
        msgspec.convert(page, Feed, strict=False)
        assert len(page["events"]) <= limit
        if not page["events"]:
            assert page["next_after"] == after
            return found
        found += page["events"]
        after = page["next_after"]


async def test_a_city_reads_its_own_events_and_the_province_what_concerns_it(
    as_user: Any, door: Door, relay: Any
) -> None:
    await relay()
    start = {
        who: [e["seq"] for e in await whole(as_user(*who))][-1:] for who in ((CITY,), (PROVINCE, "office"))
    }
    inner = await emit_one(door, CITY, "project.submitted", [Recipient(CITY, "gatekeeper")])
    filed = await emit_one(
        door, CITY, "filing.filed", [Recipient(PROVINCE, "office"), Recipient(CITY, "unit")]
    )
    alone = await emit_one(door, CITY, "project.withdrawn", [])
    await relay()
    for who, expected in (((CITY,), [inner, filed, alone]), ((PROVINCE, "office"), [filed])):
        events = await whole(as_user(*who), after=(start[who] or [0])[0], limit=2)
        assert [e["id"] for e in events] == expected
        assert {e["source"] for e in events} == {CITY}
    assert (await as_user(CITY, "unit")("GET", "/events")).status_code == 403
    assert (await as_user(CITY)("GET", "/events?after=-1")).status_code == 400


@pytest.mark.parametrize("tenant", ["360900"])
async def test_readers_never_skip_while_writers_race(as_user: Any, door: Door, tenant: str) -> None:
    """A reader that goes on from the last number it saw gets every number exactly once."""
    total, writers = 240, 8
    events = [
        Event(new_id(), tenant, "project.submitted", [], {"n": n}, "t", clock.now()) for n in range(total)
    ]
    batches = [events[n : n + 5] for n in range(0, total, 5)]
    queue = list(reversed(batches + batches[:10]))  # some twice: a lease that ran out too early
    reader = as_user(tenant)
    before = len(await whole(reader))
    seen: list[int] = []

    async def write() -> None:
        while queue:
            batch = queue.pop()
            while True:
                try:
                    async with door.transaction(tenant_scope(tenant)) as tx:
                        await append(tx, tenant, batch)
                        await asyncio.sleep(0.001)
                    break
                except Exception as error:
                    assert getattr(error, "sqlstate", "") in ("23505", "55P03"), error

    async def read() -> None:
        after = before
        while len(seen) < total:
            page = (await reader("GET", f"/events?after={after}&limit=7")).json()
            seen.extend(e["seq"] for e in page["events"])
            after = page["next_after"]

    await asyncio.wait_for(asyncio.gather(read(), *(write() for _ in range(writers))), 600)
    assert seen == list(range(before + 1, before + total + 1))
    ids = [e["id"] for e in await whole(reader, after=before)]
    assert sorted(ids) == sorted(e.id for e in events)


async def test_a_cursor_past_either_end_is_told(
    as_user: Any, door: Door, relay: Any, settings: Settings
) -> None:
    """Beyond the head it would wait for ever, before the tail it would miss events: neither in silence."""
    for _ in range(4):
        await emit_one(door, CITY, "project.submitted", [Recipient(CITY, "gatekeeper")])
    await relay()
    reader = as_user(CITY)
    head = (await whole(reader))[-1]["seq"]
    assert (await reader("GET", f"/events?after={head}")).json() == {"events": [], "next_after": head}
    for ahead in (head + 1, head + 1000, 2**63 - 1):
        told = await reader("GET", f"/events?after={ahead}")
        assert (told.status_code, told.json()["code"], told.json()["head"]) == (409, "cursor_ahead", head)

    await query(settings.database_url, "DELETE FROM event_feed WHERE tenant_id = $1 AND seq < $2", CITY, head)
    for gone in (0, head - 3, head - 2):
        told = await reader("GET", f"/events?after={gone}")
        assert (told.status_code, told.json()["code"]) == (410, "cursor_gone"), gone
        assert (told.json()["oldest"], told.json()["head"]) == (head - 1, head)
    assert [e["seq"] for e in (await reader("GET", f"/events?after={head - 1}")).json()["events"]] == [head]
    assert [e["seq"] for e in (await reader("GET", "/events")).json()["events"]] == [head], (
        "from what is kept"
    )

    await query(settings.database_url, "DELETE FROM event_feed WHERE tenant_id = $1", CITY)
    told = await reader("GET", f"/events?after={head - 1}")
    assert (told.status_code, told.json()["oldest"]) == (410, head)
    assert (await reader("GET", f"/events?after={head}")).json() == {"events": [], "next_after": head}
    nobody = as_user("360700")
    assert (await nobody("GET", "/events?after=0")).json()["events"] == []
