"""Infrastructure above the line, once it is approved: built, tried, accepted, evaluated, retired (arts 13, 24-40)."""

from __future__ import annotations

from datetime import date
from typing import Any

from service.measures.building import REGIMES
from tests.lives import said
from tests.lives.said import WATCHED
from tests.stories import chapters as c
from tests.stories.teller import Person, Story

CITY = "360100"
REPORT = {
    "year": 2027,
    "goals": "完成七成",
    "serious_problems": False,
    "report": {"template": "build", "progress": "完成七成", "investment_plan": "支付五百万元"},
    "users": [{"unit": "市城管局", "opinion": "进度正常"}],
    "supervisor": {"company": "某监理公司", "opinion": "质量合格"},
}


async def built(story: Story, owner: Person) -> None:
    """Arts 13, 24-27, 31, 33-35, 38."""
    story.on(date(2027, 5, 10))
    await _funded_and_watched(owner)
    future = c.contract("11000000.00", signed_on="2027-06-30")
    await owner.refused(
        "合同日期在未来", "POST", "contracts", future, "invalid_body", 24, pointer="/signed_on"
    )
    await owner.does("登记合同", "POST", "contracts", c.contract("11000000.00"), articles=(31,))
    story.on(date(2027, 6, 1))
    await c.started(story, owner)
    await story.due("start", date(2027, 10, 15), state="done")
    await _paid(owner)
    story.on(date(2027, 12, 20))
    await story.due("performance_report", date(2027, 12, 31), article=27)
    await owner.does("报送年度绩效评价报告", "POST", "performance-reports", REPORT, articles=(27,))
    await story.told("360000", "office", "delivery.performance_reported")
    await story.due("performance_report", date(2027, 12, 31), state="done")


async def _funded_and_watched(owner: Person) -> None:
    """Arts 24, 26, 33: regimes, sources of the money, supervision."""
    for regime in ("tendering", "contract", "security"):
        body = {"regime": regime, "set_up_on": "2027-05-10", "document": said.PAPER}
        await owner.does(f"建立{REGIMES[regime]}制度", "POST", "regimes", body, articles=(24,))
    lines = {
        "lines": [
            {"source": "provincial_fiscal", "amount_yuan": "9000000.00"},
            {"source": "city_fiscal", "amount_yuan": "3999999.00"},
        ]
    }
    await owner.refused(
        "资金来源不等于批复总额", "POST", "funding", lines, "invalid_body", 33, pointer="/lines"
    )
    lines["lines"][1]["amount_yuan"] = "4000000.00"
    await owner.does("登记资金来源", "POST", "funding", lines, articles=(33, 34, 35))
    watch = {
        "company": "某监理公司",
        "contract_number": "JL-01",
        "signed_on": "2027-05-10",
        "amount_yuan": "200000.00",
        "safety_responsibility": "监理负责现场安全",
        "document": said.PAPER,
    }
    await owner.does("委托监理", "POST", "supervision", watch, articles=(26,))


async def _paid(owner: Person) -> None:
    """Art. 38: within the budget, each voucher once."""
    await owner.refused(
        "支付超过预算",
        "POST",
        "payments",
        c.payment("GK-1", "13000000.01"),
        "invalid_body",
        38,
        pointer="/amount_yuan",
    )
    await owner.does("支付首付款", "POST", "payments", c.payment("GK-1", "5000000.00"), articles=(38,))
    await owner.refused(
        "同一凭证再次支付",
        "POST",
        "payments",
        c.payment("GK-1", "5000000.00"),
        "invalid_body",
        38,
        pointer="/treasury_document",
    )


def grade(year: int, until: int) -> dict[str, Any]:
    """A protection-level assessment of a year."""
    return {
        "kind": "protection_level",
        "number": f"DB-{year}",
        "issued_by": "某测评机构",
        "issued_on": f"{year}-03-01",
        "valid_to": f"{until}-03-01",
        "passed": True,
        "level": 3,
        "filing_number": "3601-01",
        "document": said.PAPER,
    }


async def tried(story: Story, owner: Person) -> None:
    """Arts 25, 30: six months, not a day less."""
    story.on(date(2028, 3, 1))
    begin = "begin-trial-run"
    await owner.refused(
        "试运行早于开工", "POST", begin, {"on": "2027-05-31"}, "invalid_body", 30, pointer="/on"
    )
    await owner.does("开始试运行", "POST", begin, {"on": "2028-03-01"}, state="trial_run", articles=(30,))
    await owner.does("登记等保测评", "POST", "certificates", grade(2028, 2029), articles=(25,))
    await story.due("certificate", date(2029, 3, 1), article=25)
    story.on(date(2028, 8, 31))
    await owner.refused(
        "试运行差一天就终验", "POST", "final-inspect", c.inspection(), "gate_shut", 30, gate="trial_run_over"
    )
    story.on(date(2028, 9, 1))
    await owner.does("组织终验", "POST", "final-inspect", c.inspection(), state="final_inspected")


async def accepted(story: Story, owner: Person, keeper: Person) -> None:
    """Arts 30, 32, 38: confirmed by the province's organs, accepted by the city, filed with the province."""
    story.on(date(2028, 9, 20))
    await _applied(owner)
    approver = story.as_(CITY, "approver")
    done = {
        "on": c.today(),
        "conclusion": "同意",
        "document_number": "验〔2028〕5号",
        "document_digest": said.DIGEST,
    }
    await approver.refused("未经确认先验收", "POST", "accept", done, "gate_shut", 30, gate="data_confirmed")
    city_data = story.as_(CITY, "data_office")
    await city_data.refused(
        "市数据局确认省批项目", "POST", "confirm-data", said.PASSED, "action_not_allowed", 11
    )
    await c.confirmed(story, c.PROVINCIAL)
    story.on(date(2028, 10, 9))
    await c.accepted(story, c.organs_of(CITY))
    await story.due("acceptance_filing", date(2028, 10, 19), article=32)
    await keeper.does("验收备案", "POST", "file-acceptance", {}, articles=(32,))
    await story.told("360000", "office", "acceptance.filed")
    await keeper.refused("重复验收备案", "POST", "file-acceptance", {}, "gate_shut", 32)
    await owner.does("支付尾款", "POST", "payments", c.payment("GK-2", "6000000.00"), articles=(38,))
    await _returned_what_was_left(story, owner)


async def _applied(owner: Person) -> None:
    """Art. 30: with every material."""
    lacking = {
        **said.APPLY,
        "materials": {k: v for k, v in said.MATERIALS.items() if k != "third_party_audit"},
    }
    await owner.refused(
        "缺第三方审计报告",
        "POST",
        "apply-acceptance",
        lacking,
        "invalid_body",
        30,
        pointer="/materials/third_party_audit",
    )
    await owner.does(
        "申请竣工验收",
        "POST",
        "apply-acceptance",
        said.APPLY,
        state="acceptance_applied",
        holder="city",
        articles=(30,),
    )


async def _returned_what_was_left(story: Story, owner: Person) -> None:
    """Art. 38: all of it, and not a fen more."""
    surplus = {"amount_yuan": "2000000.01", "returned_on": c.today(), "treasury_document": "GK-3"}
    await owner.refused(
        "结余多退一分", "POST", "return-surplus", surplus, "invalid_body", 38, pointer="/amount_yuan"
    )
    await story.due("surplus_return", article=38)
    await owner.does(
        "先退回一部分结余", "POST", "return-surplus", {**surplus, "amount_yuan": "500000.00"}, articles=(38,)
    )
    await story.due("surplus_return", article=38)
    await owner.does(
        "退回其余结余", "POST", "return-surplus", {**surplus, "amount_yuan": "1500000.00"}, articles=(38,)
    )
    money = (await owner.sees("building"))["money"]
    assert (money["issued_yuan"], money["paid_yuan"], money["returned_yuan"], money["returnable_yuan"]) == (
        "13000000.00",
        "11000000.00",
        "2000000.00",
        "0.00",
    )


async def evaluated(story: Story, owner: Person, keeper: Person) -> None:
    """Arts 3, 36, 37, 40: self-evaluation from six months after the later day, cards of the three, upkeep, the end."""
    story.on(date(2028, 11, 1))
    await owner.does("登记投入运行", "POST", "record-operation", {"on": "2028-11-01"}, articles=(40,))
    await story.due("self_evaluation", date(2029, 11, 1), article=40)
    story.on(date(2029, 4, 30))
    await owner.refused(
        "自评早一天", "POST", "evaluate", c.evaluation(), "gate_shut", 40, gate="evaluation_open"
    )
    story.on(date(2029, 5, 8))
    await owner.does("报送绩效自评", "POST", "evaluate", c.evaluation(), state="evaluated", articles=(40,))
    await c.judged(story, c.PROVINCIAL)
    story.on(date(2029, 8, 20))
    await story.due("maintenance_proposal", date(2029, 8, 31), article=36)
    wish = {
        "year": 2030,
        "amount_yuan": "600000.00",
        "workload": "两名驻场人员",
        "watch": {**WATCHED, "data_shared": False},
    }
    await keeper.refused("未共享数据不说明理由", "POST", "propose-maintenance", wish, "reason_required", 37)
    wish["watch"] = WATCHED
    await keeper.refused("等保测评已过期", "POST", "propose-maintenance", wish, "reason_required", 37)
    await owner.does("重新测评", "POST", "certificates", grade(2029, 2030), articles=(25,))
    await keeper.does("提出运维预算建议", "POST", "propose-maintenance", wish, articles=(36,))
    finance = story.as_(CITY, "finance")
    lines = (await finance.sees("/maintenance/proposals?limit=200"))["items"]
    line = next(each for each in lines if each["project_id"] == story.ids["p"])
    assert (line["score"], line["late"], line["findings"]) == ("80.00", False, [])
    arranged = {"arranged_yuan": "500000.00"}
    await finance.does("安排运维经费", "POST", f"/maintenance/proposals/{line['id']}/arrange", arranged)
    story.on(date(2032, 6, 1))
    bye = {"on": "2032-06-01", "reason": "改用全省云平台", "data_handover": "数据移交市数据局"}
    await keeper.refused("由把关部门代为退出", "POST", "retire", bye, "forbidden", 3, status=403)
    await owner.does("退出运行", "POST", "retire", bye, state="retired", articles=(3,))
    await owner.refused("退出后再登记", "POST", "contracts", c.contract("1.00"), "action_not_allowed", 13)
