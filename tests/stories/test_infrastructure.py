"""A city's infrastructure project above the line, from the June need to its retirement: the province reviews and
funds it together with the city, the city accepts it and files the acceptance (arts 8, 9, 13-20, 23-34, 36-40)."""

from __future__ import annotations

from datetime import date

from tests.lives import reviews, said
from tests.stories import chapters as c
from tests.stories.infrastructure_built import CITY, accepted, built, evaluated, tried
from tests.stories.teller import Person, Story, Tools

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


async def test_an_infrastructure_project_above_the_line(tools: Tools) -> None:
    story = Story("设区市基础设施项目：从六月需求到退出", tools, owner=(CITY, "unit"))
    owner, keeper = story.as_(CITY, "unit"), story.as_(CITY, "gatekeeper")
    await _need(story, owner, keeper)
    await _library(story, owner)
    await _declared(story, owner, keeper)
    await _reviewed(story, owner, keeper)
    await _funded(story)
    await built(story, owner)
    await tried(story, owner)
    await accepted(story, owner, keeper)
    await evaluated(story, owner, keeper)
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
    codes = await c.reasoned(story, owner)
    reasons = said.because(*codes)
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
        "尚未报省就批复",
        "POST",
        "province-approve",
        reviews.approval("13000000.00"),
        "action_not_allowed",
        18,
    )
    passed = said.accepting(*codes)
    await keeper.does("统筹把关通过", "POST", "gatekeeping/pass", passed, state="gatekept", articles=(9, 23))
    approver = story.as_(CITY, "approver")
    await approver.refused(
        "限额以上由市里批复", "POST", "approve", reviews.approval("13000000.00"), "action_not_allowed", 23
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
    drc = await _decided(story)
    await keeper.refused(
        "市里替省里批复",
        "POST",
        "province-approve",
        reviews.approval("13000000.00"),
        "forbidden",
        20,
        status=403,
    )
    await _approved(story, drc)


async def _decided(story: Story) -> Person:
    """Arts 19, 20: by the leading group, not before the joint review."""
    secretary = story.province("leading_group_secretary")
    early = c.meeting(on="2027-03-20")
    await secretary.refused(
        "会议早于会审", "POST", "leading-group", early, "invalid_body", 19, pointer="/meeting_date"
    )
    drc = story.province("drc")
    await drc.refused(
        "未经审定先批复",
        "POST",
        "province-approve",
        reviews.approval("13000000.00"),
        "action_not_allowed",
        18,
    )
    story.on(date(2027, 4, 8))
    await secretary.does(
        "登记领导小组审定", "POST", "leading-group", c.meeting(), state="leading_group_decided"
    )
    return drc


async def _approved(story: Story, drc: Person) -> None:
    """Arts 18, 20: at most what was appraised; four organs are told."""
    story.on(date(2027, 4, 15))
    over = reviews.approval("13600000.00")
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
        reviews.approval("13000000.00"),
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
        "document": said.PAPER,
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
