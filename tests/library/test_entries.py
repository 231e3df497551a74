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
from tests.library.conftest import Needs, good, steps

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


async def test_an_appraised_need_enters_for_two_years(needs: Needs, as_user: Any, relay: Any) -> None:
    """Arts 8, 9, 18."""
    told = await needs.reported()
    early = await needs.office(
        "POST", f"/projects/{told.json()['id']}/library/enter", {}, etag=told.headers["etag"]
    )
    assert (early.status_code, early.json()["code"]) == (409, "action_not_allowed")
    appraised = await needs.appraised(told)
    assert appraised.json()["state"] == "appraised"
    answer = await steps(needs.office, appraised, "library/enter", {"note": "第一批"})
    entry, project = answer.json()["entry"], answer.json()["project"]
    assert answer.status_code == 201
    assert (project["state"], project["holder"]) == ("in_library", "owner")
    assert (entry["entered_on"], entry["valid_until"], entry["valid"]) == ("2029-03-01", "2031-03-01", True)
    assert project["dated"]["library"]["valid_until"] == "2031-03-01"
    assert good(await needs.office("GET", f"/library/{entry['id']}")).json() == entry
    assert good(await needs.unit("GET", f"/library/{entry['id']}")).json()["project_id"] == told.json()["id"]
    for stranger in (as_user("360200", "gatekeeper"), as_user("360100", "360102.unit")):
        assert (await stranger("GET", f"/library/{entry['id']}")).status_code == 404
        assert entry["id"] not in (await stranger("GET", "/library")).text
    assert entry["id"] in (await needs.office("GET", "/library?tenant=360100&limit=200")).text
    await relay()
    titles = [each["title"] for each in (await needs.keeper("GET", "/inbox?limit=100")).json()["items"]]
    assert sum(title.startswith("纳入重点项目库") for title in titles) >= 1


async def test_a_project_that_its_unit_withdrew_does_not_stand_in_the_library(needs: Needs) -> None:
    """Arts 8, 9: two years or not, nobody declares a withdrawn project any more."""
    case = await needs.entered()
    entry = case.json()["dated"]["library"]["entry"]
    ref, day = f"360100-{entry}", case.json()["dated"]["library"]["on"]
    lists = [f"/library?tenant=360100&valid_on={day}&limit=200", f"/library?valid_on={day}&limit=200"]
    for url in lists:
        assert ref in good(await needs.office("GET", url)).text
    await steps(needs.as_user("360100"), case, "withdraw", {"reason": "另行安排"})
    assert good(await needs.office("GET", f"/library/{ref}")).json()["valid"] is False
    for reader in (needs.office, needs.keeper):
        assert good(await reader("GET", f"/library/{ref}")).json()["valid"] is False
    for url in lists:
        assert ref not in good(await needs.office("GET", url)).text


async def test_no_entry_before_or_without_a_passed_appraisal(needs: Needs, travel: Any) -> None:
    """Art. 18: the day of entry lies neither before the appraisal nor after today; pointer and article."""
    travel(2029, 3, 5)
    appraised = await needs.appraised(await needs.reported())
    path = f"/projects/{appraised.json()['id']}/library/enter"
    for day in ("2029-03-04", "2029-03-06"):
        refused = await needs.office("POST", path, {"entered_on": day}, etag=appraised.headers["etag"])
        assert refused.status_code == 422, refused.text
        assert (refused.json()["errors"][0]["pointer"], refused.json()["errors"][0]["code"]) == (
            "/entered_on",
            "date_order",
        )
    failed = await needs.appraised(await needs.reported(), "fail")
    path = f"/projects/{failed.json()['id']}/library/enter"
    shut = await needs.office("POST", path, {}, etag=failed.headers["etag"])
    assert (shut.status_code, shut.json()["code"], shut.json()["state"]) == (
        409,
        "action_not_allowed",
        "need_reported",
    )


async def declared(needs: Needs, project: Any, reasons: Any = ()) -> Any:
    path = f"/projects/{project.json()['id']}/submit"
    body = {"reasons": [{"code": code, "reason": "确有需要"} for code in reasons]}
    return await needs.as_user("360100")("POST", path, body, etag=project.headers["etag"])


async def test_a_project_of_the_library_is_declared_without_a_reason_until_the_last_day(
    needs: Needs, travel: Any
) -> None:
    """Art. 19, R6: the entry decides, whatever the declaration says; on the end day it is out again."""
    inside, outside = await needs.entered(), await needs.entered()
    assert inside.json()["facts"]["in_library"] is False
    travel(2031, 2, 28)
    sent = good(await declared(needs, inside)).json()
    assert sent["state"] == "submitted"
    assert "not_in_library" not in [each["code"] for each in sent["decision"]["findings"]]
    assert "R6" in sent["decision"]["readings"]
    travel(2031, 3, 1)
    ref = outside.json()["id"]
    facts = factories.facts(investment_yuan="50000000.00", in_library=True)
    lying = good(
        await needs.as_user("360100")(
            "PATCH", f"/projects/{ref}", {"facts": facts}, etag=outside.headers["etag"]
        )
    )
    preview = good(await needs.as_user("360100")("POST", f"/projects/{ref}/preview")).json()
    assert "not_in_library" in preview["reasons_required"]
    refused = await declared(needs, lying)
    assert (refused.status_code, refused.json()["code"]) == (409, "reason_required")
    assert good(await declared(needs, lying, ["not_in_library"])).json()["state"] == "submitted"


async def test_what_lapses_lapses_once_and_comes_again(
    needs: Needs, door: Door, travel: Any, relay: Any
) -> None:
    """Arts 8, 9, R6: nothing lapses a day early; the owner and the office hear of it; the need is reported anew."""
    project = await needs.entered()
    ref = project.json()["id"]
    travel(2031, 2, 28, 23, 59)
    await lapse_expired(door)
    assert (await needs.office("GET", f"/projects/{ref}")).json()["state"] == "in_library"
    travel(2031, 3, 1, 0, 1)
    early = good(await needs.office("GET", f"/projects/{ref}"))
    told = {each["action"]: each for each in early.json()["actions"]}
    assert "lapse" not in told, "nobody's act by hand"
    assert not told["remove_entry"]["allowed"], "over, although the worker has not come by"
    out = await needs.office(
        "POST", f"/projects/{ref}/library/remove", {"reason": "不建了"}, etag=early.headers["etag"]
    )
    assert (out.status_code, out.json()["code"], out.json()["article"]) == (409, "gate_shut", 8)
    assert await lapse_expired(door) >= 1
    assert await lapse_expired(door) == 0
    portal = needs.as_user("360100")
    gone = good(await portal("GET", f"/projects/{ref}"))
    assert (gone.json()["state"], gone.json()["holder"]) == ("lapsed", "owner")
    last = good(await portal("GET", f"/projects/{ref}/history")).json()["transitions"][-1]
    assert (last["action"], last["actor"]) == ("lapse", "client:360100:system:lapse")
    await relay()
    for caller in (needs.office, needs.unit):
        titles = [each["title"] for each in (await caller("GET", "/inbox?limit=200")).json()["items"]]
        assert any(title.startswith("入库已过期") for title in titles)
    sent = await steps(portal, gone, "need/submit")
    again = await steps(needs.keeper, await steps(needs.keeper, sent, "need/gatekeep"), "need/report")
    entered = await needs.entered(again)
    assert entered.json()["dated"]["library"]["valid_until"] == "2033-03-01"
    entries = good(await needs.office("GET", "/library?tenant=360100&limit=200")).json()["items"]
    assert [each["valid"] for each in entries if each["project_id"] == ref] == [True, False]


async def test_rules_entered_at_run_time_stop_no_lapse(needs: Needs, door: Door, travel: Any) -> None:
    """R6: the job decides by the book as it stands, however many rules were entered since the files were written."""
    project = await needs.entered()
    wish = {"key": "near_line.percent", "value": 85, "effective_from": "2099-01-01"}
    seen = good(await needs.keeper("POST", "/rulebook/overlays/preview", wish)).json()
    body = {**wish, "reason": "提前提示", "expected_version": seen["rulebook_version"]}
    good(await needs.keeper("POST", "/rulebook/overlays", body))
    travel(2031, 3, 1, 0, 1)
    assert await lapse_expired(door) >= 1
    gone = good(await needs.as_user("360100")("GET", f"/projects/{project.json()['id']}"))
    assert gone.json()["state"] == "lapsed"


async def test_the_office_takes_a_project_out_with_a_reason(needs: Needs, travel: Any) -> None:
    """Art. 8: kept dynamically; from that day it is not in the library."""
    project = await needs.entered()
    ref = project.json()["id"]
    path = f"/projects/{ref}/library/remove"
    empty = await needs.office("POST", path, {"reason": " "}, etag=project.headers["etag"])
    assert empty.status_code == 422
    denied = await needs.keeper("POST", path, {"reason": "不再需要"}, etag=project.headers["etag"])
    assert denied.status_code == 403
    out = good(
        await needs.office("POST", path, {"reason": "已并入省级平台"}, etag=project.headers["etag"])
    ).json()
    assert (out["state"], out["holder"]) == ("need_returned", "owner")
    entry = next(
        each
        for each in good(await needs.office("GET", "/library?tenant=360100&limit=200")).json()["items"]
        if each["project_id"] == ref
    )
    assert (entry["valid"], entry["removed_on"], entry["removal_reason"]) == (
        False,
        "2029-03-01",
        "已并入省级平台",
    )
    listed = good(await needs.office("GET", "/library?tenant=360100&valid_on=2029-03-01&limit=200")).json()[
        "items"
    ]
    assert ref not in [each["project_id"] for each in listed]
    again = await needs.office("POST", path, {"reason": "再次移出"}, etag=f'"{out["version"]}"')
    assert (again.status_code, again.json()["code"]) == (409, "action_not_allowed")


async def test_one_appraisal_serves_need_and_declaration_while_nothing_changes(needs: Needs) -> None:
    """R9, arts 8, 18: a department's entry is declared; the appraisal gate stands open until the amount changes."""
    project = await needs.entered(await needs.department_reported())
    sent = await steps(needs.department, project, "submit")
    assert sent.json()["state"] == "with_province"
    office = good(await needs.office("GET", f"/projects/{project.json()['id']}")).json()
    allowed = {each["action"]: each["allowed"] for each in office["actions"]}
    assert allowed["open_joint_review"] is True
    other = await needs.entered(await needs.department_reported())
    facts = factories.facts(investment_yuan="60000000.00")
    path = f"/projects/{other.json()['id']}"
    changed = good(await needs.department("PATCH", path, {"facts": facts}, etag=other.headers["etag"]))
    materials = factories.materials("60000000.00")
    sent = await steps(needs.department, changed, "submit", {"materials": materials})
    office = good(await needs.office("GET", path)).json()
    allowed = {each["action"]: each["allowed"] for each in office["actions"]}
    assert allowed["open_joint_review"] is False
