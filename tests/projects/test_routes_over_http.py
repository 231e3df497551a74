"""The route as callers meet it: decided again by what is approved, returned, amended or reached without a city."""

from __future__ import annotations

from typing import Any

import pytest

from service.kit.db import Door
from service.kit.relay import drain
from service.kit.telemetry import Telemetry
from service.worker import SUBSCRIBERS
from tests.factories import draft, facts, materials
from tests.projects.declared import APPROVAL, gatekept, submitted


@pytest.mark.parametrize(("approved", "status"), [("4999999.99", 200), ("5000000.00", 409)])
async def test_the_approved_amount_decides_the_route_again(as_user: Any, approved: str, status: int) -> None:
    passed = await gatekept(as_user, facts={"investment_yuan": "4900000.00"})
    path = f"/projects/{passed.json()['id']}"
    body = {**APPROVAL, "approved_amount_yuan": approved}
    answer = await as_user("360100", "approver")("POST", f"{path}/approve", body, etag=passed.headers["etag"])
    assert answer.status_code == status, answer.text
    if status == 409:
        problem = answer.json()
        assert problem["code"] == "route_changed"
        assert (problem["decided_route"], problem["route"]) == ("city_filing", "provincial_review")
        assert problem["next_desk"] == "owner"
        assert 9 in problem["articles"]
        after = await as_user("360100")("GET", path)
        assert (after.json()["state"], after.headers["etag"]) == ("gatekept", passed.headers["etag"])


async def test_an_approval_that_cannot_be_given_tells_who_must_act(as_user: Any, door: Door) -> None:
    """Once, however often it is tried: the gatekeeper who can return it, and the owner."""
    passed = await gatekept(as_user, facts={"investment_yuan": "4900000.00"})
    path = f"/projects/{passed.json()['id']}"
    body = {**APPROVAL, "approved_amount_yuan": "5000000.00"}
    for _ in range(2):
        refused = await as_user("360100", "approver")(
            "POST", f"{path}/approve", body, etag=passed.headers["etag"]
        )
        assert (refused.status_code, refused.json()["code"]) == (409, "route_changed")
    slip = {**body, "approved_amount_yuan": "0.00"}
    await as_user("360100", "approver")("POST", f"{path}/approve", slip, etag=passed.headers["etag"])
    await drain(door, "360100", SUBSCRIBERS, Telemetry())
    for who in ("gatekeeper", "unit"):
        found = (
            await as_user("360100", who)("GET", "/inbox?kind=project.approval_refused&limit=200")
        ).json()["items"]
        mine = [each for each in found if each["project_id"] == passed.json()["id"]]
        assert len(mine) == 1, who
        assert "省级论证评估" in mine[0]["body"]


async def test_a_returned_project_changes_its_route_only_knowingly(as_user: Any) -> None:
    passed = await gatekept(as_user, facts={"investment_yuan": "4900000.00"})
    path = f"/projects/{passed.json()['id']}"
    back = await as_user("360100", "gatekeeper")(
        "POST",
        f"{path}/gatekeeping/return",
        {"reason": "批复金额将超过限额，请按实申报"},
        etag=passed.headers["etag"],
    )
    assert back.json()["state"] == "returned"
    portal = as_user("360100")
    changed = {"facts": facts(investment_yuan="5300000.00"), "materials": materials("5300000.00")}
    edited = await portal("PATCH", path, changed, etag=back.headers["etag"])
    assert edited.status_code == 200, edited.text
    # Nothing undeclared reaches the province: it still reads what was submitted.
    seen = (await as_user("360000", "office")("GET", path)).json()
    assert seen["facts"]["investment_yuan"] == "4900000.00"
    reasons = [{"code": "not_in_library", "reason": "按实际批复金额申报"}]
    silent = await portal("POST", f"{path}/submit", {"reasons": reasons}, etag=edited.headers["etag"])
    assert silent.status_code == 409
    assert silent.json()["code"] == "route_changed"
    known = {"reasons": reasons, "expected_route": "provincial_review"}
    again = await portal("POST", f"{path}/submit", known, etag=edited.headers["etag"])
    assert again.status_code == 200, again.text
    assert again.json()["route"] == "provincial_review"
    history = (await portal("GET", f"{path}/history")).json()
    assert [version["number"] for version in history["versions"]] == [1, 2]


async def test_out_of_scope_is_answered_with_the_article_and_not_submitted(as_user: Any) -> None:
    sent = await submitted(as_user, facts={"fiscal_funds": False})
    assert (sent.status_code, sent.json()["code"], sent.json()["articles"]) == (409, "out_of_scope", [2])


async def test_department_goes_straight_to_the_province_and_sees_only_its_own(as_user: Any) -> None:
    department = as_user("360000", "department")
    body = draft()
    del body["owner_office_id"]
    made = await department("POST", "/projects", body)
    assert made.status_code == 201, made.text
    path = f"/projects/{made.json()['id']}"
    office = as_user("360000", "office")
    assert (await office("GET", path)).status_code == 404  # a draft is under no article
    why = {"reasons": [{"code": "not_in_library", "reason": "上级统一部署"}]}
    sent = await department("POST", f"{path}/submit", why, etag=made.headers["etag"])
    assert sent.status_code == 200, sent.text
    assert (sent.json()["state"], sent.json()["holder"], sent.json()["route"]) == (
        "with_province",
        "province",
        "provincial_review",
    )
    assert sent.json()["decision"]["articles"] == [8, 13, 19]
    assert (await office("GET", path)).status_code == 200
    city = (await submitted(as_user)).json()["id"]
    assert (await department("GET", f"/projects/{city}")).status_code == 404
    taken = await department("POST", f"{path}/withdraw", {"reason": "撤回"}, etag=sent.headers["etag"])
    assert (taken.status_code, taken.json()["state"]) == (200, "withdrawn"), (
        "nobody has appraised it yet (R37)"
    )


async def test_findings_follow_the_approval_so_that_the_province_watches_what_is(as_user: Any) -> None:
    """Declared well under the line, approved just under it: near the line now, and on the province's list."""
    office = as_user("360000", "office")

    async def watched(name: str) -> set[str]:
        items = (await office("GET", f"/monitoring/{name}?tenant=360100&limit=200")).json()["items"]
        return {item["id"] for item in items}

    async def approved(declared: str, amount: str, **facts_: Any) -> Any:
        given = {"investment_yuan": declared, **facts_}
        passed = await gatekept(as_user, facts=given)
        body = {**APPROVAL, "approved_amount_yuan": amount}
        path = f"/projects/{passed.json()['id']}"
        answer = await as_user("360100", "approver")(
            "POST", f"{path}/approve", body, etag=passed.headers["etag"]
        )
        assert answer.status_code == 200, answer.text
        codes = {finding["code"] for finding in answer.json()["findings"]}
        assert codes == {finding["code"] for finding in answer.json()["decision"]["findings"]}
        assert (await office("GET", path)).json()["findings"] == answer.json()["findings"]
        return answer.json()["id"]

    up = await approved("4000000.00", "4900000.00")
    down = await approved("4900000.00", "4000000.00")
    share = await approved("4500000.00", "5500000.00", of_which_maintenance_yuan="600000.00")
    near = await watched("near-line")
    assert up in near and down not in near
    assert share in near and share in await watched("maintenance")


async def test_a_rule_amended_between_submission_and_gatekeeping_adds_its_finding_beside_the_opinions(
    app: Any, as_user: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The near-line share widens after submission: the notice comes up, and the opinions are kept."""
    from dataclasses import replace

    from service.rulebook.book import RuleBooks

    off = {"negative": {**facts()["negative"], "off_cloud": True}, "investment_yuan": "4400000.00"}
    sent = await submitted(as_user, facts=off, reasons=[{"code": "negative_17_3", "reason": "专用环境"}])
    assert {f["code"] for f in sent.json()["findings"]} == {"negative_17_3"}
    books = app.app.state.services.shelf[RuleBooks]
    entry = next(e for e in books.book.entries if e.key == "near_line.percent")
    amended = books.book.with_entries(
        replace(entry, value=80, effective_from=entry.effective_from.replace(year=2025))
    )
    monkeypatch.setattr(books, "book", amended)
    keeper, path = as_user("360100", "gatekeeper"), f"/projects/{sent.json()['id']}"
    opinions = {"opinions": [{"code": "negative_17_3", "accepted": True, "note": "属实"}]}
    passed = await keeper("POST", f"{path}/gatekeeping/pass", opinions, etag=sent.headers["etag"])
    assert passed.status_code == 200, passed.text
    seen = {f["code"]: f["opinion"] for f in (await keeper("GET", path)).json()["findings"]}
    assert seen == {"near_line": None, "negative_17_3": "accepted：属实"}
    assert passed.json()["decision"]["rulebook"]["version"] != sent.json()["decision"]["rulebook"]["version"]


async def test_no_case_is_approved_on_a_reason_nobody_gave(as_user: Any, settings: Any) -> None:
    """As after an amendment between gatekeeping and approval: an in-principle finding without an accepted reason."""
    import asyncpg

    off = {"negative": {**facts()["negative"], "off_cloud": True}}
    sent = await submitted(as_user, facts=off, reasons=[{"code": "negative_17_3", "reason": "专用环境"}])
    path, keeper = f"/projects/{sent.json()['id']}", as_user("360100", "gatekeeper")
    opinions = {"opinions": [{"code": "negative_17_3", "accepted": True}]}
    passed = await keeper("POST", f"{path}/gatekeeping/pass", opinions, etag=sent.headers["etag"])
    connection = await asyncpg.connect(settings.database_url)
    try:
        found = await connection.execute(
            "DELETE FROM project_findings WHERE project_id = $1::uuid AND code = 'negative_17_3'",
            path.partition("-")[2],
        )
        assert found == "DELETE 1"
    finally:
        await connection.close()
    answer = await as_user("360100", "approver")(
        "POST", f"{path}/approve", APPROVAL, etag=passed.headers["etag"]
    )
    assert (answer.status_code, answer.json()["code"], answer.json()["next_desk"]) == (
        409,
        "reason_required",
        "owner",
    )
