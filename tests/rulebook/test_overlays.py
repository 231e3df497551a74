"""A city's own values: what it may set, who sees them, and that the next decision is made by them (art. 5)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from service.settings import Settings
from tests.lives import APPROVAL
from tests.lives.said import accepting, because
from tests.rulebook.conftest import STAFF, codes, record, submitted, today, version_of

FAR = "2099-01-01"
CLOUD = {
    "code": "local_platform",
    "severity": "notice",
    "text": "请核对是否接入市级平台",
    "from_yuan": "3000000.00",
}


async def overlays_stored(settings: Settings) -> int:
    connection = await asyncpg.connect(settings.database_url)
    try:
        await connection.execute("SET ROLE tj_relay")
        return int(await connection.fetchval("SELECT count(*) FROM rulebook_overlays"))
    finally:
        await connection.close()


async def test_extra_materials_are_asked_for_at_once_and_shown_before(build: Any, as_user: Any) -> None:
    """Seen first, then recorded; the submission right after must bring them, in this city only."""
    tenant, keeper = "360200", as_user("360200", "gatekeeper")
    case = await build(tenant=tenant).draft()
    asked = {"key": "materials.extra", "value": ["市级统筹意见"], "effective_from": today()}
    seen = (await keeper("POST", "/rulebook/overlays/preview", asked)).json()
    # A draft is its office's own: the desk that changes the rule sees what it does to declared cases.
    assert case.id not in {case["id"] for case in seen["effect"]["cases"]}
    counted = [{"tenant": tenant, "count": seen["effect"]["changed"]}] if seen["effect"]["changed"] else []
    assert seen["effect"]["by_tenant"] == counted
    stored = await record(as_user, tenant, "materials.extra", ["市级统筹意见"])
    assert stored.status_code == 201, stored.text
    assert stored.json()["rulebook_version"] == seen["rulebook_version_after"] == await version_of(keeper)
    refused = await case.tried("owner", "submit", {})
    assert refused.status_code == 422
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/materials/extra", "extra_required")
    ]
    assert [point["code"] for point in (await case.preview())["missing"]] == ["extra_required"]
    sent = await case.does("owner", "submit", {"materials": {"extra": {"市级统筹意见": "已取得，附后"}}})
    assert sent["decision"]["rulebook"]["version"] == stored.json()["rulebook_version"]
    elsewhere = await submitted(build(tenant="360300"))
    assert elsewhere.data["decision"]["rulebook"]["version"] != stored.json()["rulebook_version"]


async def test_the_near_line_share_is_the_citys_and_the_province_can_recompute_it(
    build: Any, as_user: Any
) -> None:
    tenant = "360400"
    case = await submitted(build(tenant=tenant), investment_yuan="4400000.00")
    assert codes(case) == set()
    before = case.data["decision"]["rulebook"]
    office = as_user("360000", "office")
    seen = await as_user(tenant, "gatekeeper")(
        "POST",
        "/rulebook/overlays/preview",
        {"key": "near_line.percent", "value": 85, "effective_from": today()},
    )
    assert [(c["id"], c["findings_gained"]) for c in seen.json()["effect"]["cases"]] == [
        (case.id, ["near_line"])
    ]
    assert (await record(as_user, tenant, "near_line.percent", 85)).status_code == 201
    await case.gatekeep()
    assert codes(case) == {"near_line"}
    after = case.data["decision"]["rulebook"]
    assert before["version"] != after["version"]
    # Both decisions' rules can be shown, by the city and by the province.
    for caller, more in ((as_user(tenant, "unit"), ""), (office, f"&tenant={tenant}")):
        for rules, share in ((before, 90), (after, 85)):
            url = f"/rulebook?on={rules['date']}&version={rules['version']}{more}"
            shown = (await caller("GET", url)).json()
            assert shown["version"] == rules["version"]
            assert {e["key"]: e["value"] for e in shown["entries"]}["near_line.percent"] == share
    own = (await office("GET", f"/rulebook?tenant={tenant}")).json()
    entry = next(e for e in own["entries"] if e["key"] == "near_line.percent")
    assert (entry["value"], entry["province_value"], entry["own_since"]) == (85, 90, today())
    strange = await office("GET", f"/rulebook?version={'0' * 16}")
    assert (strange.status_code, strange.json()["code"]) == (404, "unknown_version")
    assert (await as_user("360500", "unit")("GET", f"/rulebook?tenant={tenant}")).status_code == 404


async def test_local_checks_want_a_reason_and_its_acceptance(build: Any, as_user: Any) -> None:
    tenant, city = "360600", build(tenant="360600")
    assert (await record(as_user, tenant, "findings.extra", [STAFF, CLOUD])).status_code == 201
    case = await city.draft()
    refused = await case.tried("owner", "submit", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "reason_required")
    assert [f["code"] for f in refused.json()["findings"]] == ["local_staff"]
    await case.does("owner", "submit", because("local_staff", reason="由市信息中心统一运维"))
    assert codes(case) == {"local_staff", "local_platform"}
    assert 5 in case.data["decision"]["articles"]
    silent = await case.tried("city.gatekeeper", "gatekeeping/pass", {})
    assert silent.json()["code"] == "opinion_required"
    await case.does("city.gatekeeper", "gatekeeping/pass", accepting("local_staff"))
    rebuilt = await submitted(city, kind="migrate", investment_yuan="2000000.00")
    assert codes(rebuilt) == set(), "neither of this kind nor of this amount"


async def test_what_the_province_decides_no_overlay_touches(build: Any, as_user: Any) -> None:
    tenant = "360700"
    big = await submitted(build(tenant=tenant), "not_in_library", investment_yuan="9000000.00")
    await big.gatekeep()
    await big.hand_over()
    check = {"key": "findings.extra", "value": [CLOUD], "effective_from": today()}
    seen = await as_user(tenant, "gatekeeper")("POST", "/rulebook/overlays/preview", check)
    assert big.id not in {case["id"] for case in seen.json()["effect"]["cases"]}


async def test_city_steps_show_which_cases_they_hold_up(build: Any, as_user: Any) -> None:
    tenant = "360800"
    case = await submitted(build(tenant=tenant))
    body = {"key": "review.city_steps", "value": "appraisal", "effective_from": today()}
    seen = (await as_user(tenant, "gatekeeper")("POST", "/rulebook/overlays/preview", body)).json()
    assert [(c["id"], c["city_steps"]) for c in seen["effect"]["cases"]] == [(case.id, "appraisal")]
    await case.gatekeep()
    assert (await record(as_user, tenant, "review.city_steps", "appraisal")).status_code == 201
    held = await case.tried("city.approver", "approve", {**APPROVAL, "document_date": today()})
    assert (held.status_code, held.json()["article"]) == (409, 18), held.text


@pytest.mark.parametrize(
    ("key", "value", "pointer", "code"),
    [
        ("limit.other", "4000000.00", "/key", "mode_none"),
        ("limit.figure_included", False, "/key", "mode_none"),
        ("no.such", 1, "/key", "unknown_key"),
        ("near_line.percent", 91, "/value", "not_lower"),
        ("near_line.percent", 0, "/value", "wrong_type"),
        ("near_line.percent", True, "/value", "wrong_type"),
        ("near_line.percent", "80", "/value", "wrong_type"),
        ("filing.practice_days", 11, "/value", "not_lower"),
        ("review.city_steps", "never", "/value", "wrong_type"),
        ("materials.extra", [STAFF], "/value", "wrong_type"),
        ("materials.extra", ["甲", "甲"], "/value", "wrong_type"),
        ("findings.extra", ["甲"], "/value", "wrong_type"),
        ("findings.extra", [STAFF, {**STAFF, "text": "再问一次"}], "/value", "wrong_type"),
        ("findings.extra", [{**STAFF, "code": "county_reuse_first"}], "/value/0/code", "wrong_type"),
    ],
)
async def test_refused_and_nothing_stored(
    as_user: Any, settings: Settings, key: str, value: Any, pointer: str, code: str
) -> None:
    keeper, stored = as_user("360900", "gatekeeper"), await overlays_stored(settings)
    body = {"key": key, "value": value, "effective_from": today()}
    for path, more in (
        ("/preview", {}),
        ("", {"reason": "试试", "expected_version": await version_of(keeper)}),
    ):
        refused = await keeper("POST", f"/rulebook/overlays{path}", body | more)
        assert refused.status_code == 422, refused.text
        fault = refused.json()["errors"][0]
        assert fault["pointer"] == pointer
        assert fault["code"] == code or pointer.endswith("/code")
    assert await overlays_stored(settings) == stored


async def test_not_in_the_past_and_not_on_rules_that_moved(as_user: Any, settings: Settings) -> None:
    tenant, stored = "361000", await overlays_stored(settings)
    keeper = as_user(tenant, "gatekeeper")
    yesterday = (date.fromisoformat(today()) - timedelta(days=1)).isoformat()
    body = {
        "key": "near_line.percent",
        "value": 80,
        "effective_from": yesterday,
        "reason": "补登",
        "expected_version": await version_of(keeper),
    }
    late = await keeper("POST", "/rulebook/overlays", body)
    assert [(e["pointer"], e["code"]) for e in late.json()["errors"]] == [("/effective_from", "date_in_past")]
    assert await overlays_stored(settings) == stored
    seen = await version_of(keeper)
    assert (await record(as_user, tenant, "filing.practice_days", 5)).status_code == 201
    moved = await keeper(
        "POST", "/rulebook/overlays", {**body, "effective_from": today(), "expected_version": seen}
    )
    assert (moved.status_code, moved.json()["code"]) == (409, "rulebook_changed")
    assert moved.json()["rulebook_version"] == await version_of(keeper)
    assert await overlays_stored(settings) == stored + 1


async def test_later_ones_supersede_and_an_end_gives_the_provinces_back(as_user: Any) -> None:
    tenant = "361100"
    keeper, office = as_user(tenant, "gatekeeper"), as_user("360000", "office")
    base = await version_of(keeper)
    first = (await record(as_user, tenant, "near_line.percent", 80)).json()["overlay"]
    second = (await record(as_user, tenant, "near_line.percent", 70)).json()["overlay"]
    coming = (await record(as_user, tenant, "near_line.percent", 60, on=FAR)).json()["overlay"]
    assert (second["status"], coming["status"], coming["number"]) == ("standing", "coming", 3)
    end = {"effective_from": today(), "reason": "提示过多", "expected_version": await version_of(keeper)}
    path = f"/rulebook/overlays/{second['id']}/end"
    assert (await as_user("361000", "gatekeeper")("POST", path, end)).status_code == 404
    assert (await office("POST", path, end)).status_code == 403
    gone = await keeper("POST", path, end)
    assert gone.status_code == 201, gone.text
    assert gone.json()["overlay"]["value"] is None
    assert gone.json()["rulebook_version"] == base == await version_of(keeper)
    again = await keeper("POST", path, {**end, "expected_version": base})
    assert (again.status_code, again.json()["code"]) == (409, "overlay_not_standing")
    listed = (await office("GET", f"/rulebook/overlays?tenant={tenant}")).json()["items"]
    assert [(each["number"], each["status"]) for each in listed] == [
        (4, "ended"),
        (3, "coming"),
        (2, "superseded"),
        (1, "superseded"),
    ]
    assert (await keeper("GET", f"/rulebook/overlays/{first['id']}")).json()["status"] == "superseded"
    only = (await keeper("GET", "/rulebook/overlays?status=coming")).json()["items"]
    assert [each["id"] for each in only] == [coming["id"]]
