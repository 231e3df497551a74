"""Amounts that are nothing or out of all proportion, dates of another century: told alike in preview, at submission and
at approval."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import draft, facts, materials
from tests.projects.declared import APPROVAL, gatekept
from tests.worlds import world

settings, app, door, client, token, as_user = world()


def codes(answer: Any) -> set[str]:
    """Finding codes of a preview or of a case."""
    body = answer.json()
    return {each["code"] for each in body.get("decision", body)["findings"]}


@pytest.mark.parametrize(
    ("yuan", "kind", "funding", "told"),
    [
        ("0.00", "new", [], "nothing_invested"),
        (
            "0",
            "expand",
            [{"source": "企业出资建设，政府免费使用", "amount_yuan": "0.00"}],
            "nothing_invested",
        ),
        ("0.00", "maintain", [], "nothing_invested"),
        ("500.00", "new", None, "amount_unusual"),
        ("19999.99", "migrate", None, "amount_unusual"),
        ("20000.00", "migrate", None, None),
        ("60.00", "maintain", None, "amount_unusual"),
        ("1000.00", "maintain", None, None),
        ("1000000000.00", "new", None, "amount_unusual"),
    ],
)
async def test_preview_and_submission_tell_the_same(
    as_user: Any, yuan: str, kind: str, funding: Any, told: str | None
) -> None:
    unit = as_user("360100", "unit")
    about = facts(investment_yuan=yuan, kind=kind, in_library=True)
    papers = {**materials(yuan), "maintenance_plan": "每月巡检，全年值守"}
    if funding is not None:
        papers["funding"] = funding
    previewed = await unit("POST", "/projects/preview", {"facts": about})
    assert previewed.status_code == 200, previewed.text
    made = await unit("POST", "/projects", {**draft(), "facts": about, "materials": papers})
    assert made.status_code == 201, made.text
    path = f"/projects/{made.json()['id']}"
    looked = await unit("POST", f"{path}/preview")
    assert looked.json()["missing"] == []
    needed = [{"code": code, "reason": "确有需要，已另行报告"} for code in looked.json()["reasons_required"]]
    sent = await unit("POST", f"{path}/submit", {"reasons": needed}, etag=made.headers["etag"])
    assert sent.status_code == 200, sent.text
    ours = {"nothing_invested", "amount_unusual"}
    for answer in (previewed, looked, sent):
        assert codes(answer) & ours == ({told} if told else set())


async def test_a_date_of_another_century_is_told_with_the_day(as_user: Any) -> None:
    """The resolution's; it is no gate, and what was known at the submission is what the gatekeeper sees."""
    unit = as_user("360100", "unit")
    papers = materials()
    papers["resolution"] = {**papers["resolution"], "date": "1926-01-15"}
    made = await unit("POST", "/projects", {**draft(), "materials": papers})
    path = f"/projects/{made.json()['id']}"
    looked = await unit("POST", f"{path}/preview")
    assert looked.json()["missing"] == []
    sent = await unit("POST", f"{path}/submit", {}, etag=made.headers["etag"])
    assert sent.status_code == 200, sent.text
    keeper = as_user("360100", "gatekeeper")
    kept = await keeper("POST", f"{path}/gatekeeping/pass", {}, etag=sent.headers["etag"])
    for answer in (looked, sent, kept):
        found = answer.json().get("decision", answer.json())["findings"]
        (told,) = [each for each in found if each["code"] == "date_unusual"]
        assert (told["severity"], told["article"]) == ("notice", 15)
        assert "1926-01-15" in told["message"] and "管理惯例" in told["message"]


async def test_money_where_nothing_is_invested_still_does_not_sum(as_user: Any) -> None:
    unit = as_user("360100", "unit")
    papers = {**materials("0.00"), "funding": [{"source": "市级财政", "amount_yuan": "1.00"}]}
    made = await unit(
        "POST", "/projects", {**draft(), "facts": facts(investment_yuan="0.00"), "materials": papers}
    )
    sent = await unit("POST", f"/projects/{made.json()['id']}/submit", {}, etag=made.headers["etag"])
    assert [e["code"] for e in sent.json()["errors"]] == ["funding_sum"]


@pytest.mark.parametrize(
    ("approved", "told"), [("400.00", True), ("80000.00", True), ("80000.01", False), ("3900000.00", False)]
)
async def test_an_approval_far_below_the_declaration_is_told(as_user: Any, approved: str, told: bool) -> None:
    passed = await gatekept(as_user)
    path = f"/projects/{passed.json()['id']}"
    body = {**APPROVAL, "approved_amount_yuan": approved}
    answer = await as_user("360100", "approver")("POST", f"{path}/approve", body, etag=passed.headers["etag"])
    assert answer.status_code == 200, answer.text
    assert ("amount_unusual" in codes(answer)) == told
    read = await as_user("360100", "unit")("GET", path)
    assert ("amount_unusual" in codes(read)) == told


async def test_what_costs_nothing_is_approved_at_nothing(as_user: Any) -> None:
    unit = as_user("360100", "unit")
    about, papers = facts(investment_yuan="0.00"), {**materials("0.00"), "funding": []}
    made = await unit("POST", "/projects", {**draft(), "facts": about, "materials": papers})
    path = f"/projects/{made.json()['id']}"
    sent = await unit("POST", f"{path}/submit", {}, etag=made.headers["etag"])
    assert sent.status_code == 200, sent.text
    kept = await as_user("360100", "gatekeeper")(
        "POST", f"{path}/gatekeeping/pass", {}, etag=sent.headers["etag"]
    )
    body = {**APPROVAL, "approved_amount_yuan": "0.00"}
    done = await as_user("360100", "approver")("POST", f"{path}/approve", body, etag=kept.headers["etag"])
    assert done.status_code == 200, done.text
    assert codes(done) >= {"nothing_invested"}
