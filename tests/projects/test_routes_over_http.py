"""The route as callers meet it: decided again by what is approved, returned, amended or reached without a city."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import facts, materials
from tests.lives import APPROVAL, Life, World, good
from tests.lives.said import accepting, because


@pytest.mark.parametrize(("approved", "status"), [("4999999.99", 200), ("5000000.00", 409)])
async def test_the_approved_amount_decides_the_route_again(city: World, approved: str, status: int) -> None:
    case = await city.gatekept(investment_yuan="4900000.00")
    etag = case.etag
    answer = await case.tried("city.approver", "approve", {**APPROVAL, "approved_amount_yuan": approved})
    assert answer.status_code == status, answer.text
    if status == 409:
        problem = answer.json()
        assert problem["code"] == "route_changed"
        assert (problem["decided_route"], problem["route"]) == ("city_filing", "provincial_review")
        assert problem["next_desk"] == "owner"
        assert 9 in problem["articles"]
        after = await case.read()
        assert (after["state"], case.etag) == ("gatekept", etag)


async def test_an_approval_that_cannot_be_given_tells_who_must_act(city: World) -> None:
    """Once, however often it is tried: the gatekeeper who can return it, and the owner."""
    case = await city.gatekept(investment_yuan="4900000.00")
    body = {**APPROVAL, "approved_amount_yuan": "5000000.00"}
    for _ in range(2):
        refused = await case.tried("city.approver", "approve", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "route_changed")
    await case.tried("city.approver", "approve", {**body, "approved_amount_yuan": "0.00"})
    await city.delivered()
    for who in ("city.gatekeeper", "city.unit"):
        found = good(await city.by(who)("GET", "/inbox?kind=project.approval_refused&limit=200"))
        mine = [each for each in found.json()["items"] if each["project_id"] == case.id]
        assert len(mine) == 1, who
        assert "省级论证评估" in mine[0]["body"]


async def test_a_returned_project_changes_its_route_only_knowingly(city: World) -> None:
    case = await city.gatekept(investment_yuan="4900000.00")
    await case.does("city.gatekeeper", "gatekeeping/return", {"reason": "批复金额将超过限额，请按实申报"})
    assert case.data["state"] == "returned"
    changed = {"facts": facts(investment_yuan="5300000.00"), "materials": materials("5300000.00")}
    await case.edit(**changed)
    # Nothing undeclared reaches the province: it still reads what was submitted.
    seen = good(await city.by("province.office")("GET", f"/projects/{case.id}")).json()
    assert seen["facts"]["investment_yuan"] == "4900000.00"
    reasons = because("not_in_library", reason="按实际批复金额申报")
    silent = await case.tried("owner", "submit", reasons)
    assert silent.status_code == 409
    assert silent.json()["code"] == "route_changed"
    again = await case.does("owner", "submit", {**reasons, "expected_route": "provincial_review"})
    assert again["route"] == "provincial_review"
    assert [version["number"] for version in (await case.sees("history"))["versions"]] == [1, 2]


async def test_out_of_scope_is_answered_with_the_article_and_not_submitted(city: World) -> None:
    sent = await (await city.draft(fiscal_funds=False)).tried("owner", "submit", {})
    assert (sent.status_code, sent.json()["code"], sent.json()["articles"]) == (409, "out_of_scope", [2])


async def test_department_goes_straight_to_the_province_and_sees_only_its_own(
    build: Any, city: World
) -> None:
    department = build("province.department")
    case = await department.draft()
    path, office = f"/projects/{case.id}", city.by("province.office")
    assert (await office("GET", path)).status_code == 404  # a draft is under no article
    sent = await case.does("owner", "submit", because("not_in_library"))
    assert (sent["state"], sent["holder"], sent["route"]) == (
        "with_province",
        "province",
        "provincial_review",
    )
    assert sent["decision"]["articles"] == [8, 13, 19]
    assert (await office("GET", path)).status_code == 200
    elsewhere = await city.submitted()
    assert (await department.by("owner")("GET", f"/projects/{elsewhere.id}")).status_code == 404
    taken = await case.does("owner", "withdraw", {"reason": "撤回"})
    assert taken["state"] == "withdrawn", "nobody has appraised it yet (R37)"


async def test_findings_follow_the_approval_so_that_the_province_watches_what_is(city: World) -> None:
    """Declared well under the line, approved just under it: near the line now, and on the province's list."""
    office = city.by("province.office")

    async def watched(name: str) -> set[str]:
        items = (await office("GET", f"/monitoring/{name}?tenant=360100&limit=200")).json()["items"]
        return {item["id"] for item in items}

    async def approved(declared: str, amount: str, **facts_: Any) -> str:
        case = await city.gatekept(investment_yuan=declared, **facts_)
        await case.approve(approved_amount_yuan=amount)
        told = case.data
        codes = {finding["code"] for finding in told["findings"]}
        assert codes == {finding["code"] for finding in told["decision"]["findings"]}
        assert (await case.read("province.office"))["findings"] == told["findings"]
        return case.id

    up = await approved("4000000.00", "4900000.00")
    down = await approved("4900000.00", "4000000.00")
    share = await approved("4500000.00", "5500000.00", of_which_maintenance_yuan="600000.00")
    near = await watched("near-line")
    assert up in near and down not in near
    assert share in near and share in await watched("maintenance")


async def off_cloud(city: World, **more: Any) -> Life:
    """Submitted with the reason why it is not on the cloud (art. 17)."""
    case = await city.draft(negative={**facts()["negative"], "off_cloud": True}, **more)
    await case.does("owner", "submit", because("negative_17_3", reason="专用环境"))
    return case


async def test_a_rule_amended_between_submission_and_gatekeeping_adds_its_finding_beside_the_opinions(
    app: Any, city: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The near-line share widens after submission: the notice comes up, and the opinions are kept."""
    from dataclasses import replace

    from service.rulebook.book import RuleBooks

    case = await off_cloud(city, investment_yuan="4400000.00")
    assert {f["code"] for f in case.data["findings"]} == {"negative_17_3"}
    before = case.data["decision"]["rulebook"]["version"]
    books = app.app.state.services.shelf[RuleBooks]
    entry = next(e for e in books.book.entries if e.key == "near_line.percent")
    amended = books.book.with_entries(
        replace(entry, value=80, effective_from=entry.effective_from.replace(year=2025))
    )
    monkeypatch.setattr(books, "book", amended)
    passed = await case.does("city.gatekeeper", "gatekeeping/pass", accepting("negative_17_3", note="属实"))
    seen = {f["code"]: f["opinion"] for f in (await case.read("city.gatekeeper"))["findings"]}
    assert seen == {"near_line": None, "negative_17_3": "accepted：属实"}
    assert passed["decision"]["rulebook"]["version"] != before


async def test_no_case_is_approved_on_a_reason_nobody_gave(city: World, settings: Any) -> None:
    """As after an amendment between gatekeeping and approval: an in-principle finding without an accepted reason."""
    import asyncpg

    case = await off_cloud(city)
    await case.does("city.gatekeeper", "gatekeeping/pass", accepting("negative_17_3"))
    connection = await asyncpg.connect(settings.database_url)
    try:
        found = await connection.execute(
            "DELETE FROM project_findings WHERE project_id = $1::uuid AND code = 'negative_17_3'",
            case.id.partition("-")[2],
        )
        assert found == "DELETE 1"
    finally:
        await connection.close()
    problem = await case.refused("city.approver", "approve", APPROVAL, 409, "reason_required")
    assert problem["next_desk"] == "owner"
