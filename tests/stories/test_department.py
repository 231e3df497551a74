"""A provincial department's priority project: on an item of the three-year plan, into a reopened round, returned once
by the province, civil works left to their own procedures, accepted by three organs (arts 7, 8, 10, 14, 16, 18-21)."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.lives import said
from tests.lives.reviews import approval
from tests.stories import chapters as c
from tests.stories.teller import PROVINCE, Person, Story, Tools

ITEM = {
    "key": "A-01",
    "title": "省级政务大模型平台",
    "owner": "省信息中心",
    "project_class": "infrastructure",
    "estimated_yuan": "30000000.00",
    "years": [2027, 2028],
    "alignment": "对应国家政务信息化规划",
}
ROUND = {
    "year": 2027,
    "document_number": "赣府厅字〔2027〕8号",
    "document_date": "2027-01-10",
    "opens": "2027-02-01",
    "closes": "2027-05-31",
    "issued_by": ["general_office", "drc", "finance"],
    "kinds": ["new", "rebuild", "expand", "maintain"],
    "requirements": "围绕三年规划提出需求。",
}
AMOUNT = "28000000.00"


async def test_a_departments_priority_project(tools: Tools) -> None:
    story = Story(
        "省直部门重点项目：规划条目、重新开放的征集、退回一次、三家验收",
        tools,
        owner=(PROVINCE, "department"),
    )
    owner = story.province("department")
    plan = await _planned(story, owner)
    await _need(story, owner, plan)
    await _library(story, owner)
    reasons = await _returned_once(story, owner)
    await _approved(story, owner, reasons)
    await _delivered(story, owner)
    await _accepted(story, owner)
    story.tell()


async def _planned(story: Story, owner: Person) -> str:
    """Art. 7: drafted and assessed by the organs, adopted by the leading group."""
    office, secretary = story.province("office"), story.province("leading_group_secretary")
    story.on(date(2027, 1, 10))
    body = {"title": "江西省数字化项目三年规划", "first_year": 2027, "items": [ITEM]}
    bad = {**body, "items": [{**ITEM, "years": [2031]}]}
    await office.refused(
        "条目年度超出规划期", "POST", "/plans", bad, "invalid_body", 7, pointer="/items/0/years"
    )
    plan = str((await office.does("编制三年规划", "POST", "/plans", body))["id"])
    adopt = {"decision": "adopt", "number": "赣数领〔2027〕1号", "on": "2027-01-10"}
    await secretary.refused("未论证先审定", "POST", f"/plans/{plan}/decide", adopt, "action_not_allowed", 7)
    assessed = {"on": "2027-01-10", "note": "专家论证通过", "passed": True}
    await office.does("登记规划论证", "POST", f"/plans/{plan}/assess", assessed)
    await office.refused(
        "办公室自行审定规划", "POST", f"/plans/{plan}/decide", adopt, "forbidden", 7, status=403
    )
    await secretary.does("领导小组审定规划", "POST", f"/plans/{plan}/decide", adopt)
    await office.does("发布年度申报通知", "POST", "/intake-rounds", ROUND)
    return plan


async def _need(story: Story, owner: Person, plan: str) -> None:
    """Arts 8, 14, 16; law.md, trap 6: late needs come in when the organs reopen the round, which is practice."""
    story.on(date(2027, 3, 1))
    facts = {"project_class": "infrastructure", "investment_yuan": AMOUNT}
    body = c.declaration("省级政务大模型平台", PROVINCE, "department", **facts)
    await owner.does("起草需求", "POST", "/needs", body, new="p", state="need_draft")
    await story.due("need_report", date(2027, 6, 30), article=8)
    tag: dict[str, Any] = {"item": 2, "evidence": "省委重点工作部署"}
    await owner.refused(
        "重点支持没有文号", "POST", "priority", tag, "invalid_body", 16, pointer="/document_number"
    )
    await owner.does(
        "标注重点支持", "POST", "priority", {**tag, "document_number": "赣发〔2027〕3号"}, articles=(16,)
    )
    link = {"plan": plan, "item": "A-02"}
    await owner.refused("规划中没有的条目", "POST", "plan-item", link, "invalid_body", 7, pointer="/item")
    await owner.does("对应规划条目", "POST", "plan-item", {**link, "item": "A-01"}, articles=(7, 10))
    story.on(date(2027, 6, 10))
    await owner.refused("截止后报送需求", "POST", "need/report", {}, "intake_closed", 8)
    office = story.province("office")
    rounds = (await office.sees("/intake-rounds?year=2027"))["items"][0]
    reopen = {"until": "2027-06-30", "reason": "统筹年中重点任务"}
    path = f"/intake-rounds/{rounds['id']}/reopen"
    answer = await office.call("POST", path, {**reopen, "until": "2028-01-31"}, etag=f'"{rounds["version"]}"')
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/until")
    answer = await office.call("POST", path, reopen, etag=f'"{rounds["version"]}"')
    assert answer.status_code == 200, answer.text
    await owner.does(
        "报送需求", "POST", "need/report", {}, state="need_reported", holder="province", articles=(8,)
    )
    assert (await story.case())["dated"]["need_reported"]["basis"] == "reopened"


async def _library(story: Story, owner: Person) -> None:
    """Arts 8, 18: a first appraisal asks for changes; the need goes back and comes again."""
    office = story.province("office")
    story.on(date(2027, 6, 15))
    await c.appraised(story, c.PROVINCIAL, verdict="revise", state="need_reported")
    await office.refused("修改后再评的先入库", "POST", "library/enter", {}, "action_not_allowed", 8)
    await office.does(
        "省级退回需求",
        "POST",
        "need/reject",
        {"reason": "补充数据共享方案"},
        state="need_returned",
        holder="owner",
    )
    await story.told(PROVINCE, "department", "need.rejected", "补充数据共享方案")
    case = await story.case()
    materials = {**case["materials"], "technical_plan": "依托政务云，全部接入省共享交换平台"}
    await owner.does("补充方案", "PATCH", "/projects/{p}", {"materials": materials})
    await owner.does("再次报送", "POST", "need/report", {}, state="need_reported")
    await c.appraised(story, c.PROVINCIAL, state="appraised")
    entered = await office.does("纳入重点项目库", "POST", "library/enter", {}, state="in_library")
    assert (entered["entry"]["in_plan"], entered["entry"]["priority"]) == (True, [2])


async def _returned_once(story: Story, owner: Person) -> list[str]:
    """Arts 13-15, 19; R9: one appraisal serves need and declaration; a return gives the pen back."""
    story.on(date(2027, 9, 1))
    codes = await c.reasoned(story, owner)
    reasons = said.because(*codes)
    await owner.does("提交申报", "POST", "submit", reasons, state="with_province", holder="province")
    office = story.province("office")
    await office.does(
        "省级退回", "POST", "province-return", {"reason": "核对投资构成"}, state="returned", holder="owner"
    )
    await office.refused("退回后发起会审", "POST", "joint-review", {}, "action_not_allowed", 18)
    await owner.does("再次提交", "POST", "submit", reasons, state="with_province", holder="province")
    return codes


async def _approved(story: Story, owner: Person, codes: list[str]) -> None:
    """Arts 18-21: no second appraisal; new civil works keep their own procedures."""
    await c.jointly_reviewed(story, c.PROVINCIAL, AMOUNT, ("info_centre",), said.accepting(*codes))
    secretary, drc = story.province("leading_group_secretary"), story.province("drc")
    story.on(date(2027, 9, 20))
    await secretary.does(
        "登记领导小组审定", "POST", "leading-group", c.meeting(), state="leading_group_decided"
    )
    works = {"civil_works": True}
    path = "province-approve"
    await drc.refused(
        "有土建不列手续", "POST", path, approval(AMOUNT, **works), "invalid_body", 21, pointer="/procedures"
    )
    lists = {"procedures": ["site_selection"]}
    await drc.refused(
        "无土建列手续", "POST", path, approval(AMOUNT, **lists), "invalid_body", 21, pointer="/procedures"
    )
    await drc.does(
        "省级批复",
        "POST",
        path,
        approval(AMOUNT, **works, **lists),
        state="approved",
        holder="owner",
        articles=(18, 20),
    )
    await story.told(PROVINCE, "info_centre", "review.approved", "规划选址")
    finance = story.province("finance")
    await finance.refused(
        "省直项目列市级资金", "POST", "budget", c.budget(("city", "1.00")), "wrong_source", 34
    )
    await finance.does("下达预算", "POST", "budget", c.budget(("provincial", AMOUNT)), state="budgeted")


async def _delivered(story: Story, owner: Person) -> None:
    """Arts 13, 24, 30, 31: an early contract is recorded as it was and stays a finding (art. 39)."""
    story.on(date(2027, 10, 11))
    early = c.contract("27000000.00", signed_on="2027-09-15", ownership_clause=None)
    told = await owner.does("登记早于批复的合同", "POST", "contracts", early, articles=(13,))
    found = {each["code"] for each in told["findings"]}
    assert {"contract_before_approval", "ownership_clause_missing"} <= found
    await c.started(story, owner)
    story.on(date(2028, 2, 29))
    await owner.does("开始试运行", "POST", "begin-trial-run", {"on": "2028-02-29"}, state="trial_run")
    await story.due("trial_run", date(2028, 8, 29), article=30)
    story.on(date(2028, 8, 29))
    await owner.does("组织终验", "POST", "final-inspect", c.inspection(), state="final_inspected")


async def _accepted(story: Story, owner: Person) -> None:
    """Arts 30, 32, 40: 省发展改革委 with the two others; a disagreeing organ shuts the gate."""
    p, path = c.PROVINCIAL, "give-acceptance-opinion"
    await c.confirmed(story, p)
    await owner.does(
        "申请竣工验收",
        "POST",
        "apply-acceptance",
        said.APPLY,
        state="acceptance_applied",
        holder="province",
    )
    finance, drc, done = await _disagreed_once(story, owner, path)
    await finance.does("省财政厅同意", "POST", path, said.YES)
    await drc.refused("上一轮意见不带入", "POST", "accept", done, "gate_shut", 32, gate="acceptance_agreed")
    await story.province("office").does("省政府办公厅同意", "POST", path, said.YES)
    await drc.refused(
        "验收早于申请", "POST", "accept", {**done, "on": "2028-09-19"}, "invalid_body", 32, pointer="/on"
    )
    await drc.does(
        "竣工验收",
        "POST",
        "accept",
        {**done, "on": "2028-09-20"},
        state="accepted",
        holder="owner",
        articles=(32,),
    )
    await owner.does("登记投入运行", "POST", "record-operation", {"on": "2028-09-20"})
    story.on(date(2029, 3, 20))
    await owner.does("报送绩效自评", "POST", "evaluate", c.evaluation(), state="evaluated", articles=(40,))
    await c.judged(story, p)
    assert (await story.case())["dated"]["evaluated"]["late"] is False


async def _disagreed_once(story: Story, owner: Person, path: Any) -> tuple[Any, Any, Any]:
    """Art. 32: one organ disagrees, the application goes back."""
    finance, drc = story.province("finance"), story.province("drc")
    await story.province("office").does("省政府办公厅同意", "POST", path, said.YES)
    await finance.does("省财政厅不同意", "POST", path, {"agreed": False, "opinion": "决算未完成"})
    done: dict[str, Any] = {
        "on": "2028-08-29",
        "conclusion": "同意",
        "document_number": "验〔2028〕1号",
        "document_digest": said.DIGEST,
    }
    await drc.refused("有机构不同意仍验收", "POST", "accept", done, "gate_shut", 32, gate="acceptance_agreed")
    back = {"reason": "补充决算报告"}
    await drc.does("退回验收申请", "POST", "return-acceptance", back, state="final_inspected", holder="owner")
    story.on(date(2028, 9, 20))
    await owner.does("再次申请验收", "POST", "apply-acceptance", said.APPLY, state="acceptance_applied")
    return finance, drc, done
