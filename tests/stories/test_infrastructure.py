"""A city's infrastructure project above the line, from the June need to its retirement: the province reviews and
funds it together with the city, the city accepts it and files the acceptance (arts 8, 9, 13-20, 23-34, 36-40)."""

from __future__ import annotations

from datetime import date
from typing import Any

from service.measures.building import REGIMES
from tests.stories import chapters as c
from tests.stories.teller import Person, Story, Tools

CITY = "360100"
KINDS = ["new", "rebuild", "expand", "migrate", "maintain"]
ROUND = {
    "year": 2026,
    "document_number": "赣府厅字〔2026〕8号",
    "document_date": "2026-02-02",
    "opens": "2026-02-10",
    "issued_by": ["general_office", "drc", "finance"],
    "kinds": KINDS,
    "requirements": "围绕三年规划提出需求。",
}
REPORT = {
    "year": 2027,
    "goals": "完成七成",
    "serious_problems": False,
    "report": {"template": "build", "progress": "完成七成", "investment_plan": "支付五百万元"},
    "users": [{"unit": "市城管局", "opinion": "进度正常"}],
    "supervisor": {"company": "某监理公司", "opinion": "质量合格"},
}


async def test_an_infrastructure_project_above_the_line(tools: Tools) -> None:
    story = Story("设区市基础设施项目：从六月需求到退出", tools, owner=(CITY, "unit"))
    owner, keeper = story.as_(CITY, "unit"), story.as_(CITY, "gatekeeper")
    await _need(story, owner, keeper)
    await _library(story, owner)
    await _declared(story, owner, keeper)
    await _reviewed(story, owner, keeper)
    await _funded(story)
    await _built(story, owner)
    await _tried(story, owner)
    await _accepted(story, owner, keeper)
    await _evaluated(story, owner, keeper)
    story.tell()


async def _need(story: Story, owner: Person, keeper: Person) -> None:
    """Arts 8, 9, 14: announced by three organs, reported by the city by the end of June."""
    office = story.province("office")
    story.on(date(2026, 2, 2))
    late = {**ROUND, "closes": "2026-07-15"}
    await office.refused(
        "征集截止日晚于六月底", "POST", "/intake-rounds", late, "invalid_body", 8, pointer="/closes"
    )
    await office.does("发布年度申报通知", "POST", "/intake-rounds", ROUND)

    story.on(date(2026, 3, 10))
    facts = {"project_class": "infrastructure", "investment_yuan": "12000000.00"}
    body = c.declaration("市级政务云扩容", CITY, "unit", **facts)
    await owner.does("起草需求", "POST", "/needs", body, new="p", state="need_draft")
    await owner.does(
        "标注重点支持", "POST", "priority", {"item": 3, "evidence": "整合八套分散系统"}, articles=(16,)
    )
    await story.due("need_report", date(2026, 6, 30), article=9)
    await owner.refused(
        "未申报先开工", "POST", "start", {"started_on": "2026-03-10"}, "action_not_allowed", 13
    )
    story.on(date(2026, 5, 20))
    await owner.does("提交需求", "POST", "need/submit", {}, state="need_submitted", holder="city")
    await story.told(CITY, "gatekeeper", "need.submitted", "市级政务云扩容")
    await keeper.refused("未把关先报送", "POST", "need/report", {}, "action_not_allowed", 9)
    story.on(date(2026, 6, 12))
    await keeper.does("需求统筹把关", "POST", "need/gatekeep", {}, articles=(9,))
    await keeper.does("报送需求", "POST", "need/report", {}, state="need_reported", holder="province")
    await story.told("360000", "office", "need.reported", "市级政务云扩容")


async def _library(story: Story, owner: Person) -> None:
    """Arts 8, 9, 18; R6: appraised first, then in the library for two years."""
    office = story.province("office")
    story.on(date(2026, 7, 6))
    await office.refused("未评估先入库", "POST", "library/enter", {}, "action_not_allowed", 8)
    await c.appraised(story, c.PROVINCIAL, state="appraised")
    story.on(date(2026, 8, 3))
    entered = await office.does(
        "纳入重点项目库", "POST", "library/enter", {}, state="in_library", articles=(8, 9)
    )
    assert entered["entry"]["valid_until"] == "2028-08-03"
    await story.due("library_expiry", date(2028, 8, 2))
    await story.told(CITY, "unit", "library.entered", "2028-08-03")


async def _declared(story: Story, owner: Person, keeper: Person) -> None:
    """Arts 13-15, 23: the amount has grown since the appraisal; the city passes it on."""
    story.on(date(2027, 2, 15))
    case = await story.case()
    facts = {**case["facts"], "investment_yuan": "13500000.00"}
    await owner.does("按扩大的方案修改", "PATCH", "/projects/{p}", {"facts": facts})
    reasons = await c.answered(story, owner)
    await owner.refused("资金来源与投资不符", "POST", "submit", reasons, "invalid_body", 15)
    materials = {
        **case["materials"],
        "funding": [
            {"source": "省级财政", "amount_yuan": "9500000.00"},
            {"source": "市级财政", "amount_yuan": "4000000.00"},
        ],
    }
    sent = {**reasons, "materials": materials}
    await owner.does(
        "提交申报", "POST", "submit", sent, state="submitted", holder="city", articles=(13, 14, 15)
    )
    drc = story.province("drc")
    await drc.refused(
        "尚未报省就批复", "POST", "province-approve", c.approval("13000000.00"), "action_not_allowed", 18
    )
    passed = c.accepting(reasons)
    await keeper.does("统筹把关通过", "POST", "gatekeeping/pass", passed, state="gatekept", articles=(9, 23))
    approver = story.as_(CITY, "approver")
    await approver.refused(
        "限额以上由市里批复", "POST", "approve", c.approval("13000000.00"), "action_not_allowed", 5
    )
    await keeper.does("报省级论证评估", "POST", "hand-over", {}, state="with_province", holder="province")


async def _reviewed(story: Story, owner: Person, keeper: Person) -> None:
    """Arts 18-20: no joint review without an appraisal of this very text; no approval without the leading group."""
    p, office = c.PROVINCIAL, story.province("office")
    story.on(date(2027, 3, 1))
    await office.refused(
        "金额变化后未重新评估",
        "POST",
        "joint-review",
        {"invited": []},
        "gate_shut",
        18,
        gate="appraisal_passed",
    )
    await c.appraised(story, p)
    await owner.refused(
        "已经论证评估后撤回", "POST", "withdraw", {"reason": "不建了"}, "gate_shut", 18, gate="not_appraised"
    )
    story.on(date(2027, 3, 22))
    await c.jointly_reviewed(story, p, "13200000.00")
    secretary = story.province("leading_group_secretary")
    early = c.meeting(on="2027-03-20")
    await secretary.refused(
        "会议早于会审", "POST", "leading-group", early, "invalid_body", 19, pointer="/meeting_date"
    )
    drc = story.province("drc")
    await drc.refused(
        "未经审定先批复", "POST", "province-approve", c.approval("13000000.00"), "action_not_allowed", 18
    )
    story.on(date(2027, 4, 8))
    await secretary.does(
        "登记领导小组审定", "POST", "leading-group", c.meeting(), state="leading_group_decided"
    )
    await keeper.refused(
        "市里替省里批复", "POST", "province-approve", c.approval("13000000.00"), "forbidden", 20, status=403
    )
    story.on(date(2027, 4, 15))
    over = c.approval("13600000.00")
    await drc.refused(
        "批复超过评估金额",
        "POST",
        "province-approve",
        over,
        "invalid_body",
        18,
        pointer="/approved_amount_yuan",
    )
    await drc.does(
        "省级批复",
        "POST",
        "province-approve",
        c.approval("13000000.00"),
        state="approved",
        holder="owner",
        articles=(18, 20),
    )
    for desk in ("finance", "office", "crypto_organ", "data_office"):
        await story.told("360000", desk, "review.approved", "13000000.00")
    await story.due("start", date(2027, 10, 15), article=29)


async def _funded(story: Story) -> None:
    """Arts 9, 20, 34: each tier's treasury its own money, and none before the assessment is passed."""
    province, city = story.province("finance"), story.as_(CITY, "finance")
    path = "budget"
    story.on(date(2027, 4, 20))
    await province.does("认定重大政府投资", "POST", "affordability", {"major": True}, articles=(9,))
    await province.refused(
        "未评估先下预算",
        "POST",
        path,
        c.budget(("provincial", "9000000.00")),
        "gate_shut",
        9,
        gate="affordable",
    )
    assessed = {
        "major": True,
        "passed": True,
        "assessed_on": "2027-04-20",
        "assessor": "省财政厅",
        "document": c.PAPER,
    }
    await province.does("财政承受能力评估通过", "POST", "affordability", assessed, articles=(9,))
    await province.refused(
        "省财政下达市级资金", "POST", path, c.budget(("city", "4000000.00")), "wrong_source", 34
    )
    early = c.budget(("provincial", "9000000.00"), on="2027-04-14")
    await province.refused("预算早于批复", "POST", path, early, "invalid_body", 20, pointer="/document/date")
    await province.does(
        "下达省级预算", "POST", path, c.budget(("provincial", "9000000.00")), state="approved"
    )
    await city.refused(
        "超过批复金额", "POST", path, c.budget(("city", "4000000.01")), "invalid_body", 20, pointer="/lines"
    )
    await city.does(
        "下达市级配套", "POST", path, c.budget(("city", "4000000.00")), state="budgeted", holder="owner"
    )


async def _built(story: Story, owner: Person) -> None:
    """Arts 13, 24-27, 31, 33-35, 38."""
    story.on(date(2027, 5, 10))
    for regime in ("tendering", "contract", "security"):
        body = {"regime": regime, "set_up_on": "2027-05-10", "document": c.PAPER}
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
        "document": c.PAPER,
    }
    await owner.does("委托监理", "POST", "supervision", watch, articles=(26,))
    future = c.contract("11000000.00", signed_on="2027-06-30")
    await owner.refused(
        "合同日期在未来", "POST", "contracts", future, "invalid_body", 24, pointer="/signed_on"
    )
    await owner.does("登记合同", "POST", "contracts", c.contract("11000000.00"), articles=(31,))
    story.on(date(2027, 6, 1))
    await c.started(story, owner)
    await story.due("start", date(2027, 10, 15), state="done")
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
    story.on(date(2027, 12, 20))
    await story.due("performance_report", date(2027, 12, 31), article=27)
    await owner.does("报送年度绩效评价报告", "POST", "performance-reports", REPORT, articles=(27,))
    await story.told("360000", "office", "delivery.performance_reported")
    await story.due("performance_report", date(2027, 12, 31), state="done")


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
        "document": c.PAPER,
    }


async def _tried(story: Story, owner: Person) -> None:
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


async def _accepted(story: Story, owner: Person, keeper: Person) -> None:
    """Arts 30, 32, 38: confirmed by the province's organs, accepted by the city, filed with the province."""
    story.on(date(2028, 9, 20))
    lacking = {
        **c.APPLICATION,
        "materials": {k: v for k, v in c.MATERIALS.items() if k != "third_party_audit"},
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
        c.APPLICATION,
        state="acceptance_applied",
        holder="city",
        articles=(30,),
    )
    approver = story.as_(CITY, "approver")
    done = {"on": c.today(), "conclusion": "同意", "document_number": "验〔2028〕5号", "document_digest": c.D}
    await approver.refused("未经确认先验收", "POST", "accept", done, "gate_shut", 30, gate="data_confirmed")
    city_data = story.as_(CITY, "data_office")
    await city_data.refused(
        "市数据局确认省批项目", "POST", "confirm-data", c.PASSED, "action_not_allowed", 11
    )
    await c.confirmed(story, c.PROVINCIAL)
    story.on(date(2028, 10, 9))
    await c.accepted(story, c.organs_of(CITY))
    await story.due("acceptance_filing", date(2028, 10, 19), article=32)
    await keeper.does("验收备案", "POST", "file-acceptance", {}, articles=(32,))
    await story.told("360000", "office", "acceptance.filed")
    await keeper.refused("重复验收备案", "POST", "file-acceptance", {}, "gate_shut", 32)
    await owner.does("支付尾款", "POST", "payments", c.payment("GK-2", "6000000.00"), articles=(38,))
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


async def _evaluated(story: Story, owner: Person, keeper: Person) -> None:
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
        "watch": {**c.WATCHED, "data_shared": False},
    }
    await keeper.refused("未共享数据不说明理由", "POST", "propose-maintenance", wish, "reason_required", 37)
    wish["watch"] = c.WATCHED
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
