"""The calendar of working days: imported whole, corrected by version, and an alarm before it ends."""

from __future__ import annotations

from datetime import date
from typing import Any

from service.kit.db import Door
from service.kit.telemetry import Telemetry
from service.obligations import jobs

YEAR = {
    "year": 2027,
    "source": "国务院办公厅年度通知",
    "days": [{"date": "2027-01-01", "working": False, "note": "元旦"}],
}


async def test_the_published_calendar_is_there_and_says_how_far_it_reaches(as_user: Any, at: Any) -> None:
    at("2026-10-02")
    seen = (await as_user("360000", "administrator")("GET", "/calendar")).json()
    assert [each["year"] for each in seen["years"]][:3] == [2024, 2025, 2026]
    days = {each["date"]: each["working"] for each in seen["days"]}
    assert (days["2026-10-01"], days["2026-10-10"], days["2026-02-14"]) == (False, True, True)
    assert len([day for day, works in days.items() if not works]) == 33
    assert (seen["horizon"], seen["days_left"], seen["alarm"]) == ("2026-12-31", 90, False)
    at("2026-10-03")
    later = (await as_user("360100", "administrator")("GET", "/calendar?year=2025")).json()
    assert (later["days_left"], later["alarm"], later["days"][0]["date"]) == (89, True, "2025-01-01")


async def test_the_alarm_rings_once_a_week_for_the_provinces_people(
    as_user: Any, at: Any, door: Door, relay: Any, sql: Any
) -> None:
    count = "SELECT count(*) AS n FROM outbox WHERE kind = 'calendar.horizon'"
    before = (await sql(count))[0]["n"]
    telemetry = Telemetry()
    for day in ("2028-10-02", "2028-10-04", "2028-10-08"):  # one ISO week, in a year nobody has entered
        at(day)
        await jobs.watch_horizon(door, telemetry, jobs.clock.now())
    assert (await sql(count))[0]["n"] == before + 1
    at("2028-10-09")
    await jobs.watch_horizon(door, telemetry, jobs.clock.now())
    assert (await sql(count))[0]["n"] == before + 2
    assert b"tongjian_calendar_horizon_days -283.0" in telemetry.render()
    await relay()
    inbox = (await as_user("360000", "office")("GET", "/inbox?limit=200")).json()["items"]
    assert "请导入下一年度节假日安排" in next(
        each["body"] for each in inbox if each["kind"] == "calendar.horizon"
    )
    assert jobs.horizon([2024, 2025, 2026, 2028], date(2026, 1, 1)) == date(2026, 12, 31)


async def test_a_year_is_imported_whole_checked_and_replaced_by_version(as_user: Any, sql: Any) -> None:
    admin, keeper = as_user("360000", "administrator"), as_user("360100", "gatekeeper")
    assert (await keeper("POST", "/calendar/import", YEAR)).status_code == 403
    faults = {
        "/days/0/date": {**YEAR, "days": [{"date": "2025-12-31", "working": False}]},
        "/days/1/date": {**YEAR, "days": [{"date": "2027-01-01", "working": False}] * 2},
        "/days": {
            **YEAR,
            "days": [{"date": "2027-02-20", "working": True}, {"date": "2026-12-31", "working": False}],
        },
        "/csv": {**YEAR, "days": None, "csv": "date,working,note\n2027-13-01,0,x\n"},
    }
    for pointer, body in faults.items():
        answer = await admin("POST", "/calendar/import", body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer), answer.text
    weekday = {**YEAR, "days": [*YEAR["days"], {"date": "2027-01-04", "working": True}]}
    answer = await admin("POST", "/calendar/import", weekday)
    assert answer.json()["errors"][0]["code"] == "already_working"
    assert not await sql("SELECT 1 FROM calendar_days WHERE day >= '2027-01-01'")
    made = await admin("POST", "/calendar/import", YEAR)
    assert (made.status_code, made.json()["version"]) == (201, 1), made.text
    stale = await admin("POST", "/calendar/import", YEAR)
    assert (stale.status_code, stale.json()["code"]) == (409, "calendar_changed")
    csv = "\ufeffdate,working,note\r\n2027-01-01,0,元旦\r\n2027-02-20,1,调休上班\r\n"
    again = await admin(
        "POST", "/calendar/import", {"year": 2027, "source": "更正通知", "replaces": 1, "csv": csv}
    )
    assert (again.status_code, again.json()["version"]) == (201, 2), again.text
    seen = (await admin("GET", "/calendar?year=2027")).json()
    assert [(each["date"], each["working"]) for each in seen["days"]] == [
        ("2027-01-01", False),
        ("2027-02-20", True),
    ]
    trail = await sql("SELECT summary FROM audit_entries WHERE action = 'calendar.import'")
    assert len(trail) == 2


async def test_a_notice_brings_days_of_the_year_before_and_after(as_user: Any) -> None:
    admin = as_user("360000", "administrator")

    def notice(year: int, replaces: int, *days: tuple[str, bool]) -> dict[str, Any]:
        listed = [{"date": day, "working": works, "note": "元旦"} for day, works in days]
        return {"year": year, "source": f"{year}年通知", "replaces": replaces, "days": listed}

    async def shown(year: int) -> dict[str, tuple[bool, int]]:
        days = (await admin("GET", f"/calendar?year={year}")).json()["days"]
        return {each["date"]: (each["working"], each["notice"]) for each in days}

    across = notice(2051, 0, ("2050-12-31", False), ("2051-01-02", False), ("2052-01-01", False))
    made = await admin("POST", "/calendar/import", across)
    assert made.status_code == 201, made.text
    assert made.json()["neighbours"] == [
        {"year": 2050, "version": 0, "days": 1},
        {"year": 2052, "version": 0, "days": 1},
    ]
    read = (await admin("GET", "/calendar")).json()
    assert {2050, 2052}.isdisjoint(each["year"] for each in read["years"])  # a day is not a year entered
    assert await shown(2050) == {"2050-12-31": (False, 2051)}
    # The neighbour's own notice comes later, says otherwise of the same day, and is corrected: the other's day stays.
    own = notice(2050, 0, ("2050-01-03", False), ("2050-12-31", True))
    assert (await admin("POST", "/calendar/import", own)).status_code == 201
    assert (await shown(2050))["2050-12-31"] == (False, 2051)
    fixed = await admin("POST", "/calendar/import", notice(2050, 1, ("2050-01-04", False)))
    assert (fixed.status_code, fixed.json()["version"]) == (201, 2)
    assert await shown(2050) == {"2050-01-04": (False, 2050), "2050-12-31": (False, 2051)}
    again = await admin(
        "POST", "/calendar/import", notice(2051, 1, ("2051-01-02", False), ("2050-12-30", False))
    )
    assert again.json()["neighbours"] == [{"year": 2050, "version": 2, "days": 1}]
    assert await shown(2050) == {"2050-01-04": (False, 2050), "2050-12-30": (False, 2051)}
    assert await shown(2052) == {}
