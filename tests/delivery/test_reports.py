"""Art. 27: yearly performance reports in two templates, and who is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from service.kit import clock
from tests.delivery.sites import DOCUMENT, RESPONSIBLE, Site, filed, started, trial_run

BUILD = {"template": "build", "progress": "完成六成", "investment_plan": "执行过半"}
SERVICE = {
    "template": "service",
    "work_done": "巡检十二次",
    "stage_summary": "运行平稳",
    "service_quality": "响应及时",
}


def report(**changes: Any) -> dict[str, Any]:
    return {
        "year": 2026,
        "goals": "目标按计划推进",
        "report": BUILD,
        "serious_problems": False,
        "users": [{"unit": "市城管局", "opinion": "符合需要"}],
        **changes,
    }


@pytest.fixture
def at() -> Iterator[Any]:
    yield lambda *day: clock.travel(datetime(*day, 4, tzinfo=UTC))
    clock.travel(None)


async def late(as_user: Any, who: tuple[str, str], query: str = "") -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    path: str | None = f"/reports/late?limit=2{query}"
    while path:
        answer = await as_user(*who)("GET", path)
        assert answer.status_code == 200, answer.text
        found |= {item["id"]: item for item in answer.json()["items"]}
        cursor = answer.json()["next_cursor"]
        path = f"/reports/late?limit=2{query}&cursor={cursor}" if cursor else None
    return found


async def test_art_27_a_report_reaches_both_organs_and_counts_once(as_user: Any, at: Any) -> None:
    site = await started(as_user)
    at(2026, 11, 1)
    await site.done("performance-reports", report())
    years = site.data["dated"]["reports"]["years"]
    assert list(years) == ["2026"]
    assert (await site.read("/building"))["reported_years"] == [2026]
    again = await site.refused("performance-reports", report(), 409, "already_reported", article=27)
    assert "2026" in again["detail"]
    at(2026, 12, 1)
    await site.done("performance-reports", report(goals="目标已完成", correction_reason="漏报一项目标"))
    assert site.data["dated"]["reports"]["years"] == years == {"2026": "2026-11-01"}, (
        "a correction is no later report"
    )
    later, first = await site.records("report_performance")
    assert later["supersedes"] == first["id"]
    history = (await site.read("/history"))["transitions"]
    assert history[-1]["reason"] == "漏报一项目标"


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"year": 2025}, "/year", "year_range"),
        ({"year": 2027}, "/year", "year_range"),
        ({"report": SERVICE}, "/report/template", "wrong_template"),
        ({"report": {**BUILD, "template": "poem"}}, "/report/template", None),
        ({"report": {"template": "build", "progress": "过半"}}, "/report/investment_plan", None),
        (
            {"report": {**BUILD, "trial_run": {"effects": "良好", "problems": "暂无问题"}}},
            "/report/trial_run",
            "unexpected",
        ),
        ({"serious_problems": True}, "/statement", "required"),
        ({"users": []}, "/users", None),
        ({"correction_reason": "并未报告过"}, "/correction_reason", "unexpected"),
    ],
)
async def test_art_27_bad_reports(as_user: Any, at: Any, changes: Any, pointer: str, code: Any) -> None:
    at(2026, 11, 23)
    site = await started(as_user)
    await site.refused(
        "performance-reports", report(**changes), 422, "invalid_body", pointer, field_code=code
    )


async def test_art_27_trial_run_supervisor_and_order(as_user: Any) -> None:
    site = await filed(as_user)
    await site.refused("performance-reports", report(), 409, "action_not_allowed", article=27)
    await site.done("responsible", RESPONSIBLE)
    supervision = {
        "company": "某监理公司",
        "contract_number": "JL-1",
        "signed_on": "2026-02-20",
        "document": DOCUMENT,
        "safety_responsibility": "检查现场施工安全并签发整改通知",
    }
    await site.done("supervision", supervision)
    await site.done("start", {"started_on": "2026-03-01"})
    await site.refused(
        "performance-reports", report(), 422, "invalid_body", "/supervisor", field_code="required", article=27
    )
    await trial_run(site, "2026-06-01")
    said = {"supervisor": {"company": "某监理公司", "opinion": "进度正常"}}
    await site.refused(
        "performance-reports",
        report(**said),
        422,
        "invalid_body",
        "/report/trial_run",
        field_code="required",
        article=27,
    )
    full = {**BUILD, "trial_run": {"effects": "响应良好", "problems": "偶有卡顿"}}
    problems = {"serious_problems": True, "statement": "一台服务器损坏，已经更换"}
    await site.done("performance-reports", report(report=full, **said, **problems))
    await site.refused("performance-reports", report(year=2026), 403, "forbidden", by=("360100", "approver"))


async def test_art_27_maintenance_and_procured_services_report_on_the_work(as_user: Any) -> None:
    changes = {"kind": "maintain"}
    plan = {"maintenance_plan": "七乘二十四小时值守"}
    from tests.factories import materials

    site = await started(as_user, facts=changes, materials=materials(**plan))
    await site.refused(
        "performance-reports", report(), 422, "invalid_body", "/report/template", field_code="wrong_template"
    )
    await site.done("performance-reports", report(report=SERVICE))
    services = await started(as_user)
    procurement = {
        "number": "CG-1",
        "method": "open_tender",
        "subject": "services",
        "parties": ["某招标代理"],
        "amount_yuan": "3000000.00",
        "issued_on": "2026-03-01",
        "document": DOCUMENT,
    }
    await services.done("procurements", procurement)
    await services.done("performance-reports", report(report=SERVICE))


async def test_art_27_the_late_list_of_the_deciding_tier(as_user: Any, at: Any) -> None:
    at(2026, 12, 31)
    timely, tardy, silent, fresh = [await started(as_user, "360300") for _ in range(4)]
    unbegun = await filed(as_user, "360300")
    await timely.done("performance-reports", report())
    keeper = ("360300", "gatekeeper")
    mine: set[str] = {site.ref for site in (timely, tardy, silent, fresh, unbegun)}
    assert not mine & (await late(as_user, keeper, "&year=2026")).keys(), "nobody is late on the last day"
    at(2027, 1, 1)
    assert mine & (await late(as_user, keeper)).keys() == {tardy.ref, silent.ref, fresh.ref}
    await tardy.done("performance-reports", report())
    at(2027, 2, 1)
    found = await late(as_user, keeper, "&year=2026")
    assert mine & found.keys() == {tardy.ref, silent.ref, fresh.ref}
    assert (found[tardy.ref]["reported_on"], found[silent.ref]["reported_on"]) == ("2027-01-01", None)
    assert found[silent.ref]["due"] == "2026-12-31"
    assert not (await late(as_user, keeper, "&year=2025"))
    assert not mine & (await late(as_user, ("360000", "office"), "&year=2026")).keys(), (
        "the city's own (art. 5)"
    )
    assert not mine & (await late(as_user, ("360100", "gatekeeper"), "&year=2026")).keys()
    assert (await as_user("360300", "unit")("GET", "/reports/late")).status_code == 403
    wrong = await as_user(*keeper)("GET", "/reports/late?year=1999")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_query")


async def test_art_27_the_province_sees_what_it_decided(as_user: Any, door: Any, at: Any) -> None:
    from tests.delivery.sites import provincially_approved

    at(2026, 11, 1)
    site: Site = await provincially_approved(as_user, door)
    await site.done("responsible", RESPONSIBLE)
    await site.done("start", {"started_on": "2026-11-01"})
    at(2027, 1, 2)
    assert site.ref in await late(as_user, ("360000", "drc"))
    assert site.ref not in await late(as_user, ("360100", "approver"))
    await site.done("performance-reports", report())
    assert (await late(as_user, ("360000", "office")))[site.ref]["reported_on"] == "2027-01-02"
