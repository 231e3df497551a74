"""The main job over HTTP: declare, preview, submit, gatekeep, approve, file; and the provincial route."""

from __future__ import annotations

from typing import Any

from tests.lives import World, good


async def test_city_project_is_declared_approved_and_filed(city: World, as_user: Any) -> None:
    case = await city.submitted()
    body = case.data
    assert (body["state"], body["holder"], body["route"]) == ("submitted", "city", "city_filing")
    assert body["decision"]["articles"] == [9, 13, 23]
    await case.gatekeep()
    await case.approve()
    filed = await case.tried("city.portal", "file", {})
    assert filed.status_code == 201, filed.text
    assert filed.json()["receipt"]["filing_number"].startswith("360100-")
    assert (await case.read("province.office"))["state"] == "filed"
    listed = good(await city.by("province.office")("GET", "/projects?state=filed&limit=200"))
    assert case.id in [item["id"] for item in listed.json()["items"]]
    history = await case.sees("history", "province.office")
    assert [step["action"] for step in history["transitions"]] == [
        "submit",
        "gatekeep_pass",
        "approve",
        "file",
    ]
    path = f"/projects/{case.id}"
    assert (await as_user("360100", "360102.user")("GET", path)).status_code == 403
    assert (await as_user("360200", "gatekeeper")("GET", path)).status_code == 404


async def test_provincial_route_is_handed_over_and_returned(city: World) -> None:
    case = await city.submitted(investment_yuan="5000000.00")
    assert case.codes == ["not_in_library"]
    assert case.data["route"] == "provincial_review"
    await case.gatekeep()
    await case.hand_over()
    assert (case.data["state"], case.data["holder"]) == ("with_province", "province")
    await case.does("province.office", "province-return", {"reason": "请补充必要性"})
    assert (case.data["state"], case.data["holder"]) == ("returned", "owner")


async def test_missing_reason_is_asked_for(city: World) -> None:
    case = await city.draft(investment_yuan="5000000.00")
    await case.refused("owner", "submit", {}, 409, "reason_required")
