"""The inbox: once per desk, seen by the desk only, paged, marked; also when the relay dies half-way."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from service.kit import clock
from service.kit.db import Door
from service.kit.outbox import Recipient
from service.notifications.schemas import Message, MessageView
from service.settings import Settings
from service.setup.seed import office_id
from tests.factories import city_office
from tests.lives import builder
from tests.notifications.events import PROVINCE, emit_one, query

CITY = "360500"


async def messages(caller: Any, **params: Any) -> list[dict[str, Any]]:
    answer = await caller("GET", "/inbox", params={"limit": 200, **params})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_submission_reaches_the_gatekeeper_of_its_city_only(
    as_user: Any, door: Door, settings: Settings, relay: Any
) -> None:
    project = (await builder(as_user, door, settings)(tenant=CITY).submitted()).id
    await relay()
    mine = [m for m in await messages(as_user(CITY, "gatekeeper")) if m["project_id"] == project]
    assert [(m["kind"], m["role"], m["read_at"]) for m in mine] == [("project.submitted", "gatekeeper", None)]
    assert "统筹把关" in mine[0]["title"]
    for other in (as_user(CITY, "approver"), as_user(CITY, "unit"), as_user("360600", "gatekeeper")):
        assert project not in [m["project_id"] for m in await messages(other)]
        assert (await other("GET", f"/inbox/{mine[0]['id']}")).status_code == 404
        assert (await other("POST", f"/inbox/{mine[0]['id']}/read")).status_code == 404
    assert project not in [m["project_id"] for m in await messages(as_user(CITY, "administrator"))], (
        "sees no case"
    )


async def test_a_message_of_an_office_is_for_that_office(as_user: Any, door: Door, relay: Any) -> None:
    desks = [Recipient(CITY, "unit", city_office(CITY))]
    event = await emit_one(door, CITY, "project.returned", desks, reason="请补充")
    await relay()
    city, county = as_user(CITY, "unit"), as_user(CITY, "360502.unit")
    (mine,) = [m for m in await messages(city) if (await data(city, m))["reason"] == "请补充"]
    assert event
    assert mine["id"] not in [m["id"] for m in await messages(county)]
    assert (await county("GET", f"/inbox/{mine['id']}")).status_code == 404


async def data(caller: Any, message: dict[str, Any]) -> dict[str, Any]:
    answer = await caller("GET", f"/inbox/{message['id']}")
    assert answer.status_code == 200, answer.text
    given: dict[str, Any] = answer.json()["data"]
    return {"reason": None, **given}


async def test_marking_keeps_the_first_time_of_a_person(as_user: Any, door: Door, relay: Any) -> None:
    await emit_one(door, CITY, "project.withdrawn", [Recipient(CITY, "gatekeeper")])
    await relay()
    keeper = as_user(CITY, "gatekeeper")
    (message, *_) = await messages(keeper, unread=True, kind="project.withdrawn")
    first = (await keeper("POST", f"/inbox/{message['id']}/read")).json()
    assert first["read_by"] == f"user:{CITY}:gatekeeper"
    again = await as_user(CITY, "gatekeeper", client="portal")("POST", f"/inbox/{message['id']}/read")
    assert again.json()["read_at"] == first["read_at"]
    assert again.json()["read_by"] == first["read_by"]
    assert message["id"] not in [m["id"] for m in await messages(keeper, unread=True)]
    assert message["id"] in [m["id"] for m in await messages(keeper, unread=False)]


async def test_pages_go_through_everything_once_and_fit_their_struct(
    as_user: Any, door: Door, relay: Any
) -> None:
    for _ in range(7):
        await emit_one(door, "360700", "project.approved", [Recipient("360700", "gatekeeper")])
    await relay()
    keeper = as_user("360700", "gatekeeper")
    there = len(await messages(keeper, kind="project.approved"))
    assert there >= 7
    seen: list[str] = []
    path = "/inbox?limit=3&kind=project.approved"
    while path:
        answer = await keeper("GET", path)
        assert answer.status_code == 200, answer.text
        page = msgspec.convert(answer.json()["items"], list[Message], strict=False)
        seen += [item.id for item in page]
        link = answer.headers.get("link", "")
        path = link.partition("<")[2].partition(">")[0]
    assert len(seen) == len(set(seen)) == there
    msgspec.convert((await keeper("GET", f"/inbox/{seen[0]}")).json(), MessageView, strict=False)
    answer = await keeper("GET", "/inbox?limit=3")
    cursor = answer.json()["next_cursor"]
    other = await as_user("360800", "gatekeeper")("GET", f"/inbox?cursor={cursor}")
    assert other.status_code == 400
    assert (await keeper("GET", "/inbox?unread=perhaps")).status_code == 400
    assert (await keeper("GET", "/inbox/360700-nonsense")).status_code == 404


async def test_one_message_per_desk_however_often_the_relay_dies(
    as_user: Any, door: Door, relay: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks = [
        Recipient(PROVINCE, "office"),
        Recipient(CITY, "gatekeeper"),
        Recipient(CITY, "unit", city_office(CITY)),
        Recipient(CITY, "unit", office_id(CITY, "360502", "渝水区政府办公室")),
    ]
    event = await emit_one(door, CITY, "filing.filed", desks, filing={"number": "360500-2026-0099"})
    await relay()
    for _ in range(3):  # as after a kill between the subscribers and the mark
        await query(
            settings.database_url,
            "UPDATE outbox SET done_at = NULL, next_attempt_at = now() WHERE id = $1",
            event,
        )
        await asyncio.gather(relay(), relay())
    rows = await query(
        settings.database_url, "SELECT tenant_id, role, office_id FROM inbox WHERE event_id = $1", event
    )
    assert len(rows) == len(desks)
    feed = await query(settings.database_url, "SELECT tenant_id FROM event_feed WHERE event_id = $1", event)
    assert sorted(row["tenant_id"] for row in feed) == [PROVINCE, CITY]


async def test_the_event_time_is_the_message_time(
    as_user: Any, door: Door, relay: Any, settings: Any
) -> None:
    before = clock.now()
    event = await emit_one(door, CITY, "filing.answered", [Recipient(PROVINCE, "office")])
    await relay()
    (row,) = await query(settings.database_url, "SELECT at FROM inbox WHERE event_id = $1", event)
    assert before <= row["at"] <= clock.now()


async def test_all_of_a_desk_is_marked_at_once_and_nothing_of_anybody_else(
    as_user: Any, door: Door, relay: Any
) -> None:
    """What came after the reader's page stays unread; another desk's and another city's are left alone."""
    city, other = "360400", "360800"
    for tenant, role in ((city, "approver"), (city, "approver"), (city, "finance"), (other, "approver")):
        await emit_one(door, tenant, "project.withdrawn", [Recipient(tenant, role)])
        await relay()
    mine = as_user(city, "approver")
    newest, *older = await messages(mine, unread=True)
    assert older
    part = await mine("POST", "/inbox/read-all", {"until": older[0]["at"]})
    assert (part.status_code, part.json()) == (200, {"marked": len(older)}), part.text
    assert [each["id"] for each in await messages(mine, unread=True)] == [newest["id"]]
    assert (await mine("POST", "/inbox/read-all", {})).json() == {"marked": 1}
    assert (await mine("POST", "/inbox/read-all", {})).json() == {"marked": 0}
    for left in (as_user(city, "finance"), as_user(other, "approver")):
        assert await messages(left, unread=True)
    assert (await mine("POST", "/inbox/read-all", {"until": "2026-01-01T00:00:00"})).status_code == 422
