"""Amounts that are nothing or out of all proportion, dates of another century: told alike in preview, at submission and
at approval."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import facts, materials
from tests.lives import World, good
from tests.worlds import world

settings, app, door, client, token, as_user = world()


@pytest.fixture
def unit(build: Any) -> World:
    """Where a city's declaring unit declares."""
    return build("city.unit")


def codes(body: Any) -> set[str]:
    """Finding codes of a preview or of a case."""
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
    unit: World, yuan: str, kind: str, funding: Any, told: str | None
) -> None:
    about = facts(investment_yuan=yuan, kind=kind, in_library=True)
    papers = {**materials(yuan), "maintenance_plan": "每月巡检，全年值守"}
    if funding is not None:
        papers["funding"] = funding
    previewed = good(await unit.by("owner")("POST", "/projects/preview", {"facts": about})).json()
    case = await unit.life(facts=about, materials=papers).at("drafted")
    looked = await case.preview()
    assert looked["missing"] == []
    await case.submit()
    ours = {"nothing_invested", "amount_unusual"}
    for told_of in (previewed, looked, case.data):
        assert codes(told_of) & ours == ({told} if told else set())


async def test_a_date_of_another_century_is_told_with_the_day(unit: World) -> None:
    """The resolution's; it is no gate, and what was known at the submission is what the gatekeeper sees."""
    resolution = {**materials()["resolution"], "date": "1926-01-15"}
    case = await unit.draft(materials={"resolution": resolution})
    looked = await case.preview()
    assert looked["missing"] == []
    sent = await case.does("owner", "submit")
    kept = await case.does("city.gatekeeper", "gatekeeping/pass")
    for answer in (looked, sent, kept):
        found = answer.get("decision", answer)["findings"]
        (told,) = [each for each in found if each["code"] == "date_unusual"]
        assert (told["severity"], told["article"]) == ("notice", 15)
        assert "1926-01-15" in told["message"] and "管理惯例" in told["message"]


async def test_money_where_nothing_is_invested_still_does_not_sum(unit: World) -> None:
    money = [{"source": "市级财政", "amount_yuan": "1.00"}]
    case = await unit.draft(materials={"funding": money}, investment_yuan="0.00")
    sent = await case.tried("owner", "submit", {})
    assert [e["code"] for e in sent.json()["errors"]] == ["funding_sum"]


@pytest.mark.parametrize(
    ("approved", "told"), [("400.00", True), ("80000.00", True), ("80000.01", False), ("3900000.00", False)]
)
async def test_an_approval_far_below_the_declaration_is_told(city: World, approved: str, told: bool) -> None:
    case = await city.gatekept()
    await case.approve(approved_amount_yuan=approved)
    assert ("amount_unusual" in codes(case.data)) == told
    assert ("amount_unusual" in codes(await case.read("city.unit"))) == told


async def test_what_costs_nothing_is_approved_at_nothing(unit: World) -> None:
    case = await unit.draft(materials={"funding": []}, investment_yuan="0.00")
    await case.does("owner", "submit")
    await case.gatekeep()
    await case.approve(approved_amount_yuan="0.00")
    assert codes(case.data) >= {"nothing_invested"}
