"""iCalendar files and feeds (RFC 5545), and the calendar of working days."""

from __future__ import annotations

from datetime import date
from typing import Any

import asyncpg
import pytest

from service.kit.db import Door
from service.kit.ids import new_id
from service.kit.telemetry import Telemetry
from service.obligations import jobs
from service.obligations.ical import escape, fold
from service.settings import Settings
from tests.worlds import Caller


def parsed(data: bytes) -> list[dict[str, str]]:
    """The events of a file, by hand: lines end in CRLF, hold at most 75 octets, and unfold to UTF-8."""
    assert data.endswith(b"\r\n")
    lines = data.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert all(line.decode() for line in lines)  # no character is cut
    unfolded = data.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]
    assert (unfolded[0], unfolded[1], unfolded[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR")
    events: list[dict[str, str]] = []
    for line in unfolded:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name != "END":
            assert name not in events[-1]
            events[-1][name] = value
    return events


def test_lines_are_folded_by_octets_and_text_is_escaped() -> None:
    line = "SUMMARY:" + escape("数字化；a,b;c\\d\n二\r\x07" * 12)
    folded = fold(line)
    assert all(len(part) <= 75 for part in folded.split(b"\r\n"))
    assert folded.replace(b"\r\n ", b"").decode() == line + "\r\n"
    assert escape("a,b;c\\d\n二\r\x07") == "a\\,b\\;c\\\\d\\n二"


async def test_the_file_holds_ones_own_duties_as_whole_days(
    as_user: Any, at: Any, approve: Any, relay: Any
) -> None:
    at("2026-03-02")
    project = await approve("2026-03-02", file=False)
    await relay()
    answer = await as_user("360100", "gatekeeper")("GET", "/obligations/calendar.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    events = [each for each in parsed(answer.content) if "报备案" in each["SUMMARY"]]
    assert {"20260312"} <= {each["DTSTART;VALUE=DATE"] for each in events}
    assert {"20260313"} <= {each["DTEND;VALUE=DATE"] for each in events}
    assert all(each["UID"].endswith("@tongjian") and each["DTSTAMP"].endswith("Z") for each in events)
    assert all("组织开工" not in each["SUMMARY"] for each in parsed(answer.content))  # the owner's duty
    assert len({each["UID"] for each in parsed(answer.content)}) == len(parsed(answer.content))
    assert project


async def test_a_secret_address_opens_one_desk_until_it_is_changed_or_revoked(
    as_user: Any, client: Any, at: Any, approve: Any, relay: Any, sql: Any
) -> None:
    at("2026-03-02")
    await approve("2026-03-02", file=False)
    await approve("2026-03-02", tenant="360200", file=False)
    await relay()
    keeper = as_user("360100", "gatekeeper")
    made = await keeper("POST", "/obligations/feeds", {}, headers={"idempotency-key": "feed-key-1"})
    assert made.status_code == 201, made.text
    again = await keeper("POST", "/obligations/feeds", {}, headers={"idempotency-key": "feed-key-1"})
    assert (again.json()["url"], again.json()["feed"]) == (
        None,
        made.json()["feed"],
    )  # a secret is shown once
    path = made.json()["url"].removeprefix("http://127.0.0.1:8000")
    opened = await client.get(path)
    assert opened.status_code == 200
    own = (await keeper("GET", "/obligations/calendar.ics")).content
    assert {each["UID"] for each in parsed(opened.content)} == {each["UID"] for each in parsed(own)}
    assert all(each["UID"].startswith("360100-") for each in parsed(opened.content))
    secret = path.rpartition("tjs_")[2].removesuffix(".ics")
    assert not await sql("SELECT 1 FROM obligation_feeds WHERE digest LIKE '%' || $1 || '%'", secret)
    assert not await sql("SELECT 1 FROM idempotency WHERE position($1::bytea in body) > 0", secret.encode())
    for wrong in (path[:-5] + "x.ics", path.replace("/360100.", "/360200."), "/feeds/obligations/x.ics"):
        refused = await client.get(wrong)
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    changed = await keeper("POST", "/obligations/feeds", {})
    assert (await client.get(path)).status_code == 404
    newer = changed.json()["url"].removeprefix("http://127.0.0.1:8000")
    assert (await client.get(newer)).status_code == 200
    (feed,) = (await keeper("GET", "/obligations/feeds")).json()["items"]
    for other in (
        as_user("360100", "approver"),
        as_user("360100", "360102.unit"),
        as_user("360200", "gatekeeper"),
    ):
        assert (await other("DELETE", f"/obligations/feeds/{feed['id']}")).status_code == 404
        assert feed["id"] not in (await other("GET", "/obligations/feeds")).text
    assert (await keeper("DELETE", f"/obligations/feeds/{feed['id']}")).status_code == 204
    assert (await client.get(newer)).status_code == 404
    unheld = await keeper("POST", "/obligations/feeds", {"role": "approver"})
    assert (unheld.status_code, unheld.json()["errors"][0]["pointer"]) == (422, "/role")


async def test_an_offices_feed_holds_only_its_own_projects_and_an_organs_reaches_all(
    as_user: Any, client: Any, at: Any, approve: Any, relay: Any
) -> None:
    at("2026-03-02")
    own = await approve("2026-03-02", login="unit")
    other = await approve("2026-03-02", tenant="360200")
    await relay()
    unit = await as_user("360100", "unit")("POST", "/obligations/feeds", {})
    assert unit.json()["feed"]["office_id"] is not None
    seen = (await client.get(unit.json()["url"].removeprefix("http://127.0.0.1:8000"))).content
    listed = (await as_user("360100", "unit")("GET", "/obligations?mine=true&limit=200")).json()["items"]
    assert {each["UID"] for each in parsed(seen)} == {f"{each['id']}@tongjian" for each in listed}
    assert own in {each["project_id"] for each in listed}
    assert other not in {each["project_id"] for each in listed}
    organ = await as_user("360000", "finance")("POST", "/obligations/feeds", {})
    assert (await client.get(organ.json()["url"].removeprefix("http://127.0.0.1:8000"))).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET disabled_at = now() WHERE tenant_id = '360100' AND login = 'gatekeeper'",
        "DELETE FROM role_grants USING users u WHERE u.tenant_id = '360100' AND u.login = 'gatekeeper' "
        "AND role_grants.tenant_id = u.tenant_id AND role_grants.user_id = u.id",
        "UPDATE offices SET valid_to = '2026-03-01' FROM users u WHERE u.tenant_id = '360100' "
        "AND u.login = 'gatekeeper' AND offices.tenant_id = u.tenant_id AND offices.id = u.office_id",
    ],
)
async def test_a_secret_address_dies_with_the_right_it_was_made_on(
    as_user: Any, client: Any, at: Any, settings: Settings, change: str
) -> None:
    """A person disabled, without the role, or of an office that ended; also where it was done by hand."""
    at("2026-03-02")
    made = await as_user("360100", "gatekeeper")("POST", "/obligations/feeds", {})
    path = made.json()["url"].removeprefix("http://127.0.0.1:8000")
    assert (await client.get(path)).status_code == 200
    connection = await asyncpg.connect(settings.database_url)
    kept = {
        name: await connection.fetch(f"SELECT * FROM {name} WHERE tenant_id = '360100'")
        for name in ("role_grants",)
    }
    try:
        await connection.execute(change)
        refused = await client.get(path)
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    finally:
        await connection.execute("UPDATE users SET disabled_at = NULL WHERE tenant_id = '360100'")
        await connection.execute("UPDATE offices SET valid_to = NULL WHERE tenant_id = '360100'")
        await connection.execute("DELETE FROM role_grants WHERE tenant_id = '360100'")
        for row in kept["role_grants"]:
            columns, places = ", ".join(row.keys()), ", ".join(f"${n}" for n in range(1, len(row) + 1))
            await connection.execute(f"INSERT INTO role_grants ({columns}) VALUES ({places})", *row.values())
        await connection.close()


@pytest.fixture
async def drafter(as_user: Any, client: Any) -> Any:
    """A fresh person of 360100 and what an administrator and they themselves do: (edit, grant, withdraw, make)."""
    admin = as_user("360100", "administrator")
    office = (await admin("GET", "/offices?tier=city&limit=1")).json()["items"][0]["id"]
    login = f"feeds-{new_id()}"
    made = await admin("POST", "/users", {"office_id": office, "login": login, "name": "订阅人"})
    assert made.status_code == 201, made.text
    user = f"/users/{made.json()['id']}"

    async def edit(**fields: Any) -> None:
        etag = (await admin("GET", user)).headers["etag"]
        done = await admin("PATCH", user, fields, etag=etag)
        assert done.status_code == 200, done.text

    async def change(method: str, role: str) -> None:
        done = await admin(method, f"{user}/roles/{role}")
        assert done.status_code in (200, 201), done.text

    async def make(role: str) -> str:
        form = {"grant_type": "urn:tongjian:grant:development", "username": f"360100/{login}"}
        got = await client.post("/api/v1/oauth/token", data=form)
        person = Caller(client, got.json()["access_token"])
        feed = await person("POST", "/obligations/feeds", {"role": role})
        assert feed.status_code == 201, feed.text
        return str(feed.json()["url"]).removeprefix("http://127.0.0.1:8000")

    return edit, change, make


async def test_an_address_made_right_after_a_change_opens_and_later_changes_leave_it(
    client: Any, drafter: Any
) -> None:
    """Each of these cuts the person's tokens five seconds ahead; none of them touches the right of the address."""
    edit, change, make = drafter
    await change("PUT", "finance")
    path = await make("finance")
    assert (await client.get(path)).status_code == 200  # within the five seconds
    await change("PUT", "cyber")
    assert (await client.get(path)).status_code == 200
    await change("DELETE", "cyber")
    assert (await client.get(path)).status_code == 200
    await edit(name="改名")
    assert (await client.get(path)).status_code == 200


async def test_what_ended_with_its_right_stays_ended_when_the_right_comes_back(
    client: Any, drafter: Any, sql: Any
) -> None:
    edit, change, make = drafter
    await change("PUT", "finance")
    path = await make("finance")
    await change("DELETE", "finance")
    assert (await client.get(path)).status_code == 404
    await change("PUT", "finance")
    assert (await client.get(path)).status_code == 404
    path = await make("finance")
    assert (await client.get(path)).status_code == 200
    await edit(disabled=True)
    assert (await client.get(path)).status_code == 404
    await edit(disabled=False)
    assert (await client.get(path)).status_code == 404
    assert (await client.get(await make("finance"))).status_code == 200


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


async def test_art_25_a_proof_without_an_end_does_not_break_the_file(
    as_user: Any, approve: Any, relay: Any, at: Any
) -> None:
    """valid_to 9999-12-31 is what forms say for no end; the event then has no DTEND: one whole day (RFC 5545)."""
    at("2026-03-02")
    project = await approve("2026-03-02", login="unit")
    unit = as_user("360100", "unit")
    body = {
        "kind": "security_test",
        "issued_by": "某测评机构",
        "number": "N1",
        "issued_on": "2026-03-02",
        "valid_to": "9999-12-31",
        "passed": True,
        "document": {"name": "报告", "digest": "a" * 64},
    }
    etag = (await unit("GET", f"/projects/{project}")).headers["etag"]
    done = await unit("POST", f"/projects/{project}/certificates", body, etag=etag)
    assert done.status_code == 200, done.text
    await relay()
    answer = await unit("GET", "/obligations/calendar.ics")
    assert answer.status_code == 200
    assert b"DTSTART;VALUE=DATE:99991231" in answer.content
