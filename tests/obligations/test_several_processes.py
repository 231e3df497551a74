"""What a process remembers of having looked hides nothing: not who looked, nor what another process did since."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from service.obligations import current
from service.rulebook.book import RuleBooks
from service.settings import Settings
from tests.worlds import Caller, running

MARKED = current.marked  # which no other test asks (tests/conftest.py)


@pytest.fixture
async def elsewhere(settings: Settings, token: Any) -> AsyncIterator[Any]:
    """elsewhere("360100", "gatekeeper") → that person, calling a second process on the same database."""
    async with running(settings) as other:
        transport = httpx.ASGITransport(app=other, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            yield lambda *who: Caller(client, token(*who))


async def begin(caller: Any, project: str, day: str) -> None:
    etag = (await caller("GET", f"/projects/{project}")).headers["etag"]
    begun = await caller("POST", f"/projects/{project}/start", {"started_on": day, "note": ""}, etag=etag)
    assert begun.status_code == 200, begun.text


async def owed(caller: Any, project: str, code: str) -> list[str]:
    """The days on which a duty of the case is due, as the list tells them."""
    page = (await caller("GET", f"/obligations?code={code}&limit=200")).json()["items"]
    return [each["due"] for each in page if each["project_id"] == project]


async def test_an_agency_that_looks_first_has_not_looked_for_the_office(
    as_user: Any, at: Any, approve: Any
) -> None:
    """Arts 18, 42: the agency sees what it was commissioned to appraise, the office every case."""
    at("2026-03-02")
    project = await approve("2026-03-02", file=False, tenant="361100")
    await begin(as_user("361100"), project, "2026-03-02")
    at("2027-01-01")
    agency, office = as_user("360000", "agency"), as_user("360000", "office")
    assert (await agency("GET", "/obligations")).json()["items"] == []
    assert await owed(office, project, "performance_report") == ["2026-12-31", "2027-12-31"]


async def test_the_province_looks_at_all_tenants_a_share_at_a_time(
    as_user: Any, at: Any, approve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reading that has no time left hides nothing for good: the next ones go on, to the last tenant."""
    monkeypatch.setattr(current, "SHARE", -1.0)
    at("2026-03-02")
    project = await approve("2026-03-02", file=False, tenant="361100")
    await begin(as_user("361100"), project, "2026-03-02")
    at("2027-01-01")
    office = as_user("360000", "office")
    told = [await owed(office, project, "performance_report") for _ in range(14)]
    assert told[0] == []
    assert told[-1] == ["2026-12-31", "2027-12-31"]


async def test_a_process_sees_what_another_did_since_its_look(
    as_user: Any, elsewhere: Any, at: Any, approve: Any
) -> None:
    """Of one tenant and of all; what touches the case, and a question (art. 39), which does not."""
    at("2026-03-02")
    project = await approve("2026-03-02", tenant="361000")
    keeper, office = as_user("361000", "gatekeeper"), as_user("360000", "office")
    for reader in (keeper, office):
        assert (
            await owed(reader, project, "filing_query")
            == await owed(reader, project, "performance_report")
            == []
        )
    await begin(elsewhere("361000"), project, "2026-03-02")
    for reader in (keeper, office):
        assert await owed(reader, project, "performance_report") == ["2026-12-31"]
    there = elsewhere("360000", "office")
    filing = (await there("GET", f"/filings?project_id={project}")).json()["items"][0]["id"]
    asked = await there("POST", f"/filings/{filing}/queries", {"question": "如何对接省级平台？"})
    assert asked.status_code == 201, asked.text
    for reader in (office, keeper):
        assert await owed(reader, project, "filing_query") == ["2026-03-12"]


async def test_rules_that_change_today_are_followed_today_by_every_process(
    app: Any, as_user: Any, elsewhere: Any, at: Any, approve: Any
) -> None:
    """Arts 44, 45: a city shortens a period; no case is touched, and both processes have looked today."""
    at("2026-03-02")
    project = await approve("2026-03-02", file=False, tenant="360600")
    there = elsewhere("360600", "gatekeeper")
    here = [as_user("360600", "gatekeeper"), as_user("360000", "office")]
    for reader in (*here, there):
        assert await owed(reader, project, "filing") == ["2026-03-12"]
    rules = (await there("GET", "/rulebook")).json()["version"]
    body = {
        "key": "filing.practice_days",
        "value": 5,
        "reason": "市数据局会议纪要",
        "effective_from": "2026-03-02",
        "expected_version": rules,
    }
    done = await there("POST", "/rulebook/overlays", body)
    assert done.status_code == 201, done.text
    assert await owed(there, project, "filing") == ["2026-03-07"]
    await app.app.state.services.shelf[RuleBooks].catch_up()  # as each second does
    for reader in here:
        assert await owed(reader, project, "filing") == ["2026-03-07"]


async def test_of_all_processes_one_looks_at_all_of_a_tenant(
    as_user: Any, elsewhere: Any, at: Any, approve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others ask what was changed since, of each city and of all; by the rules as they are."""
    monkeypatch.setattr(current, "marked", MARKED)
    looked, look = list[str](), current.look

    async def counted(door: Any, tenant: str, today: Any) -> bool:
        looked.append(tenant)
        return await look(door, tenant, today)

    monkeypatch.setattr(current, "look", counted)
    at("2028-03-02")
    project = await approve("2028-03-02", tenant="360900")
    keeper, there = as_user("360900", "gatekeeper"), elsewhere("360900", "gatekeeper")
    offices = as_user("360000", "office"), elsewhere("360000", "office")
    assert await owed(keeper, project, "performance_report") == []
    assert looked == ["360900"]
    await begin(as_user("360900"), project, "2028-03-02")
    assert await owed(there, project, "performance_report") == ["2028-12-31"]
    assert looked == ["360900"], "the second process found it among what was changed since"
    assert await owed(offices[0], project, "performance_report") == ["2028-12-31"]
    assert sorted(looked) == sorted(set(looked)) and len(looked) > 10, "each tenant once"
    seen = len(looked)
    assert await owed(offices[1], project, "performance_report") == ["2028-12-31"]
    assert len(looked) == seen
    at("2028-03-03")
    assert await owed(there, project, "performance_report") == ["2028-12-31"]
    assert looked[seen:] == ["360900"], "a new day makes duties of itself"
