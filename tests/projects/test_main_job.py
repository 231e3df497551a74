"""The main job over HTTP: declare, preview, submit, gatekeep, approve, file; and the provincial route."""

from __future__ import annotations

from typing import Any

from tests.projects.declared import APPROVAL, submitted


async def test_city_project_is_declared_approved_and_filed(as_user: Any) -> None:
    sent = await submitted(as_user)
    assert sent.status_code == 200, sent.text
    body = sent.json()
    assert (body["state"], body["holder"], body["route"]) == ("submitted", "city", "city_filing")
    assert body["decision"]["articles"] == [9, 13, 23]
    keeper, approver, portal = (
        as_user("360100", "gatekeeper"),
        as_user("360100", "approver"),
        as_user("360100"),
    )
    path = f"/projects/{body['id']}"
    passed = await keeper("POST", f"{path}/gatekeeping/pass", {}, etag=sent.headers["etag"])
    assert passed.status_code == 200, passed.text
    approved = await approver("POST", f"{path}/approve", APPROVAL, etag=passed.headers["etag"])
    assert approved.status_code == 200, approved.text
    filed = await portal("POST", f"{path}/file", {}, etag=approved.headers["etag"])
    assert filed.status_code == 201, filed.text
    assert filed.json()["receipt"]["filing_number"].startswith("360100-")
    office = as_user("360000", "office")
    seen = await office("GET", path)
    assert seen.status_code == 200
    assert seen.json()["state"] == "filed"
    listed = await office("GET", "/projects?state=filed&limit=200")
    assert body["id"] in [item["id"] for item in listed.json()["items"]]
    history = (await office("GET", f"{path}/history")).json()
    assert [step["action"] for step in history["transitions"]] == [
        "submit",
        "gatekeep_pass",
        "approve",
        "file",
    ]
    county = as_user("360100", "360102.user")
    assert (await county("GET", path)).status_code == 403
    assert (await as_user("360200", "gatekeeper")("GET", path)).status_code == 404


async def test_provincial_route_is_handed_over_and_returned(as_user: Any) -> None:
    reasons = [{"code": "not_in_library", "reason": "上级临时部署"}]
    sent = await submitted(as_user, facts={"investment_yuan": "5000000.00"}, reasons=reasons)
    assert sent.status_code == 200, sent.text
    path = f"/projects/{sent.json()['id']}"
    assert sent.json()["route"] == "provincial_review"
    keeper, office = as_user("360100", "gatekeeper"), as_user("360000", "office")
    opinions = {"opinions": [{"code": "not_in_library", "accepted": True}]}
    passed = await keeper("POST", f"{path}/gatekeeping/pass", opinions, etag=sent.headers["etag"])
    assert passed.status_code == 200, passed.text
    handed = await keeper("POST", f"{path}/hand-over", {}, etag=passed.headers["etag"])
    assert handed.status_code == 200, handed.text
    assert (handed.json()["state"], handed.json()["holder"]) == ("with_province", "province")
    back = await office(
        "POST", f"{path}/province-return", {"reason": "请补充必要性"}, etag=handed.headers["etag"]
    )
    assert back.status_code == 200, back.text
    assert (back.json()["state"], back.json()["holder"]) == ("returned", "owner")


async def test_missing_reason_is_asked_for(as_user: Any) -> None:
    sent = await submitted(as_user, facts={"investment_yuan": "5000000.00"})
    assert sent.status_code == 409, sent.text
    assert sent.json()["code"] == "reason_required"
