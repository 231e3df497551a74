"""Conditions their operations take, chips that take them away, empty lists that say why, a look at a row."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from markupsafe import Markup

from service.console import registers, registers_admin, registers_after, registers_cases, registers_rules
from service.console.cells import Column, cells
from service.console.index import GROUPS
from service.console.listing import Filter, asked_of, tally
from service.console.records import Register
from service.console.wording import ago, until, until_tone
from service.kit.errors import ServiceError
from service.measures.citations import article_label

REGISTERS: list[Register] = [
    *registers.REGISTERS,
    *registers_after.REGISTERS,
    *registers_cases.REGISTERS,
    *registers_admin.REGISTERS,
    registers_admin.DELIVERIES,
    *registers_rules.REGISTERS,
]
DOCUMENT: dict[str, Any] = json.loads(Path("openapi/openapi.json").read_text("utf-8"))
NUMBERS = {article_label(number): number for number in range(1, 46)}


def _operation(name: str) -> tuple[dict[str, set[str]], str]:
    """Its parameters with the codes they take (none: anything), and what it says of itself."""
    told = next(
        each
        for path in DOCUMENT["paths"].values()
        for each in path.values()
        if isinstance(each, dict) and each.get("operationId") == name
    )
    named = [each for each in told.get("parameters", []) if "name" in each]
    return {each["name"]: _codes(each["schema"]) for each in named}, told["description"]


def _recorded(name: str) -> list[dict[str, Any]]:
    """The rows of the answer that the document shows of a list."""
    for path in DOCUMENT["paths"].values():
        for each in path.values():
            if isinstance(each, dict) and each.get("operationId") == name:
                content = each["responses"]["200"]["content"]["application/json"]
                shown = [content["example"]] if "example" in content else content["examples"].values()
                return [row for one in shown for row in one.get("value", one)["items"]]
    return []


def _codes(schema: dict[str, Any]) -> set[str]:
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return set(schema.get("enum", [])) or (_codes(schema["items"]) if "items" in schema else set())


@pytest.mark.parametrize("register", REGISTERS, ids=lambda each: each.path)
def test_a_list_asks_its_operation_what_it_takes(register: Register) -> None:
    """Filters, orders, what is always asked and often asked, and the articles that it names."""
    taken, words = _operation(register.operation)
    by = {each.name: each for each in register.filters}
    for each in register.filters:
        if each.kind != "local":
            assert (each.to or each.name) in taken, each
            known = taken[each.to or each.name]
            assert not known or {code for code, _ in each.values} <= known, each
    orders = {code for column in register.columns for code, _ in column.sort}
    assert orders <= taken.get("order", set())
    assert register.always.keys() <= taken.keys()
    for words_of_it, query in register.queries:
        for name, value in parse_qsl(query, strict_parsing=True):
            known = {code for code, _ in by[name].values} if name in by else taken[name]
            assert value in known, words_of_it
    named = {NUMBERS[each] for each in re.findall(r"第[一二三四五六七八九十]+条", words)}
    assert not register.articles or named <= set(register.articles), (named, register.articles)
    assert register.nothing.when, "an empty list says what would stand in it"
    assert not register.facts or register.does or register.read or register.name


def test_what_an_empty_list_leads_to_is_offered_to_whoever_may_open_it() -> None:
    asked = {entry.address: set(entry.operations) for _, entries in GROUPS for entry in entries}
    for register in REGISTERS:
        for words, address, operation in (*register.nothing.then, *register.links):
            wanted = asked.get(address)
            known = wanted is None or not operation or operation in wanted
            assert known or address == "/console/library-imports", words


def test_amounts_are_typed_in_wan_and_asked_in_yuan() -> None:
    filters = (
        Filter("from_wan", "金额自", kind="wan", to="amount_from"),
        Filter("all", "谁的", kind="local"),
    )
    assert asked_of({"from_wan": "12.5", "all": "1", "other": "x"}, filters) == {"amount_from": "125000.00"}
    assert asked_of({"from_wan": "1,200"}, filters) == {"amount_from": "12000000.00"}
    for wrong in ("NaN", "-1", "四百", "1e400", "Infinity"):
        with pytest.raises(ServiceError, match="malformed_query"):
            asked_of({"from_wan": wrong}, filters)


def test_days_are_told_as_they_are_felt(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.fromisoformat("2027-07-01T09:00:00+08:00")
    monkeypatch.setattr("service.console.wording.clock.now", lambda: now)
    said = [until(f"2027-{day}") for day in ("06-29", "07-01", "07-02", "07-21")]
    assert said == ["逾期 2 天", "今天", "明天", "还有 20 天"]
    assert [until_tone(f"2027-{day}") for day in ("06-29", "07-01", "07-02")] == ["late", "late", ""]
    days = "2027-07-01 2027-06-30 2027-06-19 2027-07-04 2027-06-30T17:00:00Z 2023-09-28"
    said = [ago(each) for each in days.split()]
    assert said == [
        "今天",
        "昨天",
        "12 天前",
        "3 天后",
        "今天",
        "3 年前",
    ]  # the fifth: 01:00 of the first in Jiangxi


async def test_conditions_stand_on_the_page_and_can_be_taken_away(visit: Callable[..., Any]) -> None:
    unit = await visit("360100", "unit")
    form = (await unit.go("/console/projects/new")).form("projects_create")
    form.fields |= {
        "/name": "名录里看得到的系统",
        "/facts/investment_yuan": "2600000.00",
        "/facts/project_class": "other",
        "/facts/kind": "new",
        "/facts/fiscal_funds:boolean": "true",
        "/facts/classified:boolean": "false",
    }
    assert (await unit.send("/console/projects/new", form)).status_code == 303
    shown = await unit.go("/console/projects?text=名录里看得到&from_wan=200&route=")
    assert "共 1 项" in shown.text and "名录里看得到的系统" in shown.text
    chips = {given["aria-label"]: given["href"] for tag, given in shown.tags if given.get("class") == "chip"}
    assert chips["去掉条件 金额自（万元）：200 万元"] == f"/console/projects?text={quote('名录里看得到')}"
    told = re.findall('<td data-h="(.*?)"', shown.html.partition("<tbody>")[2])
    assert told == re.findall('<th scope="col".*?>(?:<a.*?>)?([^<]+)<', shown.html), (
        "a telephone has no headers"
    )
    assert "期限" not in told, "told only in its own order: elsewhere a dash would say that there is none"
    look = next(given["hx-get"] for _, given in shown.tags if "data-peek" in given)
    peeked = await unit.go(look)
    assert "打开案卷" in peeked.text and "收起" in peeked.text and "260 万元" in peeked.text
    sheet = next(given["href"] for _, given in shown.tags if ".xlsx" in (given.get("href") or ""))
    assert "amount_from=2000000.00" in sheet
    assert (await unit.client.get(sheet)).content.startswith(b"PK")
    nothing = await unit.go("/console/projects?text=名录里看得到&from_wan=300")
    assert "没有符合这些条件的" in nothing.text and "看全部" in nothing.text and "共 0 项" in nothing.text
    assert (await unit.go("/console/projects?from_wan=四百")).status == 400
    beyond = await (await visit("361100", "unit")).go("/console/orders")
    assert "没有整改要求" in beyond.text and "会列在这里" in beyond.text


LISTS = {
    "readings?article=9": ("去掉条件 条文：第九条", "解释\u00a0R2"),
    "amendments?status=refused": ("去掉条件 状态：未获确认", "没有符合这些条件的"),
    "requirements?status=ended": ("去掉条件 状态：已终止", "没有符合这些条件的"),
    "overlays?status=ended": ("去掉条件 状态：已终止", "没有符合这些条件的"),
    "coverage?category=video": ("去掉条件 用途：视频", "还没有用"),
    "deputies": ("没有代办安排", "李四（代张三）"),
    "feeds": ("还没有订阅地址", "看期限"),
    "systems-counts": ("系统分布", "看现有系统"),
}


async def test_the_lists_beside_the_rules_are_registers_too(visit: Callable[..., Any]) -> None:
    keeper = await visit("361100", "gatekeeper")
    for at, told in LISTS.items():
        shown = await keeper.go(f"/console/{at}")
        assert shown.status == 200 and not shown.codes, (at, shown.codes)
        assert all(each in shown.text for each in told), (at, shown.text[-1500:])
        assert "项" in shown.text.partition("主导航")[2], at


async def test_a_short_list_is_looked_into_unasked_and_says_once_what_may_be_made(
    visit: Callable[..., Any],
) -> None:
    """The first row's look is there for wide screens, and gone once put away; one button is the form itself."""
    office = await visit("360000", "office")
    at, new = "/console/experts", "experts_create"
    form = (await office.go(at)).form(new)
    for n in range(2):
        form.fields |= {"_key": f"expert-{n}", "/name": f"许知远{n}", "/told_apart": f"第 {n} 位"}
        form.fields |= {"/employer_name": "省信息中心", "/title": "研究员", "/valid_from": "2026-01-01"}
        form.fields |= {"/fields:each": "architecture"}
        made = await office.send(at, form)
        assert made.status_code == 303, made.text
    shown = await office.go(at)
    looked = [each for _, each in shown.tags if each.get("id") == "peek"]
    assert looked == [{"id": "peek", "class": "look-at unasked"}] and "收起" in shown.text
    assert shown.html.count("<summary") - shown.html.count('<details class="fold"') == 1
    assert len(re.findall(r">专家入库<", shown.html)) == 2, (
        "the button that unfolds, and the one that does it"
    )
    put_away = next(each["href"] for _, each in shown.tags if "peek=none" in (each.get("href") or ""))
    assert "收起" not in (await office.go(put_away)).text
    empty = await office.go("/console/plans")
    assert 'class="conditions' not in empty.html and 'class="conditions' in shown.html
    assert len(re.findall(r">编制三年规划<", empty.html)) == 2 and empty.form("plans_create")


async def test_short_words_of_a_table_stay_on_a_line(visit: Callable[..., Any]) -> None:
    """A place or a class is broken after any character where a table is narrow; what is longer may be."""
    shown = await (await visit("360100", "administrator")).go("/console/admin/offices")
    cells = re.findall(r'<td data-h="[^"]*" class="([^"]*)">\s*([^<]+?)\s*<', shown.html)
    short = [classes for classes, text in cells if len(text) <= 5 and "num" not in classes]
    assert len(short) > 10 and all("nowrap" in each.split() for each in short)
    assert not [text for classes, text in cells if len(text) > 5 and "nowrap" in classes.split()]
    # A row of articles is no short word: sixteen of them on one line leave the text beside them no room.
    read = (await (await visit("360100", "administrator")).go("/console/readings")).html
    rows = re.findall(
        r'<td data-h="[^"]*" class="([^"]*)">((?:(?!</td>).)*class="art(?:(?!</td>).)*)</td>', read
    )
    assert len(rows) > 10 and not [inside for classes, inside in rows if "nowrap" in classes.split()]


@pytest.mark.parametrize(
    "value", [2027, 0, 1.5, True, [], [2026, 2027], {"name": "x"}, None, "", "x", Markup("<b>x</b>")]
)
def test_whatever_an_answer_has_is_told_in_words(value: Any) -> None:
    """Templates measure and cut what stands in a cell: a year is no number to them."""
    cell = cells((Column("年度", "year", under="year"),), {"year": value})[0]
    assert isinstance(cell.text, str) and isinstance(cell.under, str) and cell.text
    assert isinstance(cell.text, Markup) is isinstance(value, Markup)


def test_each_list_tells_its_recorded_answer_in_words() -> None:
    """Without the fields that its page adds: what the answer itself has fits every column that shows it."""
    shown = {register.path: _recorded(register.operation) for register in REGISTERS}
    assert (
        sum(bool(rows) for rows in shown.values()) >= len(REGISTERS) - 4
    )  # recorded where nothing was found
    for register in REGISTERS:
        for row in shown[register.path]:
            for told in cells((*register.columns, *register.facts), row):
                assert isinstance(told.text, str) and isinstance(told.under, str), (register.path, told)


async def test_a_list_with_numbers_in_its_cells_is_shown(visit: Callable[..., Any]) -> None:
    office, at = await visit("360000", "office"), "/console/rounds"
    form = (await office.go(at)).form("rounds_announce")
    form.fields |= {
        "/year:number": "2031",
        "/document_number": "赣府厅字〔2031〕8号",
        "/document_date": "2026-03-01",
        "/issued_by:each": ["general_office", "drc", "finance"],
        "/opens": "2031-02-01",
        "/kinds:each": ["new"],
        "/requirements": "围绕三年规划提出需求",
    }
    assert (await office.send(at, form)).status_code == 303
    shown = await office.go(at)
    assert shown.status == 200 and "2031" in shown.text and shown.form("rounds_announce")


async def test_what_a_thing_has_several_of_is_read_by_whoever_decides_on_it(
    as_user: Callable[..., Any], visit: Callable[..., Any]
) -> None:
    """A plan is its items: whoever brings it to the meeting has no form that would show them."""
    item = {
        "key": "A-1",
        "title": "全市统一的业务中台",
        "owner": "市数据局",
        "project_class": "infrastructure",
        "estimated_yuan": "30000000.00",
        "years": [2026, 2027],
        "alignment": "对应省总体方案第二章",
    }
    body = {"title": "三年规划", "first_year": 2026, "items": [item]}
    made = await as_user("360100", "gatekeeper")("POST", "/plans", body)
    assert made.status_code == 201, made.text
    secretary = await visit("360100", "leading_group_secretary")
    shown = await secretary.go(f"/console/plans/{made.json()['id']}")
    told = re.search(r'<table class="tbl" aria-label="规划条目">(.*?)</table>', shown.html, re.S)
    assert told and all(
        each in told[1] for each in ("全市统一的业务中台", "市数据局", "3,000", "2026、2027", "对应省")
    )
    assert not shown.codes and "infrastructure" not in told[1]


def test_a_list_told_whole_is_summed_up_in_words() -> None:
    columns = (Column("状态", "state", "state", tag=True), Column("金额（万元）", "amount_yuan", "wan"))
    rows = [{"state": "filed", "amount_yuan": "1500000.00"}, {"state": "filed", "amount_yuan": None},
            {"state": "draft", "amount_yuan": "500000.00"}]  # fmt: skip
    assert tally(columns, {"items": rows}, whole=True) == "已备案 2、草稿 1，合计 200 万元"
    assert tally(columns, {"items": rows, "next_cursor": "x"}, whole=True) == ""
    assert (
        tally(columns, {"items": rows}, whole=False) == tally(columns, {"items": rows[:1]}, whole=True) == ""
    )
