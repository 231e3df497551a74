"""Plans of common projects (art. 22), next year's proposals and the three cases without money (arts 30, 36, 37)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.measures.evaluation import ASPECTS, WEIGHTS, card, result
from service.measures.maintenance import Watch, is_late, unfunded
from service.vocabulary import label
from tests.factories import NEGATIVE
from tests.lives import Life
from tests.lives.said import WATCHED

LINE = {"year": 2027, "amount_yuan": "300000.00", "workload": "用户两千人，年巡检四次", "watch": WATCHED}
INSECURE = [{"code": "maintenance_insecure", "reason": "漏洞年内修复完毕"}]
PLAN = {
    "network": "extranet",
    "name": "市级支撑平台运维方案",
    "year": 2027,
    "content": "驻场四人，季度巡检",
    "cost_yuan": "1200000.00",
}


@given(st.fixed_dictionaries(dict.fromkeys(ASPECTS, st.integers(0, 100))))
def test_a_card_lies_between_its_worst_and_best(points: dict[str, int]) -> None:
    """Art. 40: a weighted mean; all alike give just that."""
    worth = card(points, WEIGHTS)
    assert min(points.values()) * 100 <= worth <= max(points.values()) * 100
    assert card(dict.fromkeys(ASPECTS, 77), WEIGHTS) == 7700
    assert result({"general_office": worth, "drc": worth}) is None
    assert result({"general_office": worth, "drc": worth, "finance": worth}) == worth


@given(st.builds(Watch, *[st.sampled_from([True, False, None])] * 6))
def test_what_was_not_looked_at_never_reads_as_passed(watch: Watch) -> None:
    """Art. 37: exactly its three cases, by item; anything unseen is told."""
    found = {finding.code: finding.item for finding in unfunded(watch, {}, {}, date(2026, 8, 1))}
    assert ("maintenance_unshared" in found) == (watch.data_shared is False or watch.collects_twice is True)
    assert ("maintenance_insecure" in found) == (
        watch.crypto_and_security_met is False or watch.serious_hazard is True
    )
    assert ("maintenance_off_network" in found) == (
        watch.on_government_network is False or watch.on_government_cloud is False
    )
    seen = [getattr(watch, name) for name in Watch.__dataclass_fields__]
    assert ("maintenance_not_checked" in found) == (None in seen)


def test_facts_of_the_case_are_findings_too() -> None:
    """Art. 37: lapsed orders, expired certificates and what was declared off the cloud."""
    fine = Watch(*WATCHED.values())
    on = date(2026, 8, 1)
    order = {"due": "2026-07-31", "failed": False, "area": "data_sharing"}
    assert [f.item for f in unfunded(fine, {"orders": {"open": {"x": order}}}, {}, on)] == [1]
    assert not unfunded(fine, {"orders": {"open": {"x": {**order, "due": "2026-08-01"}}}}, {}, on)
    expired = {"certificates": {"by_kind": {"protection_level": "2026-07-31"}}}
    assert [f.item for f in unfunded(fine, expired, {}, on)] == [2]
    unseen = Watch(True, False, True, False, True, None)
    assert 3 in [f.item for f in unfunded(unseen, {}, {**NEGATIVE, "off_cloud": True}, on)]


def test_31_august_is_in_time() -> None:
    """Art. 36: next year's proposals by 31 August of this one."""
    assert not is_late(date(2026, 8, 31), 2027, "08-31")
    assert is_late(date(2026, 9, 1), 2027, "08-31")


async def lines(case: Life, query: str = "year=2027&limit=200") -> list[dict[str, Any]]:
    answer = await case.by("city.finance")("GET", f"/maintenance/proposals?{query}")
    assert answer.status_code == 200, answer.text
    return [each for each in answer.json()["items"] if each["project_id"] == case.id]


async def test_a_line_carries_workload_score_and_findings(life: Any, day: Any) -> None:
    """Arts 36, 40: the last score stands on the line; a weak one is shown; finance decides once, by its means."""
    case = await life().at("evaluated")
    await case.score(40)
    day("2027-08-31")
    line = {**LINE, "year": 2028}
    data = await case.does("city.gatekeeper", "propose-maintenance", line)
    assert data["dated"]["maintenance"]["years"] == {"2027": "2027-08-31"}
    (found,) = await lines(case, "year=2028&undecided=true")
    assert (found["score"], found["late"], found["amount_yuan"]) == ("40.00", False, "300000.00")
    assert [each["code"] for each in found["findings"]] == ["weak_evaluation"]
    finance = case.by("city.finance")
    path = f"/maintenance/proposals/{found['id']}/arrange"
    done = await finance("POST", path, {"arranged_yuan": "300000.01", "note": "新增国产化适配"})
    assert (done.status_code, done.json()["arranged_yuan"]) == (200, "300000.01"), (
        "no ceiling in art. 36 (R34)"
    )
    again = await finance("POST", path, {"arranged_yuan": "0.00"})
    assert (again.status_code, again.json()["code"]) == (409, "already_decided")
    assert await lines(case, "year=2028&undecided=true") == []
    await case.refused("city.approver", "propose-maintenance", line, 409, "already_proposed", article=36)
    sheet = await finance("GET", "/exports/maintenance-proposals.csv?year=2028")
    assert sheet.status_code == 200
    assert "300000.01" in sheet.text
    assert case.id in sheet.text
    assert label("finding", "weak_evaluation") in sheet.text and "weak_evaluation" not in sheet.text


async def test_late_lines_are_taken_and_marked(life: Any) -> None:
    """Art. 36: after 31 August the line is marked late; years out of reach, sums and desks are refused."""
    case = await life().at("accepted")
    for year in (2025, 2028):
        await case.wrong("city.gatekeeper", "propose-maintenance", {**LINE, "year": year}, "/year")
    await case.wrong("city.gatekeeper", "propose-maintenance", {**LINE, "amount_yuan": "0"}, "/amount_yuan")
    for who in ("city.unit", "city.finance", "city.info_centre"):
        await case.refused(who, "propose-maintenance", LINE, 403, "forbidden")
    await case.refused("province.office", "propose-maintenance", LINE, 409, "action_not_allowed")
    await case.does("city.gatekeeper", "propose-maintenance", LINE)
    (found,) = await lines(case)
    assert (found["late"], found["score"]) == (True, None)
    other = await case.by("360200:city.finance")("GET", "/maintenance/proposals?year=2027&limit=200")
    assert case.id not in other.text
    foreign = await case.by("360200:city.finance")(
        "POST", f"/maintenance/proposals/{found['id']}/arrange", {"arranged_yuan": "1.00"}
    )
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        ({"data_shared": False}, "maintenance_unshared"),
        ({"collects_twice": True}, "maintenance_unshared"),
        ({"serious_hazard": True}, "maintenance_insecure"),
        ({"crypto_and_security_met": False}, "maintenance_insecure"),
        ({"on_government_cloud": False}, "maintenance_off_network"),
    ],
)
async def test_the_three_cases_need_an_accepted_reason(life: Any, seen: dict[str, bool], code: str) -> None:
    """Art. 37, in principle: no line without a reason, no money without finance accepting it by name."""
    case = await life().at("accepted")
    line = {**LINE, "watch": {**WATCHED, **seen}}
    problem = await case.refused(
        "city.gatekeeper", "propose-maintenance", line, 409, "reason_required", article=37
    )
    assert [each["code"] for each in problem["findings"]] == [code]
    await case.wrong(
        "city.gatekeeper",
        "propose-maintenance",
        {**LINE, "reasons": [{"code": code, "reason": "正在整改"}]},
        "/reasons",
    )
    await case.does(
        "city.gatekeeper",
        "propose-maintenance",
        {**line, "reasons": [{"code": code, "reason": "年内完成整改"}]},
    )
    (found,) = await lines(case)
    finance, path = case.by("city.finance"), f"/maintenance/proposals/{found['id']}/arrange"
    no = {"code": code, "accepted": False}
    for body, status, told in (
        ({"arranged_yuan": "1.00"}, 409, "opinion_required"),
        ({"arranged_yuan": "1.00", "opinions": [no]}, 409, "reason_refused"),
        ({"arranged_yuan": "1.00", "opinions": [{**no, "code": "near_line"}]}, 422, "invalid_body"),
    ):
        answer = await finance("POST", path, body)
        assert (answer.status_code, answer.json()["code"]) == (status, told), answer.text
    assert (await lines(case))[0]["arranged_yuan"] is None
    answer = await finance("POST", path, {"arranged_yuan": "0.00", "opinions": [no]})
    assert (answer.status_code, answer.json()["arranged_yuan"]) == (200, "0.00")


async def test_art_41_deferred_money_is_not_arranged(life: Any) -> None:
    """While an organ defers a project's money its upkeep gets none; lifted, it does; to give nothing is free."""
    case = await life().at("accepted")
    order = await case.order_in_vain()
    await case.does("city.gatekeeper", "propose-maintenance", {**LINE, "reasons": INSECURE})
    await case.does("city.cyber", "defer-funds", {"order": order, "reason": "逾期未整改"})
    (found,) = await lines(case)
    finance, path = case.by("city.finance"), f"/maintenance/proposals/{found['id']}/arrange"
    yes = [{"code": each["code"], "accepted": True} for each in INSECURE]
    told = await finance("POST", path, {"arranged_yuan": "1.00", "opinions": yes})
    assert (told.status_code, told.json()["gate"], told.json()["article"]) == (409, "not_deferred", 41)
    await case.does("city.cyber", "close-order", {"order": order, "done": True, "opinion": "已经整改到位"})
    await case.does("city.cyber", "lift-deferral", {"reason": "已经整改到位"})
    done = await finance("POST", path, {"arranged_yuan": "1.00", "opinions": yes})
    assert (done.status_code, done.json()["arranged_yuan"]) == (200, "1.00"), done.text


async def test_a_failed_confirmation_leaves_no_line(life: Any) -> None:
    """Art. 30: what was never confirmed is not accepted, so there is no line either; 409 before the acceptance."""
    case = await life().at("inspected")
    await case.apply_acceptance()
    await case.refused("city.gatekeeper", "propose-maintenance", LINE, 409, "action_not_allowed", article=36)
    assert await lines(case) == []


async def common(life: Any) -> str:
    """A declared common project: a plan cannot name a draft, which is its own office's."""
    case: Life = await life(facts={"project_class": "infrastructure"}).at("submitted")
    return case.id


async def test_art_22_a_plan_names_what_there_is_to_maintain(life: Any) -> None:
    case: Life = await life(facts={"project_class": "infrastructure"}).at("submitted")
    await case.does("owner", "withdraw", {"reason": "不再申报"})
    told = await case.by("city.info_centre")("POST", "/maintenance/plans", {**PLAN, "projects": [case.id]})
    assert told.status_code == 422, told.text
    assert [(each["pointer"], each["code"]) for each in told.json()["errors"]] == [
        ("/projects/0", "project_ended")
    ]


async def test_a_plan_is_compiled_and_reviewed_by_two(life: Any) -> None:
    """Art. 22: by the information centre; general office and DRC each once; a refused one is compiled anew."""
    case, project = life(), await common(life)
    centre, keeper, approver = (
        case.by(who) for who in ("city.info_centre", "city.gatekeeper", "city.approver")
    )
    made = await centre("POST", "/maintenance/plans", {**PLAN, "projects": [project]})
    assert (made.status_code, made.json()["state"]) == (201, "under_review"), made.text
    path = f"/maintenance/plans/{made.json()['id']}"
    first = await keeper("POST", f"{path}/review", {"agreed": True, "opinion": "同意"})
    assert first.json()["state"] == "under_review"
    twice = await keeper("POST", f"{path}/review", {"agreed": False, "opinion": "改口"})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_reviewed")
    second = await approver("POST", f"{path}/review", {"agreed": False, "opinion": "费用偏高"})
    assert second.json()["state"] == "returned"
    again = await centre(
        "POST",
        "/maintenance/plans",
        {**PLAN, "projects": [project], "cost_yuan": "900000.00", "supersedes": made.json()["id"][7:]},
    )
    assert again.status_code == 201, again.text
    assert (await keeper("GET", path)).json()["state"] == "superseded"
    stale = await keeper("POST", f"{path}/review", {"agreed": True, "opinion": "同意"})
    assert (stale.status_code, stale.json()["code"]) == (409, "plan_superseded")
    for caller in (keeper, approver):
        last = await caller(
            "POST", f"/maintenance/plans/{again.json()['id']}/review", {"agreed": True, "opinion": "同意"}
        )
    assert last.json()["state"] == "reviewed"
    assert [each["slot"] for each in last.json()["reviews"]] == ["general_office", "drc"]
    assert (await case.by("360200:city.gatekeeper")("GET", path)).status_code == 404
    assert (await case.by("city.unit")("GET", path)).status_code == 403


async def test_a_plan_that_does_not_belong_here(life: Any) -> None:
    """Art. 22: the intranet's is refused with whom to turn to and nothing kept; only common projects of one's own."""
    case, project = life(), await common(life)
    centre = case.by("city.info_centre")

    async def count() -> int:
        return len((await centre("GET", "/maintenance/plans?limit=200")).json()["items"])

    before = await count()
    answer = await centre(
        "POST", "/maintenance/plans", {**PLAN, "network": "intranet", "projects": [project]}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "intranet_not_here")
    assert "省国家密码管理局" in answer.json()["detail"]
    assert answer.json()["article"] == 22
    ordinary = await life().at("filed")
    foreign = await life(tenant="360200").at("filed")
    body = {**PLAN, "projects": [ordinary.id, foreign.id, "x", project, project]}
    answer = await centre("POST", "/maintenance/plans", body)
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [
        ("/projects/0", "not_common"),
        ("/projects/1", "unknown_project"),
        ("/projects/2", "unknown_project"),
        ("/projects/4", "repeated"),
    ]
    assert await count() == before
