"""One that stalls: warned after four and five months, half a year over, and recalled by a person, not by the clock;
beside it one that force majeure held up and that starts in time after all (art. 29)."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.lives import APPROVAL, said
from tests.stories import chapters as c
from tests.stories.teller import Person, Story, Tools

CITY = "360600"
RECALL = {"reason": "半年未开工，收回资金", "document": said.PAPER}
FLOOD = {"since": "2026-05-01", "evidence": "机房所在地洪水，交通中断", "document": said.PAPER}


async def filed(story: Story, name: str, title: str) -> None:
    """Declared, approved on 1 February, filed."""
    owner, approver = story.as_(CITY, "unit"), story.as_(CITY, "approver")
    await c.drafted(story, owner, title, name)
    assert await c.submitted(story, owner, name) == []
    await c.gatekept(story, name)
    approve, future = f"/projects/{{{name}}}/approve", {**APPROVAL, "document_date": "2026-02-02"}
    await approver.refused(
        "批复日期在明天", "POST", approve, future, "invalid_body", pointer="/document_date"
    )
    await c.city_approved(story, APPROVAL, name)
    await c.filed(story, name)


async def test_one_stalls_and_one_is_held_up(tools: Tools) -> None:
    story = Story("半年未开工：一个由人决定收回资金，一个因不可抗力顺延", tools, owner=(CITY, "unit"))
    owner, finance = story.as_(CITY, "unit"), story.as_(CITY, "finance")
    story.on(date(2026, 2, 1))
    await filed(story, "p", "视频会议系统升级")
    await filed(story, "held", "应急指挥平台")
    await finance.does("下达预算", "POST", "budget", c.budget(("city", "3900000.00")), state="filed")
    await story.due("start", date(2026, 8, 1), article=29)
    await finance.refused(
        "刚批复就收回", "POST", "recall-funds", RECALL, "gate_shut", 29, gate="half_year_over"
    )
    await _warned(story, owner)
    await _half_a_year(story, owner, finance)
    await _recalled(story, owner, finance)
    await _started_late(story, owner, finance)
    story.tell()


async def _warned(story: Story, owner: Person) -> None:
    """Reminders after four and five months; the other project's hindrance is recorded."""
    for month in (6, 7):
        story.on(date(2026, month, 1))
        await story.due("start", date(2026, 8, 1))
        await story.told(CITY, "unit", "obligation.reminder")
    assert await _reminders(story) >= 2
    await owner.refused(
        "不可抗力早于批复",
        "POST",
        "/projects/{held}/force-majeure",
        {**FLOOD, "since": "2026-01-31"},
        "invalid_body",
        29,
        pointer="/since",
    )
    await owner.does("主张不可抗力", "POST", "/projects/{held}/force-majeure", FLOOD, articles=(29,))
    await story.told(CITY, "finance", "delivery.force_majeure", "等待认定", name="held")
    found = {"accepted": True, "reason": "洪水致交通中断属实"}
    path = "/projects/{held}/force-majeure-decision"
    await owner.refused("项目单位自行认定", "POST", path, found, "forbidden", 29, status=403)
    await story.as_(CITY, "finance").does("认定不可抗力", "POST", path, found, articles=(29,))
    await story.told(CITY, "unit", "delivery.force_majeure_decided", "持续期间不收回资金", name="held")
    await owner.refused(
        "重复主张不可抗力", "POST", "/projects/{held}/force-majeure", FLOOD, "force_majeure_open", 29
    )


async def _reminders(story: Story) -> int:
    found = (await story.as_(CITY, "unit").sees("/inbox?kind=obligation.reminder&limit=200"))["items"]
    return len([each for each in found if each["project_id"] == story.ids["p"]])


async def _half_a_year(story: Story, owner: Person, finance: Person) -> None:
    """R7: the last day still counts."""
    story.on(date(2026, 8, 1))
    await finance.refused(
        "最后一天收回", "POST", "recall-funds", RECALL, "gate_shut", 29, gate="half_year_over"
    )
    story.on(date(2026, 8, 2))
    await story.due("start", date(2026, 8, 1), state="lapsed")
    await story.due("recall_decision", date(2026, 8, 31), article=29)
    assert (await story.case())["state"] == "filed", "the clock takes nothing back; a person decides"
    await finance.refused(
        "不可抗力期间收回",
        "POST",
        "/projects/{held}/recall-funds",
        RECALL,
        "gate_shut",
        29,
        gate="half_year_over",
    )
    await owner.refused("由项目单位自行收回", "POST", "recall-funds", RECALL, "forbidden", 29, status=403)
    drc = story.as_(CITY, "approver")
    await drc.refused("由批复部门收回", "POST", "recall-funds", RECALL, "forbidden", 29, status=403)


async def _recalled(story: Story, owner: Person, finance: Person) -> None:
    story.on(date(2026, 8, 12))
    told: dict[str, Any] = await finance.does(
        "收回资金", "POST", "recall-funds", RECALL, state="funds_recalled", articles=(29,)
    )
    assert told["dated"]["recalled"]["amount_yuan"] == "3900000.00"
    assert told["dated"]["payments"] == {
        "on": "2026-08-12",
        "paid_yuan": "0.00",
        "returned_yuan": "3900000.00",
    }
    await story.told(CITY, "unit", "delivery.funds_recalled", "3900000.00")
    await story.due("recall_decision", date(2026, 8, 31), state="done")
    begin = {"started_on": "2026-08-12"}
    await owner.refused("收回后开工", "POST", "start", begin, "action_not_allowed", 13)
    await finance.refused(
        "收回后再下预算", "POST", "budget", c.budget(("city", "1.00")), "action_not_allowed"
    )


async def _started_late(story: Story, owner: Person, finance: Person) -> None:
    """Ninety days of flood move the last day by as many."""
    await _ended(owner)
    await story.due("start", date(2026, 10, 30), article=29, name="held")
    story.on(date(2026, 10, 30))
    await finance.refused(
        "顺延期满当日收回",
        "POST",
        "/projects/{held}/recall-funds",
        RECALL,
        "gate_shut",
        29,
        gate="half_year_over",
    )
    await owner.does("确定责任人", "POST", "/projects/{held}/responsible", c.responsible())
    await owner.does(
        "顺延期内开工",
        "POST",
        "/projects/{held}/start",
        {"started_on": "2026-10-30"},
        state="started",
        articles=(13, 24),
    )
    await story.due("start", date(2026, 10, 30), state="done", name="held")
    await finance.refused(
        "开工后收回", "POST", "/projects/{held}/recall-funds", RECALL, "action_not_allowed", 29
    )


async def _ended(owner: Person) -> None:
    """The end is told once."""
    end = {"until": "2026-07-30", "evidence": "道路恢复通行"}
    await owner.refused(
        "结束早于开始",
        "POST",
        "/projects/{held}/force-majeure-end",
        {**end, "until": "2026-04-30"},
        "invalid_body",
        29,
        pointer="/until",
    )
    await owner.does(
        "登记不可抗力结束", "POST", "/projects/{held}/force-majeure-end", end, articles=(29,), name="held"
    )
    await owner.refused(
        "再次登记结束",
        "POST",
        "/projects/{held}/force-majeure-end",
        end,
        "gate_shut",
        29,
        gate="hindrance_lasts",
    )
