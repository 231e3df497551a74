"""A city's own values as others see them: the province, another process, the desks that follow them (art. 5)."""

from __future__ import annotations

from typing import Any

import httpx

from service.kit.db import Door
from service.settings import Settings
from tests.lives import builder
from tests.rulebook.amending import FAR
from tests.rulebook.conftest import STAFF, record, submitted, today, version_of
from tests.worlds import Caller, running


async def test_the_province_sees_all_and_changes_none_and_cities_see_their_own(as_user: Any) -> None:
    one = (await record(as_user, "360900", "filing.practice_days", 6, on=FAR)).json()["overlay"]
    assert (await record(as_user, "36GJ00", "filing.practice_days", 7, on=FAR)).status_code == 201
    office, unit = as_user("360000", "office"), as_user("360900", "unit")
    items, url = [], "/rulebook/overlays?limit=1"
    while url:
        page = (await office("GET", url)).json()
        items += page["items"]
        url = page["next_cursor"] and f"/rulebook/overlays?limit=1&cursor={page['next_cursor']}"
    assert {"360900", "36GJ00"} <= {item["tenant"] for item in items}
    assert len({item["id"] for item in items}) == len(items)
    assert {item["tenant"] for item in (await unit("GET", "/rulebook/overlays")).json()["items"]} == {
        "360900"
    }
    assert (await as_user("36GJ00", "unit")("GET", f"/rulebook/overlays/{one['id']}")).status_code == 404
    assert (await as_user("36GJ00", "unit")("GET", "/rulebook/overlays?tenant=360900")).status_code == 404
    body = {
        "key": "near_line.percent",
        "value": 80,
        "effective_from": FAR,
        "reason": "省里代设",
        "expected_version": "0" * 16,
    }
    for login in ("office", "drc", "finance", "supervisor", "administrator"):
        assert (await as_user("360000", login)("POST", "/rulebook/overlays", body)).status_code == 403
    for who in ("approver", "unit", "administrator"):
        assert (await as_user("360900", who)("POST", "/rulebook/overlays", body)).status_code == 403


async def test_another_process_decides_by_it_at_once(
    as_user: Any, door: Door, settings: Settings, token: Any
) -> None:
    """No waiting for the next look: the case's own row tells a process that its books are behind."""
    tenant = "360500"
    async with running(settings) as other:
        from service.rulebook.following import RuleBookFollower

        await other.app.state.services.shelf[RuleBookFollower].stop()  # nobody looks every second there
        transport = httpx.ASGITransport(app=other, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            there = builder(lambda t, who=None: Caller(client, token(t, who)), door, settings)(tenant=tenant)
            case = await there.draft()
            assert (await record(as_user, tenant, "materials.extra", ["选址意见"])).status_code == 201
            assert [point["code"] for point in (await case.preview())["missing"]] == ["extra_required"]
            assert (await record(as_user, tenant, "findings.extra", [STAFF])).status_code == 201
            sent = await case.tried("owner", "submit", {"materials": {"extra": {"选址意见": "已取得"}}})
            assert sent.json()["code"] == "reason_required"
            # A city may record through a process that is behind, too: it catches up before it numbers its row.
            keeper = there.by("city.gatekeeper")
            assert (await record(as_user, tenant, "filing.practice_days", 5)).status_code == 201
            body = {
                "key": "filing.practice_days",
                "value": 4,
                "effective_from": today(),
                "reason": "再缩短",
                "expected_version": await version_of(as_user(tenant, "gatekeeper")),
            }
            again = await keeper("POST", "/rulebook/overlays", body)
            assert (again.status_code, again.json()["overlay"]["number"]) == (201, 4)


async def test_the_filing_term_of_the_city_counts_in_the_provinces_list(build: Any, as_user: Any) -> None:
    tenant = "360300"
    assert (await record(as_user, tenant, "filing.practice_days", 3)).status_code == 201
    case = await submitted(build(tenant=tenant))
    await case.gatekeep()
    await case.approve(document_date=today())
    listed = (await as_user("360000", "office")("GET", f"/monitoring/unfiled?tenant={tenant}")).json()[
        "items"
    ]
    assert [item["practice"]["days"] for item in listed] == [3]


async def test_the_desks_that_must_follow_it_are_told_and_it_is_on_the_record(
    as_user: Any, door: Any
) -> None:
    from service.kit.relay import drain
    from service.kit.telemetry import Telemetry
    from service.worker import SUBSCRIBERS

    tenant = "360700"
    stored = (await record(as_user, tenant, "filing.practice_days", 8, on=FAR)).json()["overlay"]
    for each in (tenant, "360000"):
        await drain(door, each, SUBSCRIBERS, Telemetry())
    for caller in (as_user(tenant, "gatekeeper"), as_user(tenant, "approver"), as_user("360000", "office")):
        inbox = (await caller("GET", "/inbox")).json()["items"]
        mine = [each for each in inbox if each["kind"] == "rulebook.overlaid" and FAR in each["body"]]
        assert [each for each in mine if stored["tenant_name"] in each["body"]], inbox
    trail = (await as_user(tenant, "administrator")("GET", "/audit?action=overlay.record")).json()["items"]
    assert [entry["summary"]["digest"] for entry in trail if entry["object_id"] == stored["id"][7:]] == [
        stored["digest"]
    ]
