"""Reminders land on working days, once each, and reach who is concerned (art. 29)."""

from __future__ import annotations

from typing import Any


async def test_art_29_reminders_land_on_working_days_once_each(
    at: Any, approve: Any, relay: Any, look: Any, told: Any
) -> None:
    """Due on 8 October 2026, after the National Day holidays: four and five months, then 30/7/1 days before."""
    at("2026-04-08")
    project = await approve("2026-04-08")
    await relay()
    days = {
        "2026-08-06": 0,
        "2026-08-07": 1,  # four months: 8 August is a Saturday
        "2026-08-08": 1,
        "2026-09-07": 1,
        "2026-09-08": 2,  # five months and thirty days fall together
        "2026-09-09": 2,
        "2026-09-29": 2,
        "2026-09-30": 3,  # seven and one days lie in the holidays
        "2026-10-01": 3,
        "2026-10-07": 3,
        "2026-10-08": 3,  # the day itself is in time
    }
    for day, count in days.items():
        at(day)
        await look()
        await look()
        await relay()
        given = await told(project, "start")
        assert given == [("reminder", "2026-10-08")] * count, day
    at("2026-10-09")
    for _ in range(3):
        await look()
        await relay()
    assert (await told(project, "start"))[3:] == [("escalated", "2026-10-08"), ("lapsed", "2026-10-08")]
    at("2026-10-12")
    await look()
    assert len(await told(project, "start")) == 5


async def test_a_reminder_lands_on_a_worked_sunday_and_not_on_a_free_saturday(
    at: Any, approve: Any, relay: Any, look: Any, told: Any
) -> None:
    """Due on Monday 21 September 2026; Sunday the 20th is worked for the holidays, Saturday the 19th is not."""
    at("2026-03-21")
    project = await approve("2026-03-21")
    await relay()
    for day, count in (("2026-09-18", 1), ("2026-09-19", 1), ("2026-09-20", 2), ("2026-09-21", 2)):
        at(day)
        await look()
        assert await told(project, "start") == [("reminder", "2026-09-21")] * count, day
    at("2026-09-22")
    await look()
    assert [kind for kind, _ in await told(project, "start")][2:] == ["escalated", "lapsed"]


async def test_after_a_lapse_on_a_friday_the_next_day_is_silent_unless_it_is_worked(
    at: Any, approve: Any, relay: Any, look: Any, told: Any
) -> None:
    at("2026-04-09")
    project = await approve("2026-04-09")  # due Friday 9 October; Saturday the 10th is worked
    await relay()
    at("2026-10-10")
    await look()
    assert [kind for kind, _ in await told(project, "start")] == ["escalated", "lapsed"]
    at("2026-04-17")
    other = await approve("2026-04-17")  # due Saturday 17 October; the 18th is a free Sunday
    await relay()
    at("2026-10-18")
    await look()
    assert [kind for kind, _ in await told(other, "start")] == []
    at("2026-10-19")
    await look()
    assert [kind for kind, _ in await told(other, "start")] == ["escalated", "lapsed"]


async def test_reminders_reach_the_owner_and_the_lapse_its_supervisor(
    as_user: Any, at: Any, approve: Any, relay: Any, look: Any, sql: Any
) -> None:
    at("2026-05-06")
    project = await approve("2026-05-06")
    await relay()
    at("2026-11-09")
    await look()
    await relay()
    inbox = (await as_user("360100", "supervisor")("GET", "/inbox?limit=200")).json()["items"]
    texts = [each["body"] for each in inbox if each["kind"] == "obligation.escalated"]
    assert any(
        "“组织开工”应于2026-11-06前（含当日）完成（第二十九条），已逾期3天。" in text for text in texts
    )
    own = (await as_user("360100")("GET", "/inbox?limit=200")).json()["items"]
    late = [each["body"] for each in own if each["kind"] == "obligation.lapsed"]
    assert any("不可抗力" in text for text in late)
    there = "SELECT DISTINCT tenant_id FROM inbox WHERE snapshot -> 'project' ->> 'id' = $1 AND kind ~ '^obligation'"
    assert {row["tenant_id"] for row in await sql(there, project)} == {"360100"}
