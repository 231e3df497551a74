"""One that is ordered to rectify: the order lapses, money is deferred, building suspended and resumed; ordered again,
rectified in vain, terminated (arts 39, 41)."""

from __future__ import annotations

from datetime import date
from typing import Any

from service.kit.money import fen
from tests.lives import APPROVAL, said
from tests.stories import chapters as c
from tests.stories.teller import Person, Story, Tools

CITY = "360700"
ORDER = {"area": "network_security", "text": "限期完成等级保护整改", "due": "2026-06-30"}


async def test_one_is_suspended_and_in_the_end_terminated(tools: Tools) -> None:
    story = Story("限期整改、逾期、暂缓、暂停、恢复，再次整改无效后终止", tools, owner=(CITY, "unit"))
    owner = story.as_(CITY, "unit")
    await _building(story, owner)
    order = await _ordered(story, owner)
    await _measures(story, owner, order)
    await _resumed(story, owner, order)
    await _tried(story, owner)
    await _terminated(story, owner)
    story.tell()


async def _building(story: Story, owner: Person) -> None:
    story.on(date(2026, 2, 1))
    await c.drafted(story, owner, "社保卡一卡通系统")
    assert await c.submitted(story, owner) == []
    order = {**ORDER, "due": "2026-03-01"}
    cyber = story.as_(CITY, "cyber")
    await cyber.refused("批复前要求整改", "POST", "order-rectification", order, "action_not_allowed", 41)
    await c.gatekept(story)
    await c.city_approved(story, APPROVAL)
    await c.filed(story)
    issued = c.budget(("city", "3900000.00"))
    await story.as_(CITY, "finance").does("下达预算", "POST", "budget", issued)
    story.on(date(2026, 3, 2))
    await c.started(story, owner)


async def _ordered(story: Story, owner: Person) -> str:
    """Arts 4, 39, 41: each organ within its duties; nothing follows before the day is over."""
    story.on(date(2026, 5, 6))
    cyber, path = story.as_(CITY, "cyber"), "order-rectification"
    strange = {**ORDER, "area": "funds"}
    await cyber.refused("网信部门管资金", "POST", path, strange, "invalid_body", 41, pointer="/area")
    await cyber.refused(
        "期限已过", "POST", path, {**ORDER, "due": "2026-05-05"}, "invalid_body", 41, pointer="/due"
    )
    told = await cyber.does(
        "要求限期整改", "POST", path, ORDER, state="started", holder="owner", articles=(41,)
    )
    order = next(iter(told["dated"]["orders"]["open"]))
    await story.told(CITY, "unit", "order.issued", "2026-06-30")
    await story.due("rectification", date(2026, 6, 30), article=41)
    measure = {"order": order, "reason": "未整改"}
    story.on(date(2026, 6, 30))
    await cyber.refused("期限当日即通报", "POST", "criticise", measure, "gate_shut", 41, gate="order_lapsed")
    await owner.refused(
        "项目单位自行办结",
        "POST",
        "close-order",
        {"order": order, "done": True, "opinion": "已改"},
        "forbidden",
        41,
        status=403,
    )
    return order


async def _measures(story: Story, owner: Person, order: str) -> None:
    """Art. 41: after the day any of the measures, in any order; each has its effect."""
    story.on(date(2026, 7, 1))
    await story.due("rectification", date(2026, 6, 30), state="lapsed")
    measure = {"order": order, "reason": "逾期未整改"}
    cyber, finance, secrecy = (story.as_(CITY, each) for each in ("cyber", "finance", "secrecy"))
    await secrecy.refused(
        "别的部门代为处置", "POST", "criticise", measure, "gate_shut", 41, gate="may_enforce"
    )
    await cyber.does("通报批评", "POST", "criticise", measure, articles=(41,))
    await story.told(CITY, "gatekeeper", "order.criticised")
    await finance.does("暂缓安排资金", "POST", "defer-funds", measure, articles=(41,))
    await finance.refused("重复暂缓", "POST", "defer-funds", measure, "gate_shut", 41, gate="not_deferred")
    paid = c.payment("GK-1", "1000000.00")
    await owner.refused("暂缓期间支付", "POST", "payments", paid, "gate_shut", 41, gate="not_deferred")
    await secrecy.refused("别的部门暂停项目", "POST", "suspend", measure, "gate_shut", 41, gate="may_enforce")
    await cyber.does("网信部门暂停建设", "POST", "suspend", measure, state="suspended", articles=(41,))
    trial = {"on": "2026-07-01"}
    await owner.refused("暂停中试运行", "POST", "begin-trial-run", trial, "action_not_allowed", 30)


async def _resumed(story: Story, owner: Person, order: str) -> None:
    """What was suspended for an order goes on when that order is done; a deferral ends by being lifted."""
    story.on(date(2026, 7, 20))
    cyber, finance, keeper = (story.as_(CITY, each) for each in ("cyber", "finance", "gatekeeper"))
    why = {"reason": "整改办结"}
    await keeper.refused("整改未办结先恢复", "POST", "resume", why, "gate_shut", 41, gate="order_settled")
    answer = {"order": order, "answer": "已完成整改", "evidence": [said.PAPER]}
    await owner.does("报告整改", "POST", "answer-order", answer, articles=(39, 41))
    await story.told(CITY, "cyber", "order.answered")
    done: dict[str, Any] = {"order": order, "done": True, "opinion": "复测通过"}
    await story.as_(CITY, "public_security").refused(
        "别的部门办结", "POST", "close-order", done, "gate_shut", 41, gate="own_order"
    )
    await cyber.does("整改办结", "POST", "close-order", done, articles=(41,))
    await keeper.refused(
        "恢复到试运行", "POST", "resume-trial-run", why, "gate_shut", 41, gate="suspended_in_trial_run"
    )
    await keeper.does("恢复建设", "POST", "resume", why, state="started", articles=(41,))
    paid = c.payment("GK-1", "1000000.00")
    await owner.refused("未恢复资金先支付", "POST", "payments", paid, "gate_shut", 41, gate="not_deferred")
    await finance.does("恢复安排资金", "POST", "lift-deferral", why, articles=(41,))
    await finance.refused("再次恢复", "POST", "lift-deferral", why, "gate_shut", 41, gate="deferred")
    await owner.does("支付", "POST", "payments", paid, articles=(38,))


async def _tried(story: Story, owner: Person) -> None:
    """A suspended trial run does not go on: its days are added to the six months (art. 30). The province orders too."""
    story.on(date(2026, 9, 1))
    await owner.does("开始试运行", "POST", "begin-trial-run", {"on": "2026-09-01"}, state="trial_run")
    secrecy = story.province("secrecy")
    body = {"area": "secrecy", "text": "限期整改保密隐患", "due": "2026-09-10"}
    told = await secrecy.does("省保密局要求整改", "POST", "order-rectification", body, state="trial_run")
    order = next(iter(told["dated"]["orders"]["open"]))
    story.on(date(2026, 10, 1))
    office, measure = story.province("office"), {"order": order, "reason": "逾期未整改"}
    await office.does("省里暂停项目", "POST", "suspend", measure, state="suspended")
    story.on(date(2026, 10, 31))
    await secrecy.does("整改办结", "POST", "close-order", {"order": order, "done": True, "opinion": "已改正"})
    await office.does("恢复试运行", "POST", "resume-trial-run", {"reason": "整改办结"}, state="trial_run")
    story.on(date(2027, 3, 30))
    await owner.refused(
        "暂停的三十天不算试运行",
        "POST",
        "final-inspect",
        c.inspection(),
        "gate_shut",
        30,
        gate="trial_run_over",
    )
    await story.due("trial_run", date(2027, 3, 31), article=30)


async def _terminated(story: Story, owner: Person) -> None:
    """Rectified in vain counts like not rectified, before its day too; nothing follows a termination."""
    cyber, approver = story.as_(CITY, "cyber"), story.as_(CITY, "approver")
    told = await cyber.does("再次要求整改", "POST", "order-rectification", {**ORDER, "due": "2027-06-30"})
    (order,) = told["dated"]["orders"]["open"]
    vain = {"order": order, "done": False, "opinion": "复测仍有高危漏洞"}
    await cyber.refused("未报告先认定无效", "POST", "close-order", vain, "order_not_answered", 41)
    await owner.does("报告整改", "POST", "answer-order", {"order": order, "answer": "已整改"})
    await cyber.does("整改后仍不符合要求", "POST", "close-order", vain, articles=(41,))
    await story.told(CITY, "unit", "order.failed")
    end = {"order": order, "reason": "整改无效"}
    await approver.does("终止项目", "POST", "terminate", end, state="terminated", articles=(41,))
    money = (await story.case())["dated"]
    spent = money["payments"]
    assert fen(spent["paid_yuan"]) + fen(spent["returned_yuan"]) == fen(money["budget"]["issued_yuan"]), (
        "art. 38: the rest goes back"
    )
    await story.told(CITY, "unit", "order.terminated")
    await owner.refused("终止后终验", "POST", "final-inspect", c.inspection(), "action_not_allowed", 30)
    await cyber.refused(
        "终止后再要求整改",
        "POST",
        "order-rectification",
        {**ORDER, "due": "2027-06-30"},
        "action_not_allowed",
        41,
    )
    await story.due("rectification", state="void")
    owed = (await owner.sees("obligations"))["items"]
    assert {each["state"] for each in owed} <= {"done", "void"}, "what has ended owes nothing more"
