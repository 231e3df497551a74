"""A case declared twice: what changed is told field by field, beside the queue, and on the amount line."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from service.console.drawing import amount_line
from service.console.drawing_plan import Span, Sum, plan, purse
from service.kit.moment import Moment
from tests.console.test_case import submitted
from tests.console.trips import TRIPS
from tests.factories import facts, materials
from tests.lives import builder
from tests.lives.said import because
from tests.worlds import Caller

BEFORE, AFTER = "4900000.00", "5300000.00"


async def declared_twice(as_user: Callable[..., Caller], name: str) -> str:
    """Given back because the amount had grown, and declared anew with it."""
    unit = builder(as_user)("city.unit")
    case = await unit.life(name=name, facts={"investment_yuan": BEFORE}).at("submitted")
    await case.does("city.gatekeeper", "gatekeeping/return", {"reason": "金额已经增加"})
    await case.edit(facts=facts(investment_yuan=AFTER), materials=materials(AFTER))
    preview = await case.preview()
    reasons = because(*preview["reasons_required"], reason="数据治理范围扩大")
    await case.does("owner", "submit", {**reasons, "expected_route": preview["decision"]["route"]})
    return case.id


async def test_what_changed_between_two_versions_is_on_the_case_and_beside_the_queue(
    as_user: Callable[..., Caller], visit: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = await declared_twice(as_user, "城管执法比对系统")
    keeper, reads, fetch = await visit("360100", "gatekeeper"), list[Moment](), Moment.fetch

    async def counted(self: Moment, *asked: Any) -> Any:
        reads[:] = [self]
        return await fetch(self, *asked)

    monkeypatch.setattr(Moment, "fetch", counted)
    at = f"/console/projects/{ref}"
    for _ in range(2):  # the first may derive what was changed last
        shown = await keeper.go(at)
    assert reads[0].reads <= TRIPS, reads[0].reads
    assert not shown.codes and "两版之间改了什么" in shown.text
    table = shown.text.partition("两版之间改了什么")[2].partition("申报内容")[0].split("\n")
    assert table[table.index("总投资") + 1 :][:3] == [
        "4,900,000.00 元",
        "5,300,000.00 元",
        "增 40 万元",
    ]
    assert table[table.index("路径") + 1 :][:2] == ["市级批复并备案", "省级论证评估和联合会审"]
    (line,) = [given["aria-label"] for _, given in shown.tags if given.get("class") == "line-svg"]
    assert line == "计入金额 530 万元，限额 500 万元，首次申报 490 万元"
    assert "封存为第 2 版" in shown.text and f"{at}/versions?left=1&amp;right=2" in shown.html
    peek = f"/console?queue=gatekeeping&peek={ref}"
    for _ in range(2):
        queue = await keeper.go(peek)
    assert reads[0].reads <= TRIPS, reads[0].reads
    told = queue.text.partition("与上次相比")[2].partition("要表态")[0]
    assert all(
        each in told for each in ("改为", "省级论证评估和联合会审", "4,900,000.00 元", "（增 40 万元）")
    ), told
    line = next(given["hx-get"] for _, given in queue.tags if given.get("id") == "papers-line")
    assert not queue.codes and 'id="papers-line">' in (await keeper.go(line)).html
    side = await keeper.go(f"{at}/versions?left=1&right=2")
    assert "增 40 万元" in side.text and not side.codes


async def test_a_queue_is_narrowed_by_what_it_holds(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    """Every kind says how many of it there are in all of the queue, not on a page of it; what is chosen is a chip that
    takes it away, and a case opened there has its neighbours there.
    """
    for amount, name in (("600000.00", "无须表态系统"), ("4600000.00", "接近限额系统"), (AFTER, "报省系统")):
        await submitted(as_user, amount, name)
    keeper = await visit("360100", "gatekeeper")
    whole = await keeper.go("/console?queue=gatekeeping")
    rows = len(re.findall(r'class="name"', whole.html))
    kinds = {
        words: (address, int(number))
        for address, words, number in re.findall(
            r'<a href="([^"]*only=[a-z]+[^"]*)">(无须表态|接近限额|报省) (\d+)</a>',
            whole.html.replace("&amp;", "&"),
        )
    }
    assert kinds and f"全部 {rows}" in whole.text
    for words, (address, number) in kinds.items():
        shown = await keeper.go(address)
        assert len(re.findall(r'class="name"', shown.html)) == number < rows, words
        assert f"去掉条件 哪些：{words} {number}" in shown.text and not shown.codes
        assert f"共 {number} 项" in shown.text
        first = re.search(r'<a class="name" href="([^"]+)"', shown.html)
        assert first and "第 1 件" in (await keeper.go(first[1].replace("&amp;", "&"))).text
    with pytest.MonkeyPatch.context() as longer:  # as if it were too long to be counted
        longer.setattr("service.tasks.api.MOST_COUNTED", 1)
        uncounted = await keeper.go("/console?queue=gatekeeping&only=near")
    assert "接近限额" in uncounted.text and not re.search(r"接近限额 \d", uncounted.text)
    assert f"共 {kinds['接近限额'][1]} 项" in uncounted.text  # all of them are on the page, which says so
    nobody = await keeper.go("/console?queue=gatekeeping&division=360102")
    assert "没有符合这些条件的" in nobody.text and "去掉条件 区划：东湖区" in nobody.text


def test_labels_of_the_amount_line_cover_nothing() -> None:
    """Whatever the amounts: the same four marks close together, far apart, and at both ends."""
    for amounts in ((495, 490, 480, 500), (10, 9000, 500, 510), (1, 2, 3, 4), (10**6, 10**6 - 1, 5, 449)):
        here, *earlier = (f"{each}0000.00" for each in amounts)
        told = [(words, each) for words, each in zip(("首次申报", "上次申报", "批复"), earlier, strict=True)]
        wide = 320 if amounts[0] == 1 else 760
        drawn = str(amount_line(here, "5000000.00", told, ("市级把关、批复、备案", "市级把关后报省"), wide))
        boxes = []
        for x, y, text in re.findall(r'x="(\d+)" y="(\d+)" text-anchor="middle">([^<]+)<', drawn):
            half = sum(12 if ord(letter) > 255 else 7 for letter in text) // 2
            boxes.append((int(y), int(x) - half, int(x) + half))
        assert len(boxes) >= 5
        for n, (y, left, right) in enumerate(boxes):
            assert left >= 0 and right <= wide, (amounts, boxes)
            assert all(y != its or right < start or left > end for its, start, end in boxes[:n]), boxes


def test_time_is_drawn_as_its_table_tells_it() -> None:
    """Law solid, practice dashed; a day too late beyond its bar, by as much as it was; all of it on the picture."""
    day = date(2026, 3, 1)
    rows = [
        Span("组织开工", day, day + timedelta(90), day + timedelta(60), "按期", "done", practice=False),
        Span(
            "组织终验",
            day + timedelta(100),
            day + timedelta(130),
            day + timedelta(160),
            "晚 30 天",
            "late",
            practice=True,
        ),
        Span(
            "申请竣工验收",
            day + timedelta(160),
            day + timedelta(190),
            None,
            "逾期 10 天",
            "owed",
            practice=True,
        ),
    ]
    drawn = str(plan(rows, day + timedelta(200)))
    bars = re.findall(r'<rect class="([a-z-]+)" x="(\d+)" y="\d+" width="(\d+)"', drawn)
    assert [kind for kind, *_ in bars] == ["by-law", "by-practice", "over", "by-practice", "over"]
    late, owed = (int(wide) for kind, _, wide in bars if kind == "over")
    assert 2.5 < late / owed < 3.5 and all(int(x) >= 0 and int(x) + int(wide) <= 1000 for _, x, wide in bars)
    assert drawn.count("done-well") == drawn.count("done-late") == 1
    assert "组织终验应在 2026-07-09 前，晚 30 天" in drawn
    spent = str(purse("1000000.00", [Sum("已下达", "750000.00"), Sum("已支付", "1500000.00")]))
    shares = [int(wide) for wide in re.findall(r'class="fill-a"[^>]* width="(\d+)"', spent)]
    assert shares == [160, 320] and "75%" in spent and "150%" in spent


async def test_a_draft_shows_the_limit_as_the_amount_is_typed(visit: Callable[..., Any]) -> None:
    unit, at = await visit("360100", "unit"), "/console/projects/new"
    form = (await unit.go(at)).form("projects_create")
    form.fields |= {
        "/name": "养老服务系统",
        "/facts/project_class": "other",
        "/facts/kind": "new",
        "_look": "1",
        "/facts/fiscal_funds:boolean": "true",
        "/facts/classified:boolean": "false",
    }
    for typed, told in (
        ("4600000.00", "计入金额 460 万元，限额 500 万元"),
        ("5300000.00", "计入金额 530 万元"),
    ):
        form.fields["/facts/investment_yuan"] = typed
        looked = await unit.send(at, form)
        assert looked.status_code == 200 and told in looked.text, looked.text[-2000:]
