"""A system of before the Measures: taken over, nothing of 2021 owed, its upkeep paid for, retired (arts 30, 36, 45).

Beside it one accepted under the Measures without its confirmations: no money until they are given.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.lives import said
from tests.lives.said import WATCHED
from tests.portfolio.lines import line
from tests.stories.teller import Person, Story, Tools

pytestmark = pytest.mark.long  # whole lives over HTTP; the shorter ones stay in `make test`

CITY = "360500"
OLD = {
    "approved": "2020-03-02",
    "started": "2020-05-06",
    "trial_run": "2020-12-01",
    "final_inspected": "2021-06-10",
    "acceptance_applied": "2021-07-01",
    "accepted": "2021-09-10",
    "operation": "2021-09-20",
}
NEWER = {
    "approved": "2023-10-09",
    "started": "2023-12-01",
    "trial_run": "2024-05-01",
    "final_inspected": "2024-11-05",
    "acceptance_applied": "2024-11-20",
    "accepted": "2025-01-10",
}
LINE = {"year": 2027, "amount_yuan": "300000.00", "workload": "用户两千人，年巡检四次", "watch": WATCHED}


async def imported(story: Story, name: str, dated: dict[str, str]) -> None:
    given = line(CITY, state="accepted", dated=dated, budget_issued_yuan="3900000.00", paid_yuan="3900000.00")
    answer = await story.as_(CITY, "gatekeeper").call("POST", "/imports", content=json.dumps(given).encode())
    assert answer.status_code == 201, answer.text
    story.ids[name] = answer.json()["items"][0]["id"]


async def owed(story: Story, name: str) -> set[str]:
    """The codes of what the project owes or has missed, after the worker's daily look."""
    await story.tools.relay()
    await story.tools.look(CITY)
    items = (await story.as_(CITY, "unit").sees(f"/projects/{{{name}}}/obligations"))["items"]
    return {each["code"] for each in items if each["state"] in ("open", "lapsed")}


async def proposed(story: Story, name: str) -> list[dict[str, Any]]:
    items = (await story.as_(CITY, "finance").sees("/maintenance/proposals?year=2027&limit=200"))["items"]
    return [each for each in items if each["project_id"] == story.ids[name]]


async def test_an_old_system_owes_nothing_of_before_and_is_kept_up(tools: Tools) -> None:
    story = Story("办法施行前验收的系统：旧事不追，运维照常安排", tools, owner=(CITY, "unit"))
    story.on(date(2026, 6, 1))
    await imported(story, "p", OLD)
    assert await owed(story, "p") == {"maintenance_proposal"}, "what fell due in 2021 and 2022 was never owed"
    keeper, finance = story.as_(CITY, "gatekeeper"), story.as_(CITY, "finance")
    await keeper.does("提出运维预算建议", "POST", "propose-maintenance", LINE, articles=(36,))
    (found,) = await proposed(story, "p")
    assert [each["code"] for each in found["findings"]] == ["data_unconfirmed", "crypto_unconfirmed"]
    assert {each["article"] for each in found["findings"]} == {30}
    arranged = {"arranged_yuan": "320000.00", "note": "另含国产化适配"}
    await finance.does("安排运维经费", "POST", f"/maintenance/proposals/{found['id']}/arrange", arranged)
    await _confirmed_late(story, keeper)
    gone = {"on": "2026-06-01", "reason": "由全省平台替代", "data_handover": "移交市数据平台"}
    await story.as_(CITY, "unit").does("退出运行", "POST", "retire", gone, state="retired")
    story.tell()


async def _confirmed_late(story: Story, keeper: Person) -> None:
    """A confirmation that fails bars the money of the next year; passed later, it bars nothing and is not repeated."""
    crypto, data = story.as_(CITY, "crypto_organ"), story.as_(CITY, "data_office")
    await data.does("补办数据共享确认", "POST", "confirm-data", said.PASSED, articles=(30,))
    await data.refused(
        "再确认一次", "POST", "confirm-data", said.PASSED, "gate_shut", 30, gate="data_unconfirmed"
    )
    await crypto.does(
        "密码应用确认没有通过", "POST", "confirm-crypto", {"passed": False, "opinion": "未作评估"}
    )
    await keeper.refused(
        "确认没有通过仍提运维预算",
        "POST",
        "propose-maintenance",
        {**LINE, "year": 2026},
        "gate_shut",
        30,
        gate="crypto_not_barred",
    )
    await crypto.does("整改后确认通过", "POST", "confirm-crypto", said.PASSED)
    await keeper.does("补提本年度运维预算", "POST", "propose-maintenance", {**LINE, "year": 2026})


async def test_one_accepted_under_the_measures_is_confirmed_first(tools: Tools) -> None:
    story = Story("办法施行后验收而没有确认的系统：先补确认，再安排运维", tools, owner=(CITY, "unit"))
    story.on(date(2026, 6, 1))
    await imported(story, "p", NEWER)
    keeper, unit = story.as_(CITY, "gatekeeper"), story.as_(CITY, "unit")
    await keeper.refused(
        "未经确认就提运维预算", "POST", "propose-maintenance", LINE, "gate_shut", 30, gate="data_not_barred"
    )
    for who, verb in (("data_office", "confirm-data"), ("crypto_organ", "confirm-crypto")):
        await story.as_(CITY, who).does("补办确认", "POST", verb, said.PASSED)
    await keeper.does("提出运维预算建议", "POST", "propose-maintenance", LINE)
    gone = {"on": "2026-06-01", "reason": "由全省平台替代", "data_handover": "移交市数据平台"}
    await unit.refused("没有自评就退出", "POST", "retire", gone, "gate_shut", 40, gate="evaluation_not_owed")
    report = {
        "year": 2024,
        "goals": "目标完成",
        "serious_problems": False,
        "report": {
            "template": "build",
            "progress": "已建成",
            "investment_plan": "执行完毕",
            "trial_run": {"effects": "运行平稳", "problems": "无重大问题"},
        },
        "users": [{"unit": "市城管局", "opinion": "符合需要"}],
    }
    await story.due("performance_report", date(2023, 12, 31), "lapsed", article=27)
    body = {**report, "year": 2023}
    await unit.does("验收后补报年度绩效评价报告", "POST", "performance-reports", body, articles=(27,))
    await story.due("performance_report", date(2023, 12, 31), "done", article=27)
    story.tell()
