"""Art. 27: yearly performance reports in two templates, and who is late."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lives import Life
from tests.lives.reviews import to_approved
from tests.lives.said import PAPER

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


async def test_art_27_a_report_reaches_both_organs_and_counts_once(life: Any, at: Any) -> None:
    at(2026, 10, 1)  # its history lies before what follows, whatever day it is by the clock
    site = await life().at("started")
    at(2026, 11, 1)
    await site.does("owner", "performance-reports", report())
    years = site.data["dated"]["reports"]["years"]
    assert list(years) == ["2026"]
    assert (await site.sees("building"))["reported_years"] == [2026]
    again = await site.refused("owner", "performance-reports", report(), 409, "already_reported", article=27)
    assert "2026" in again["detail"]
    at(2026, 12, 1)
    await site.does(
        "owner", "performance-reports", report(goals="目标已完成", correction_reason="漏报一项目标")
    )
    assert site.data["dated"]["reports"]["years"] == years == {"2026": "2026-11-01"}, (
        "a correction is no later report"
    )
    later, first = await site.records("report_performance")
    assert later["supersedes"] == first["id"]
    history = (await site.sees("history"))["transitions"]
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
async def test_art_27_bad_reports(life: Any, at: Any, changes: Any, pointer: str, code: Any) -> None:
    at(2026, 11, 23)
    site = await life().at("started")
    await site.wrong("owner", "performance-reports", report(**changes), pointer, code)


async def test_art_27_trial_run_supervisor_and_order(life: Any) -> None:
    site = await life().at("filed")
    await site.refused("owner", "performance-reports", report(), 409, "action_not_allowed", article=27)
    await site.name_responsible()
    supervision = {
        "company": "某监理公司",
        "contract_number": "JL-1",
        "signed_on": "2026-02-20",
        "document": PAPER,
        "safety_responsibility": "检查现场施工安全并签发整改通知",
    }
    await site.does("owner", "supervision", supervision)
    await site.start("2026-03-01")
    await site.wrong("owner", "performance-reports", report(), "/supervisor", "required", article=27)
    await site.begin_trial_run("2026-06-01")
    said = {"supervisor": {"company": "某监理公司", "opinion": "进度正常"}}
    await site.wrong(
        "owner", "performance-reports", report(**said), "/report/trial_run", "required", article=27
    )
    full = {**BUILD, "trial_run": {"effects": "响应良好", "problems": "偶有卡顿"}}
    problems = {"serious_problems": True, "statement": "一台服务器损坏，已经更换"}
    await site.does("owner", "performance-reports", report(report=full, **said, **problems))
    await site.refused("city.approver", "performance-reports", report(year=2026), 403, "forbidden")


async def test_art_27_maintenance_and_procured_services_report_on_the_work(life: Any) -> None:
    changes = {"kind": "maintain"}
    plan = {"maintenance_plan": "七乘二十四小时值守"}
    from tests.factories import materials

    site = await life(facts=changes, materials=materials(**plan)).at("started")
    await site.wrong("owner", "performance-reports", report(), "/report/template", "wrong_template")
    await site.does("owner", "performance-reports", report(report=SERVICE))
    services = await life().at("started")
    procurement = {
        "number": "CG-1",
        "method": "open_tender",
        "subject": "services",
        "parties": ["某招标代理"],
        "amount_yuan": "3000000.00",
        "issued_on": "2026-03-01",
        "document": PAPER,
    }
    await services.does("owner", "procurements", procurement)
    await services.does("owner", "performance-reports", report(report=SERVICE))


async def test_art_27_the_late_list_of_the_deciding_tier(as_user: Any, life: Any, at: Any) -> None:
    at(2026, 12, 31)
    timely, tardy, silent, fresh = [await life(tenant="360300").at("started") for _ in range(4)]
    unbegun = await life(tenant="360300").at("filed")
    await timely.does("owner", "performance-reports", report())
    keeper = ("360300", "gatekeeper")
    mine: set[str] = {site.id for site in (timely, tardy, silent, fresh, unbegun)}
    assert not mine & (await late(as_user, keeper, "&year=2026")).keys(), "nobody is late on the last day"
    at(2027, 1, 1)
    assert mine & (await late(as_user, keeper)).keys() == {tardy.id, silent.id, fresh.id}
    await tardy.does("owner", "performance-reports", report())
    at(2027, 2, 1)
    found = await late(as_user, keeper, "&year=2026")
    assert mine & found.keys() == {tardy.id, silent.id, fresh.id}
    assert (found[tardy.id]["reported_on"], found[silent.id]["reported_on"]) == ("2027-01-01", None)
    assert found[silent.id]["due"] == "2026-12-31"
    assert not (await late(as_user, keeper, "&year=2025"))
    assert not mine & (await late(as_user, ("360000", "office"), "&year=2026")).keys(), (
        "the city's own (art. 5)"
    )
    assert not mine & (await late(as_user, ("360100", "gatekeeper"), "&year=2026")).keys()
    assert (await as_user("360300", "unit")("GET", "/reports/late")).status_code == 403
    wrong = await as_user(*keeper)("GET", "/reports/late?year=1999")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_query")


async def test_art_27_the_province_sees_what_it_decided(as_user: Any, life: Any, at: Any) -> None:
    at(2026, 11, 1)
    site: Life = await to_approved(life().world)
    await site.name_responsible()
    await site.start("2026-11-01")
    at(2027, 1, 2)
    assert site.id in await late(as_user, ("360000", "drc"))
    assert site.id not in await late(as_user, ("360100", "approver"))
    await site.does("owner", "performance-reports", report())
    assert (await late(as_user, ("360000", "office")))[site.id]["reported_on"] == "2027-01-02"
