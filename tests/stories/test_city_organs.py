"""A city's project below the line under the city's own organs, in a city that asks for the full set of its own steps:
appraisal, joint review, leading group (arts 5, 23; R5). Delegated acceptance, a change, a payment that came back."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests import factories
from tests.lives import said
from tests.lives.reviews import approval
from tests.stories import chapters as c
from tests.stories.teller import Person, Story, Tools

CITY = "360300"
OWN = c.organs_of(CITY)
APPROVED = "3900000.00"


async def test_a_project_below_the_line_under_the_citys_own_organs(tools: Tools) -> None:
    story = Story("设区市限额以下项目：本市机构依次评估、会审、审定", tools, owner=(CITY, "unit"))
    owner, keeper = story.as_(CITY, "unit"), story.as_(CITY, "gatekeeper")
    await _city_rules(story, keeper)
    await _declared(story, owner, keeper)
    await _reviewed(story, owner, keeper)
    await _filed(story, keeper)
    await _built(story, owner)
    await _delegated(story, owner)
    await _evaluated(story, owner)
    story.tell()


async def _city_rules(story: Story, keeper: Person) -> None:
    """Art. 5: the city binds itself; it sees the effect first."""
    story.on(date(2026, 1, 20))
    value = {"key": "review.city_steps", "value": "full", "effective_from": "2026-01-20"}
    seen = (await keeper.call("POST", "/rulebook/overlays/preview", value)).json()
    body = {**value, "reason": "本市统一做法", "expected_version": seen["rulebook_version"]}
    await story.as_(CITY, "unit").refused(
        "由项目单位设置", "POST", "/rulebook/overlays", body, "forbidden", 5, status=403
    )
    await keeper.does("本市规定批复前三道环节", "POST", "/rulebook/overlays", body)


async def _declared(story: Story, owner: Person, keeper: Person) -> None:
    """Arts 9, 15, 17, 23: no need below the line; refused reasons send it back."""
    story.on(date(2026, 2, 2))
    facts = {"negative": {**factories.NEGATIVE, "off_cloud": True}}
    body = c.declaration("城管智能派单系统", CITY, "unit", **facts)
    await owner.does("起草申报", "POST", "/projects", body, new="p", state="draft", holder="owner")
    await owner.refused("限额以下报送需求", "POST", "need/submit", {}, "action_not_allowed", 9)
    await owner.refused("负面情形不说明理由", "POST", "submit", {}, "reason_required", 17)
    codes = await c.reasoned(story, owner)
    why = said.because(*codes)
    await owner.does("说明理由后提交", "POST", "submit", why, state="submitted", holder="city")
    refused = {"opinions": [{"code": code, "accepted": False} for code in codes]}
    await keeper.refused("不认可理由仍予通过", "POST", "gatekeeping/pass", refused, "reason_refused")
    sent_back = {"reason": "请迁移上云", **refused}
    await keeper.does(
        "统筹把关退回", "POST", "gatekeeping/return", sent_back, state="returned", holder="owner"
    )
    await story.told(CITY, "unit", "project.returned", "请迁移上云")
    case = await story.case()
    cloud = {"facts": {**case["facts"], "negative": factories.NEGATIVE}}
    story.on(date(2026, 2, 16))
    await owner.does("改为上云方案", "PATCH", "/projects/{p}", cloud)
    await c.submitted(story, owner)
    await c.gatekept(story)


async def _reviewed(story: Story, owner: Person, keeper: Person) -> None:
    """Arts 5, 18-20: what the province's organs are for the province, the city's are for the city."""
    approver = await _refused_unreviewed(story, keeper)
    story.on(date(2026, 3, 2))
    await c.appraised(story, OWN)
    await approver.refused(
        "未经会审先批复", "POST", "approve", approval(APPROVED), "gate_shut", 18, gate="city_review_done"
    )
    await c.jointly_reviewed(story, OWN, APPROVED)
    secretary = story.as_(CITY, "leading_group_secretary")
    story.on(date(2026, 3, 20))
    await secretary.does(
        "登记本市领导小组审定",
        "POST",
        "leading-group",
        c.meeting(),
        state="leading_group_decided",
        holder="city",
    )
    dated = approval(APPROVED, document_date="2026-03-19")
    await approver.refused(
        "批复早于审定", "POST", "approve", dated, "invalid_body", 20, pointer="/document_date"
    )
    story.on(date(2026, 3, 25))
    await approver.refused("批复成限额以上", "POST", "approve", approval("5300000.00"), "route_changed")
    await approver.does(
        "市级批复", "POST", "approve", approval(APPROVED), state="city_approved", articles=(5, 20, 23)
    )


async def _refused_unreviewed(story: Story, keeper: Person) -> Any:
    """Not before the appraisal of the city itself, and not by the province."""
    approver = story.as_(CITY, "approver")
    await approver.refused(
        "未经本市评估先批复",
        "POST",
        "approve",
        approval(APPROVED),
        "gate_shut",
        18,
        gate="city_review_done",
    )
    await keeper.refused(
        "未经评估先会审", "POST", "joint-review", {}, "gate_shut", 18, gate="appraisal_passed"
    )
    office = story.province("office")
    await office.refused(
        "省里委托评估市里项目", "POST", "appraisals", c.commission(c.PROVINCIAL), "action_not_allowed", 18
    )
    return approver


async def _filed(story: Story, keeper: Person) -> None:
    """Art. 23: filing follows approval; the province asks and cannot reject."""
    await story.due("filing", date(2026, 4, 4), article=23)
    story.on(date(2026, 3, 30))
    await keeper.does(
        "报省领导小组办公室备案", "POST", "file", {}, state="filed", holder="owner", articles=(23,)
    )
    await story.told("360000", "office", "filing.filed", "城管智能派单系统")
    await story.due("filing", date(2026, 4, 4), state="done")
    office = story.province("office")
    await office.refused(
        "省里退回已备案项目", "POST", "province-return", {"reason": "不同意"}, "action_not_allowed", 18
    )
    filing = (await office.sees("/filings?limit=200"))["items"]
    mine = next(each for each in filing if each["project_id"] == story.ids["p"])
    asked = await office.does(
        "备案询问", "POST", f"/filings/{mine['id']}/queries", {"question": "如何对接省平台？"}
    )
    await story.due("filing_query", date(2026, 4, 9), article=39)
    answer = {"answer": "接入省共享交换平台"}
    await keeper.does("答复询问", "POST", f"/filings/{mine['id']}/queries/{asked['id']}/answer", answer)
    await story.due("filing_query", date(2026, 4, 9), state="done")


async def _built(story: Story, owner: Person) -> None:
    """Arts 5, 13, 28, 34, 38: the city's treasury; a change decides the route again."""
    story.on(date(2026, 4, 20))
    finance = story.as_(CITY, "finance")
    await owner.refused(
        "未下预算先支付",
        "POST",
        "payments",
        c.payment("GK-1", "1000.00"),
        "gate_shut",
        38,
        gate="within_budget",
    )
    provincial = c.budget(("city", APPROVED))
    await story.province("finance").refused(
        "省财政下达市里项目预算", "POST", "budget", provincial, "action_not_allowed"
    )
    await finance.does("下达预算", "POST", "budget", c.budget(("city", APPROVED)), state="filed")
    await c.started(story, owner)
    await owner.does("支付首付款", "POST", "payments", c.payment("GK-1", "1000000.00"))
    paid = (await owner.sees("/projects/{p}/records?kind=record_payment"))["items"][0]["id"]
    back = {
        "payment": paid,
        "reversed_on": "2026-04-20",
        "treasury_document": "GK-2",
        "reason": "户名有误退回",
    }
    await owner.does("支付退回", "POST", "payment-reversals", back, articles=(38,))
    await owner.refused("同一笔再次冲回", "POST", "payment-reversals", back, "gate_shut", 38, gate="paid")
    await owner.does("重新支付", "POST", "payments", c.payment("GK-3", "3900000.00"))
    await _late(story, owner)
    await _changed(story, owner)


async def _late(story: Story, owner: Person) -> None:
    """Art. 28: a serious delay is reported."""
    late = {
        "kind": "schedule_overrun",
        "occurred_on": "2026-04-20",
        "description": "供货延误",
        "measures": "更换批次",
        "planned_finish": "2026-06-30",
        "expected_finish": "2026-05-30",
    }
    await owner.refused(
        "预计完工早于原定", "POST", "incidents", late, "invalid_body", 28, pointer="/expected_finish"
    )
    await owner.does(
        "报告严重逾期", "POST", "incidents", {**late, "expected_finish": "2026-09-30"}, articles=(28,)
    )
    await story.told(CITY, "gatekeeper", "delivery.incident_reported")


async def _changed(story: Story, owner: Person) -> None:
    """law.md, trap 2: what would make it the province's is not changed on the quiet."""
    approver = story.as_(CITY, "approver")
    more = {
        "reason": "扩大范围",
        "facts": {"investment_yuan": "5300000.00"},
        "funding": [{"source": "city_fiscal", "amount_yuan": "5300000.00"}],
    }
    await owner.does("申请扩大总额", "POST", "changes", more, articles=(13,))
    await story.due("change_decision", date(2026, 5, 5), article=13)
    path = "changes/decide"
    decided = {
        "approve": True,
        "document": {"number": "发改〔2026〕60号", "date": "2026-04-20", "digest": said.DIGEST},
    }
    await approver.refused(
        "市里同意变成省级项目", "POST", path, {**decided, "appraisal": said.PAPER}, "route_changed"
    )
    await approver.does(
        "不同意扩大", "POST", path, {"approve": False, "reason": "达到限额，须另行申报"}, state="started"
    )
    plan = {"reason": "改用全省统一认证", "content": {"technical_plan": "依托政务云，统一认证"}}
    await owner.does("申请变更技术方案", "POST", "changes", plan, articles=(13,))
    await approver.refused(
        "评估过的项目变更未评估", "POST", path, decided, "invalid_body", 18, pointer="/appraisal"
    )
    await approver.does("同意变更", "POST", path, {**decided, "appraisal": said.PAPER}, state="started")


async def _delegated(story: Story, owner: Person) -> None:
    """Arts 30, 32: written extension; the owner runs the acceptance and reports to all three."""
    story.on(date(2026, 7, 1))
    await owner.does("开始试运行", "POST", "begin-trial-run", {"on": "2026-07-01"}, state="trial_run")
    story.on(date(2027, 1, 4))
    await owner.does("组织终验", "POST", "final-inspect", c.inspection(), state="final_inspected")
    approver = await _extended(story, owner)
    story.on(date(2027, 3, 20))
    bad = {**said.PASSED, "passed": False}
    crypto = story.as_(CITY, "crypto_organ")
    await crypto.does("密码应用确认不通过", "POST", "confirm-crypto", bad, articles=(30,))
    await story.as_(CITY, "data_office").does("确认数据共享", "POST", "confirm-data", said.PASSED)
    await owner.does(
        "申请竣工验收", "POST", "apply-acceptance", said.APPLY, state="acceptance_applied", holder="city"
    )
    terms = {"to": "市信息中心", "terms": "完成后报告三家"}
    await approver.does(
        "委托竣工验收", "POST", "delegate-acceptance", terms, state="acceptance_delegated", holder="owner"
    )
    done: dict[str, Any] = {"on": "2027-03-20", "conclusion": "同意通过", "report": said.PAPER}
    await owner.refused(
        "确认未通过先报告验收", "POST", "report-delegated", done, "gate_shut", 30, gate="crypto_confirmed"
    )
    await crypto.does("整改后确认通过", "POST", "confirm-crypto", said.PASSED)
    await owner.does("报告委托验收", "POST", "report-delegated", done, state="accepted", articles=(30, 32))
    await story.told(CITY, "finance", "acceptance.reported")
    keeper = story.as_(CITY, "gatekeeper")
    await keeper.refused("限额以下报验收备案", "POST", "file-acceptance", {}, "action_not_allowed", 32)


async def _extended(story: Story, owner: Person) -> Any:
    """Art. 30: asked for in writing, answered by the approver, no longer than asked."""
    past = {"reason": "测评报告未出具", "until": "2027-01-04"}
    await owner.refused("延期到当天", "POST", "request-extension", past, "invalid_body", 30, pointer="/until")
    await owner.does(
        "书面申请延期", "POST", "request-extension", {**past, "until": "2027-03-31"}, articles=(30,)
    )
    approver = story.as_(CITY, "approver")
    await story.told(CITY, "approver", "acceptance.extension_requested", "2027-03-31")
    await story.due("acceptance_application", date(2027, 2, 3))
    mine = {"approve": True, "opinion": "自行同意"}
    await owner.refused("项目单位自行同意", "POST", "decide-extension", mine, "forbidden", 30, status=403)
    longer = {"approve": True, "until": "2027-04-01", "opinion": "同意"}
    await approver.refused(
        "同意得比申请的还久", "POST", "decide-extension", longer, "invalid_body", 30, pointer="/until"
    )
    await approver.does(
        "同意延期", "POST", "decide-extension", {**longer, "until": "2027-03-31"}, articles=(30,)
    )
    await approver.refused(
        "再答复一次", "POST", "decide-extension", mine, "gate_shut", 30, gate="extension_asked"
    )
    await story.told(CITY, "unit", "acceptance.extension_decided", "2027-03-31")
    await story.due("acceptance_application", date(2027, 3, 31))
    return approver


async def _evaluated(story: Story, owner: Person) -> None:
    """Art. 40: counted from the later of acceptance and operation; late is taken and marked."""
    story.on(date(2027, 4, 1))
    await owner.does("登记投入运行", "POST", "record-operation", {"on": "2027-04-01"})
    story.on(date(2028, 4, 3))
    await story.due("self_evaluation", date(2028, 4, 1), state="lapsed", article=40)
    told = await owner.does(
        "逾期报送自评", "POST", "evaluate", c.evaluation(), state="evaluated", articles=(40,)
    )
    assert told["dated"]["evaluated"]["late"] is True
    drc = story.province("drc")
    await drc.refused("省里评价市里项目", "POST", "score", said.SCORE, "action_not_allowed", 40)
    await c.judged(story, OWN)
