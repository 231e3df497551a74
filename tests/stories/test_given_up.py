"""One that is given up: approved with a slip that is corrected, filed, paid for in part, ended at the owner's wish.

Beside it what is taken back before its appraisal, by a city's owner from the province's desk (arts 4, 14, 18, 20, 38).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.lives import APPROVAL, said
from tests.stories import chapters as c
from tests.stories.teller import Person, Story, Tools

pytestmark = pytest.mark.long  # whole lives over HTTP; the shorter ones stay in `make test`

CITY = "360700"
WISH = {"reason": "机构职能调整，不再需要", "remains": "已购设备移交市信息中心", "document": said.PAPER}


def by(number: str) -> dict[str, str]:
    return {"number": number, "date": c.today(), "digest": said.DIGEST}


async def declared(story: Story, name: str, title: str, **facts: Any) -> Person:
    """Declared by the portal and passed by the city's desk."""
    owner = story.as_(CITY, None)
    await c.drafted(story, owner, title, name, **facts)
    await c.submitted(story, owner, name)
    await c.gatekept(story, name)
    return owner


async def test_one_is_corrected_and_given_up(tools: Tools) -> None:
    story = Story("批复有误更正，后经申请终止", tools, owner=(CITY, None))
    story.on(date(2026, 3, 2))
    owner = await declared(story, "p", "会议预约系统")
    approver, finance = story.as_(CITY, "approver"), story.as_(CITY, "finance")
    wrong = {**APPROVAL, "approved_amount_yuan": "390000.00", "document_date": "2026-03-02"}
    await approver.does("批复时少录一位数", "POST", "approve", wrong, state="city_approved")
    await story.as_(CITY, "gatekeeper").does("备案", "POST", "file", {}, state="filed")
    await _corrected(story, approver)
    await finance.does("下达预算", "POST", "budget", c.budget(("city", "3900000.00")), state="filed")
    less = {"approved_amount_yuan": "3899999.99", "document": by("更2"), "reason": "再更正"}
    await approver.refused(
        "更正到低于已下达预算",
        "POST",
        "correct-approval",
        less,
        "invalid_body",
        20,
        pointer="/approved_amount_yuan",
    )
    await c.started(story, owner)
    await owner.does("支付首付款", "POST", "payments", c.payment("GK-9", "900000.00"), articles=(38,))
    await _given_up(story, owner, approver)
    story.tell()


async def _corrected(story: Story, approver: Person) -> None:
    """The slip in amount, number and date is mended once, told to all who heard of the first; the first stays."""
    right = {
        "approved_amount_yuan": "3900000.00",
        "document_number": "赣市发改〔2026〕21号",
        "document_date": "2026-03-01",
        "document": by("更1"),
        "reason": "金额少录一位数",
    }
    await story.as_(CITY, "unit").refused(
        "项目单位自行更正", "POST", "correct-approval", right, "forbidden", 20, status=403
    )
    tomorrow = {**right, "document_date": "2026-03-03"}
    await approver.refused(
        "更正到明天的批复日期", "POST", "correct-approval", tomorrow, "invalid_body", pointer="/document_date"
    )
    above = {**right, "approved_amount_yuan": "5000000.00"}
    await approver.refused("更正到省级限额", "POST", "correct-approval", above, "route_changed", 9)
    told: dict[str, Any] = await approver.does(
        "更正批复", "POST", "correct-approval", right, articles=(20, 23)
    )
    assert told["approved_amount_yuan"] == "3900000.00"
    assert (told["dated"]["approved"]["on"], told["dated"]["approved"]["number"]) == (
        "2026-03-01",
        "赣市发改〔2026〕21号",
    )
    await approver.refused("没有变化再更正", "POST", "correct-approval", right, "invalid_body", pointer="")
    for tenant, login in ((CITY, "gatekeeper"), (CITY, "unit"), (CITY, "finance"), ("360000", "office")):
        await story.told(tenant, login, "project.approval_corrected", "390000.00", "3900000.00")
    await story.due("start", date(2026, 9, 1), article=29)


async def _given_up(story: Story, owner: Person, approver: Person) -> None:
    agree = {"document": by("终1"), "opinion": "同意终止"}
    await approver.refused("没有申请就终止", "POST", "end/agree", agree, "gate_shut", 20, gate="end_asked")
    story.on(date(2026, 5, 6))
    await owner.does("申请终止", "POST", "end", WISH, state="started")
    await story.told(CITY, "approver", "delivery.end_requested", "申请终止")
    await story.due("end_decision", date(2026, 5, 21), article=20)
    await owner.refused("再申请一次", "POST", "end", WISH, "gate_shut", 4, gate="end_answered")
    await owner.refused("项目单位自行同意", "POST", "end/agree", agree, "forbidden", 20, status=403)
    await approver.does("不同意终止", "POST", "end/refuse", {"reason": "应先商量移交"}, state="started")
    await story.told(CITY, "unit", "delivery.end_refused")
    await owner.does("再次申请终止", "POST", "end", WISH, state="started")
    agreed = {**agree, "document": by("终1")}
    told: dict[str, Any] = await approver.does(
        "同意终止", "POST", "end/agree", agreed, state="terminated", articles=(20, 38)
    )
    assert told["dated"]["terminated"]["returned_yuan"] == "3000000.00"
    money = told["dated"]["payments"]
    assert (money["paid_yuan"], money["returned_yuan"]) == ("900000.00", "3000000.00")
    for tenant, login in ((CITY, "unit"), (CITY, "finance"), (CITY, "gatekeeper"), ("360000", "office")):
        await story.told(tenant, login, "delivery.ended", "3000000.00")
    await owner.refused("终止后支付", "POST", "payments", c.payment("GK-10", "1.00"), "action_not_allowed")


async def test_a_declaration_is_taken_back_until_its_appraisal(tools: Tools) -> None:
    story = Story("报省之后、论证评估之前撤回", tools, owner=(CITY, None))
    story.on(date(2026, 3, 2))
    big = {"investment_yuan": "6000000.00", "in_library": True}
    owner = await declared(story, "p", "不动产登记平台", **big)
    keeper, office = story.as_(CITY, "gatekeeper"), story.province("office")
    await keeper.does("报省级论证评估", "POST", "hand-over", {}, state="with_province", holder="province")
    await owner.does(
        "撤回申报", "POST", "withdraw", {"reason": "另行安排"}, state="withdrawn", holder="owner"
    )
    await story.told("360000", "office", "project.withdrawn")
    await story.told(CITY, "gatekeeper", "project.withdrawn")
    await declared(story, "late", "住房保障平台", **big)
    await keeper.does("报省级论证评估", "POST", "/projects/{late}/hand-over", {}, name="late")
    await office.does(
        "委托论证评估", "POST", "/projects/{late}/appraisals", c.commission(c.PROVINCIAL), name="late"
    )
    await owner.refused(
        "委托评估之后撤回",
        "POST",
        "/projects/{late}/withdraw",
        {"reason": "另行安排"},
        "gate_shut",
        18,
        gate="not_appraised",
        name="late",
    )
    story.tell()
