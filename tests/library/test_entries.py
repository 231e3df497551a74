"""The project library (arts 8, 9, 16, 18, 19; R6, R9): entry, order, validity, lapse, removal, decisions on it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.kit.db import Door
from service.library.jobs import lapse_expired
from service.measures.intake import Basis, Refused, Round, rank, stands, take_in, valid_until
from tests import factories
from tests.lives import Life, World, good, needs
from tests.lives.needs import KEEPER, OFFICE

DAYS = st.dates(date(2023, 9, 28), date(2100, 12, 31))


# ---- the rules, pure --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entered", "until"),
    [
        (date(2026, 3, 2), date(2028, 3, 2)),
        (date(2028, 2, 29), date(2030, 2, 28)),
        (date(2026, 2, 28), date(2028, 2, 28)),
        (date(2026, 12, 31), date(2028, 12, 31)),
    ],
)
def test_two_years_run_from_the_entry_and_end_before_the_end_day(entered: date, until: date) -> None:
    """R6, arts 8, 9: the day named is the first on which the entry no longer stands; 29 February ends on the 28th."""
    assert valid_until(entered, 2) == until
    fact = {"on": entered.isoformat(), "valid_until": until.isoformat()}
    one = timedelta(days=1)
    assert [stands(fact, day) for day in (entered - one, entered, until - one, until)] == [
        False,
        True,
        True,
        False,
    ]


@given(DAYS, st.integers(1, 5))
def test_an_entry_stands_at_least_its_years_less_a_leap_day(entered: date, years: int) -> None:
    """R6."""
    length = (valid_until(entered, years) - entered).days
    assert years * 365 - 1 <= length <= years * 366


@given(DAYS, DAYS, DAYS, st.booleans(), st.booleans())
def test_outside_the_window_only_a_cited_deployment_or_a_reopening_lets_in(
    day: date, opens: date, closes: date, deployment: bool, cited: bool
) -> None:
    """Arts 8, 9, 14; law.md, trap 6."""
    announced = Round(opens, closes, frozenset({"new"}))
    found = take_in(announced, day, date(day.year, 6, 30), "new", deployment=deployment, cited=cited)
    if opens <= day <= closes:
        assert found is Basis.IN_WINDOW
    elif day < opens:
        assert isinstance(found, Refused)
    else:
        assert (found is Basis.DEPLOYMENT) == (deployment and cited)
    other = take_in(announced, day, date(day.year, 6, 30), "maintain", deployment=True, cited=True)
    assert isinstance(other, Refused)
    assert other.code == "intake_kind"


@given(st.sets(st.integers(1, 3)), st.sets(st.integers(1, 3)))
def test_plan_items_come_first_whatever_the_priority(one: set[int], other: set[int]) -> None:
    """Arts 8, 16."""
    assert rank(True, one) < rank(False, other)
    assert (rank(False, one) < rank(False, other)) == (min(one, default=9) < min(other, default=9))


# ---- over HTTP --------------------------------------------------------------------------------------------


async def test_an_appraised_need_enters_for_two_years(city: World, as_user: Any, relay: Any) -> None:
    """Arts 8, 9, 18."""
    need = await needs.reported(city)
    early = await need.tried(OFFICE, "library/enter", {})
    assert (early.status_code, early.json()["code"]) == (409, "action_not_allowed")
    await needs.appraised(need)
    assert need.data["state"] == "appraised"
    answer = good(await need.tried(OFFICE, "library/enter", {"note": "第一批"}))
    entry, project = answer.json()["entry"], answer.json()["project"]
    assert answer.status_code == 201
    assert (project["state"], project["holder"]) == ("in_library", "owner")
    assert (entry["entered_on"], entry["valid_until"], entry["valid"]) == ("2029-03-01", "2031-03-01", True)
    assert project["dated"]["library"]["valid_until"] == "2031-03-01"
    assert good(await city.by(OFFICE)("GET", f"/library/{entry['id']}")).json() == entry
    assert good(await city.by("city.unit")("GET", f"/library/{entry['id']}")).json()["project_id"] == need.id
    for stranger in (as_user("360200", "gatekeeper"), as_user("360100", "360102.unit")):
        assert (await stranger("GET", f"/library/{entry['id']}")).status_code == 404
        assert entry["id"] not in (await stranger("GET", "/library")).text
    assert entry["id"] in (await city.by(OFFICE)("GET", "/library?tenant=360100&limit=200")).text
    await relay()
    titles = [each["title"] for each in (await city.by(KEEPER)("GET", "/inbox?limit=100")).json()["items"]]
    assert sum(title.startswith("纳入重点项目库") for title in titles) >= 1


async def test_a_project_that_its_unit_withdrew_does_not_stand_in_the_library(city: World) -> None:
    """Arts 8, 9: two years or not, nobody declares a withdrawn project any more."""
    case = await needs.entered(city)
    entry = case.data["dated"]["library"]["entry"]
    ref, day = f"360100-{entry}", case.data["dated"]["library"]["on"]
    lists = [f"/library?tenant=360100&valid_on={day}&limit=200", f"/library?valid_on={day}&limit=200"]
    for url in lists:
        assert ref in good(await city.by(OFFICE)("GET", url)).text
    await case.does("owner", "withdraw", {"reason": "另行安排"})
    assert good(await city.by(OFFICE)("GET", f"/library/{ref}")).json()["valid"] is False
    for reader in (city.by(OFFICE), city.by(KEEPER)):
        assert good(await reader("GET", f"/library/{ref}")).json()["valid"] is False
    for url in lists:
        assert ref not in good(await city.by(OFFICE)("GET", url)).text


async def test_no_entry_before_or_without_a_passed_appraisal(city: World, travel: Any) -> None:
    """Art. 18: the day of entry lies neither before the appraisal nor after today; pointer and article."""
    travel(2029, 3, 5)
    appraised = await needs.appraised(await needs.reported(city))
    for day in ("2029-03-04", "2029-03-06"):
        refused = await appraised.tried(OFFICE, "library/enter", {"entered_on": day})
        assert refused.status_code == 422, refused.text
        assert (refused.json()["errors"][0]["pointer"], refused.json()["errors"][0]["code"]) == (
            "/entered_on",
            "date_order",
        )
    failed = await needs.appraised(await needs.reported(city), "fail")
    shut = await failed.tried(OFFICE, "library/enter", {})
    assert (shut.status_code, shut.json()["code"], shut.json()["state"]) == (
        409,
        "action_not_allowed",
        "need_reported",
    )


async def declared(project: Life, *reasons: str) -> Any:
    body = {"reasons": [{"code": code, "reason": "确有需要"} for code in reasons]}
    return await project.tried("owner", "submit", body)


async def test_a_project_of_the_library_is_declared_without_a_reason_until_the_last_day(
    city: World, travel: Any
) -> None:
    """Art. 19, R6: the entry decides, whatever the declaration says; on the end day it is out again."""
    inside, outside = await needs.entered(city), await needs.entered(city)
    assert inside.data["facts"]["in_library"] is False
    travel(2031, 2, 28)
    sent = good(await declared(inside)).json()
    assert sent["state"] == "submitted"
    assert "not_in_library" not in [each["code"] for each in sent["decision"]["findings"]]
    assert "R6" in sent["decision"]["readings"]
    travel(2031, 3, 1)
    facts = factories.facts(investment_yuan="50000000.00", in_library=True)
    await outside.edit(facts=facts)
    assert "not_in_library" in (await outside.preview())["reasons_required"]
    refused = await declared(outside)
    assert (refused.status_code, refused.json()["code"]) == (409, "reason_required")
    assert good(await declared(outside, "not_in_library")).json()["state"] == "submitted"


async def test_what_lapses_lapses_once_and_comes_again(
    city: World, door: Door, travel: Any, relay: Any
) -> None:
    """Arts 8, 9, R6: nothing lapses a day early; the owner and the office hear of it; the need is reported anew."""
    project = await needs.entered(city)
    ref = project.id
    travel(2031, 2, 28, 23, 59)
    await lapse_expired(door)
    assert (await city.by(OFFICE)("GET", f"/projects/{ref}")).json()["state"] == "in_library"
    travel(2031, 3, 1, 0, 1)
    told = {each["action"]: each for each in (await project.read(OFFICE))["actions"]}
    assert "lapse" not in told, "nobody's act by hand"
    assert not told["remove_entry"]["allowed"], "over, although the worker has not come by"
    out = await project.tried(OFFICE, "library/remove", {"reason": "不建了"})
    assert (out.status_code, out.json()["code"], out.json()["article"]) == (409, "gate_shut", 8)
    assert await lapse_expired(door) >= 1
    assert await lapse_expired(door) == 0
    await project.read()
    assert (project.data["state"], project.data["holder"]) == ("lapsed", "owner")
    last = (await project.sees("history"))["transitions"][-1]
    assert (last["action"], last["actor"]) == ("lapse", "client:360100:system:lapse")
    await relay()
    for caller in (city.by(OFFICE), city.by("city.unit")):
        titles = [each["title"] for each in (await caller("GET", "/inbox?limit=200")).json()["items"]]
        assert any(title.startswith("入库已过期") for title in titles)
    await needs.handed_in_again(project)
    await needs.taken_in(project)
    assert project.data["dated"]["library"]["valid_until"] == "2033-03-01"
    entries = good(await city.by(OFFICE)("GET", "/library?tenant=360100&limit=200")).json()["items"]
    assert [each["valid"] for each in entries if each["project_id"] == ref] == [True, False]


async def test_rules_entered_at_run_time_stop_no_lapse(city: World, door: Door, travel: Any) -> None:
    """R6: the job decides by the book as it stands, however many rules were entered since the files were written."""
    project = await needs.entered(city)
    wish = {"key": "near_line.percent", "value": 85, "effective_from": "2099-01-01"}
    seen = good(await city.by(KEEPER)("POST", "/rulebook/overlays/preview", wish)).json()
    body = {**wish, "reason": "提前提示", "expected_version": seen["rulebook_version"]}
    good(await city.by(KEEPER)("POST", "/rulebook/overlays", body))
    travel(2031, 3, 1, 0, 1)
    assert await lapse_expired(door) >= 1
    assert (await project.read())["state"] == "lapsed"


async def test_the_office_takes_a_project_out_with_a_reason(city: World, travel: Any) -> None:
    """Art. 8: kept dynamically; from that day it is not in the library."""
    project = await needs.entered(city)
    ref, verb = project.id, "library/remove"
    empty = await project.tried(OFFICE, verb, {"reason": " "})
    assert empty.status_code == 422
    denied = await project.tried(KEEPER, verb, {"reason": "不再需要"})
    assert denied.status_code == 403
    out = await project.does(OFFICE, verb, {"reason": "已并入省级平台"})
    assert (out["state"], out["holder"]) == ("need_returned", "owner")
    entry = next(
        each
        for each in good(await city.by(OFFICE)("GET", "/library?tenant=360100&limit=200")).json()["items"]
        if each["project_id"] == ref
    )
    assert (entry["valid"], entry["removed_on"], entry["removal_reason"]) == (
        False,
        "2029-03-01",
        "已并入省级平台",
    )
    listed = good(
        await city.by(OFFICE)("GET", "/library?tenant=360100&valid_on=2029-03-01&limit=200")
    ).json()["items"]
    assert ref not in [each["project_id"] for each in listed]
    again = await project.tried(OFFICE, verb, {"reason": "再次移出"})
    assert (again.status_code, again.json()["code"]) == (409, "action_not_allowed")


async def test_one_appraisal_serves_need_and_declaration_while_nothing_changes(department: World) -> None:
    """R9, arts 8, 18: a department's entry is declared; the appraisal gate stands open until the amount changes."""
    project = await needs.entered(department)
    await project.does("owner", "submit")
    assert project.data["state"] == "with_province"
    allowed = {each["action"]: each["allowed"] for each in (await project.read(OFFICE))["actions"]}
    assert allowed["open_joint_review"] is True
    other = await needs.entered(department)
    facts = factories.facts(investment_yuan="60000000.00")
    await other.edit(facts=facts)
    materials = factories.materials("60000000.00")
    await other.does("owner", "submit", {"materials": materials})
    allowed = {each["action"]: each["allowed"] for each in (await other.read(OFFICE))["actions"]}
    assert allowed["open_joint_review"] is False
