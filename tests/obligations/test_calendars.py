"""iCalendar files and feeds (RFC 5545), and the calendar of working days."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from service.kit.ids import new_id
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
    await _changed_and_revoked(as_user, client, keeper, path)


async def _changed_and_revoked(as_user: Any, client: Any, keeper: Any, path: Any) -> None:
    """A new address ends the old one; nobody else revokes it."""
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
    own = await approve("2026-03-02", owner="city.unit")
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


async def test_art_25_a_proof_without_an_end_does_not_break_the_file(
    as_user: Any, approve: Any, relay: Any, at: Any
) -> None:
    """valid_to 9999-12-31 is what forms say for no end; the event then has no DTEND: one whole day (RFC 5545)."""
    at("2026-03-02")
    project = await approve("2026-03-02", owner="city.unit")
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
