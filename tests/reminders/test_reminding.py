"""Events and days become reminders: once each, for who asked for them, with numbers and a link and nothing else."""

from __future__ import annotations

from typing import Any

from service.kit.outbox import Recipient
from service.settings import Settings
from tests.notifications.events import emit_one, query, snapshot

CITY, OTHER = "360100", "360200"
TITLE, OWNER = snapshot()["project"]["name"], snapshot()["project"]["owner_name"]
WHO = "tenant_id = $1 AND login = $2"
KEEPER = [Recipient(CITY, "gatekeeper")]


async def test_at_once_within_the_budget_then_one_for_all(
    worker: Any, set_up: Any, door: Any, settings: Settings
) -> None:
    mine = "gatekeeper@360100.example.gov.cn"
    keeper = await set_up(CITY, "gatekeeper", mode="at_once", kinds=["tasks", "news"])
    for _ in range(2):
        await emit_one(door, CITY, "project.submitted", KEEPER)
        await worker.go()
    texts = worker.post.texts(mine)
    assert len(texts) == 2 and all("新到 1 件待办" in each for each in texts)
    for kind in ("project.submitted", "project.submitted", "filing.answered"):
        await emit_one(door, CITY, kind, KEEPER)
        await worker.go()
    assert len(worker.post.texts(mine)) == 2, "the hour's budget is used: the rest waits"
    await worker.go()
    await query(
        settings.database_url, "UPDATE reminder_messages SET created_at = created_at - interval '61 minutes'"
    )
    await worker.go()
    await worker.go()
    (summary,) = worker.post.texts(mine)[2:]
    assert "新到 2 件待办、1 条消息" in summary
    for mail in worker.post.got:
        said = mail[1].as_string() + mail[1].get_content()
        assert TITLE not in said and OWNER not in said and "水务" not in said
        assert mail[1].get_content().strip().endswith(f"{settings.issuer}/console")
        assert mail[1]["Auto-Submitted"] == "auto-generated"
    assert (await keeper("DELETE", "/me/notifications")).status_code == 204


async def test_nobody_else_is_reached(
    worker: Any, set_up: Any, door: Any, as_user: Any, settings: Settings
) -> None:
    """Not who did not prove his address, chose nothing, sits elsewhere or was disabled; nobody of other tenants."""
    every = ["due", "news", "tasks"]
    await set_up(OTHER, "approver", mode="at_once", kinds=every)
    await set_up(CITY, "archives", mode="at_once", kinds=every)
    quiet = await set_up(CITY, "approver", mode="none", kinds=every)
    unproved = as_user(CITY, "finance")
    asked = {"channel": "mail", "address": "f@example.gov.cn", "mode": "at_once", "kinds": every}
    assert (await unproved("PATCH", "/me/notifications", asked)).status_code == 200
    await worker.send()
    worker.post.got.clear()
    gone = await set_up(CITY, "data_office", mode="at_once", kinds=every)
    desks = [Recipient(CITY, role) for role in ("approver", "finance", "data_office", "archives")]
    await emit_one(door, CITY, "project.approved", desks)
    await worker.carry()
    data = (CITY, "data_office")
    await query(settings.database_url, f"UPDATE users SET disabled_at = now() WHERE {WHO}", *data)
    await worker.go()
    assert [to for to, _ in worker.post.got] == ["archives@360100.example.gov.cn"]
    await query(settings.database_url, f"UPDATE users SET disabled_at = NULL WHERE {WHO}", *data)
    left = await gone("GET", "/me/notifications")
    assert left.json()["address"] is None, "ended for good, not asleep"
    assert (await quiet("GET", "/me/notifications")).json()["verified_at"]


async def test_a_digest_comes_once_at_its_hour_on_working_days(
    worker: Any, set_up: Any, door: Any, at: Any, settings: Settings
) -> None:
    mine = "13900000000"

    def count() -> int:
        return sum(b'"13900000000"' in got.body for got in worker.gateway.got)

    at("2026-02-12 18:00")
    await set_up(CITY, "leading_group_secretary", mine, "gateway", mode="digest", hour=9, kinds=["news"])
    await emit_one(door, CITY, "project.approved", [Recipient(CITY, "leading_group_secretary")])
    await worker.go()
    assert count() == 0, "the hour of the day on which it was chosen is over"
    at("2026-02-13 08:59")
    await worker.go()
    assert count() == 0
    at("2026-02-13 09:00")
    await worker.go()
    await worker.go()
    at("2026-02-13 15:00")
    await worker.go()
    assert count() == 1
    body = worker.gateway.got[-1].body.decode()
    assert "统建：您有 1 条新消息" in body and TITLE not in body and f"{settings.issuer}/console" in body
    await emit_one(door, CITY, "project.approved", [Recipient(CITY, "leading_group_secretary")])
    at("2026-02-14 10:00")
    await worker.go()
    assert count() == 2, "a Saturday that is worked before the Spring Festival"
    await emit_one(door, CITY, "project.approved", [Recipient(CITY, "leading_group_secretary")])
    for day in ("2026-02-15", "2026-02-16", "2026-02-23"):  # a Sunday, and Mondays of the festival
        at(f"{day} 10:00")
        await worker.go()
        assert count() == 2, day
    at("2026-03-02 09:00")
    await worker.go()
    assert count() == 3
    at("2026-03-03 12:00")
    await worker.go()
    assert count() == 3, "nothing waits, nothing is new: nothing is said"


async def test_a_deputy_is_reminded_of_whom_he_stands_for(
    worker: Any, set_up: Any, door: Any, at: Any, as_user: Any
) -> None:
    at("2026-03-09 09:00")
    deputy = "archives@360100.example.gov.cn"
    await set_up(CITY, "archives", mode="at_once", kinds=["tasks"])
    await emit_one(door, CITY, "project.submitted", KEEPER)
    await worker.go()
    assert worker.post.texts(deputy) == []
    days = {"from_day": "2026-03-09", "until_day": "2026-03-09"}
    named = await as_user(CITY, "gatekeeper")(
        "POST", "/deputies", {"role": "gatekeeper", "deputy_login": "archives", **days}
    )
    assert named.status_code == 201, named.text
    await emit_one(door, CITY, "project.submitted", KEEPER)
    await worker.go()
    assert len(worker.post.texts(deputy)) == 1
    at("2026-03-10 09:00")
    await emit_one(door, CITY, "project.submitted", KEEPER)
    await worker.go()
    assert len(worker.post.texts(deputy)) == 1, "over with its last day"


async def test_an_event_carried_twice_is_told_once(
    worker: Any, set_up: Any, door: Any, settings: Settings
) -> None:
    mine = "secrecy@360100.example.gov.cn"
    await set_up(CITY, "secrecy", mode="at_once", kinds=["news"])
    await emit_one(door, CITY, "project.approved", [Recipient(CITY, "secrecy")])
    await worker.go()
    await query(
        settings.database_url, "UPDATE outbox SET done_at = NULL, handed = '{}', next_attempt_at = now()"
    )
    await worker.go()
    assert len(worker.post.texts(mine)) == 1
