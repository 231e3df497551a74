"""The rules on pages: help behind every article, figures in words, changes that are seen before they are recorded."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from markupsafe import Markup

from service.console.figures import NAMES, told, value_of
from service.console.pages import ENV, TEMPLATES
from service.kit import clock
from tests.console.test_case import submitted
from tests.worlds import Caller

CITY, PROVINCE = "360100", "360000"
ORGANS = ["general_office", "drc", "finance"]
HOSTILE = "<img src=x onerror=alert(1)>"


def day(after: int = 0) -> str:
    return (clock.legal_day(clock.now()) + timedelta(days=after)).isoformat()


@pytest.mark.parametrize(
    ("unit", "written", "value", "words"),
    [
        ("yuan", "500 万元", "5000000", "500 万元"),
        ("yuan", "1.2345678 亿", "123456780", "123,456,780.00 元"),
        ("yuan", "5,000,000.5", "5000000.5", "500.00005 万元"),
        ("yuan", "0.000001万元", "0.01", None),
        ("yuan", "五百万", "五百万", None),
        ("days", "10 天", 10, "10 天"),
        ("percent", "85%", 85, "85%"),
        ("days", "-3", "-3", None),
        ("flag", "否", False, "否"),
        ("flag", "不", "不", None),
        ("month_day", "6 月 30 日", "06-30", "6 月 30 日"),
        ("level", "先经本市论证评估", "appraisal", "先经本市论证评估"),
        ("list", "甲\n乙、丙", ["甲", "乙", "丙"], "甲、乙、丙"),
    ],
)
def test_a_figure_is_written_as_it_is_told(unit: str, written: str, value: Any, words: str | None) -> None:
    read = value_of({"unit": unit, "key": "x.y"}, written)
    assert read == value and type(read) is type(value)
    if words is not None:
        assert told(unit, read) == words


def test_chips_are_links_for_who_is_signed_in_and_hold_what_is_hostile() -> None:
    chips = ENV.from_string("{{ said | cited((9, 23)) }}")
    told_to = str(chips.render(said=f"{HOSTILE}按第二十三条，《网络安全法》第二十一条", visitor=object()))
    assert (
        "<img" not in told_to
        and 'href="/console/rules/23"' in told_to
        and 'href="/console/rules/9"' in told_to
    )
    assert told_to.count("/console/rules/23") == 1 and "rules/21" not in told_to
    several = str(chips.render(said="须待“已批复”之后（第九条、第二十三条）", visitor=object()))
    assert "（" not in several and "、" not in several and several.count("<a ") == 2
    bare = chips.render(said=Markup("按第九条"), visitor=None)
    assert "href" not in bare and '<span class="art">第九条</span>' in bare


def test_every_citation_of_a_template_is_a_chip() -> None:
    """Only a legend shows what chips look like without leading anywhere."""
    shown = {
        each
        for template in TEMPLATES.rglob("*.html")
        for each in re.findall(r'<span class="art[^>]*>(.*?)</span>', template.read_text("utf-8"))
    }
    assert shown == {"条文", "解释", "惯例"}


async def test_every_chip_of_a_case_opens_its_help(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    ref = await submitted(as_user, "5300000.00", "档案管理系统")
    keeper = await visit(CITY, "gatekeeper")
    shown = await keeper.go(f"/console/projects/{ref}")
    chips = {
        str(given["href"])
        for tag, given in shown.tags
        if tag == "a" and "art" in str(given.get("class")).split()
    }
    assert {each.partition("#")[0] for each in chips} >= {"/console/rules/9", "/console/rules/23"}, chips
    for address in chips:
        page = await keeper.go(address)
        assert page.status == 200 and not page.codes and 'id="help-body"' in page.html, address
    nine = await keeper.go("/console/rules/9")
    assert "限额" in nine.text and "500 万元" in nine.text and "惯例" in nine.text and "解释 R" in nine.text
    for nothing in ("0", "46", "x", "٣"):
        assert (await keeper.go(f"/console/rules/{nothing}")).status == 404
    assert (await keeper.go("/console/readings/R999")).status == 404
    one = await keeper.go("/console/readings/R3")  # what it is of, and what else is read of that
    assert "同一条的其他解释" in one.text
    assert {"/console/rules/9", "/console/readings/R1"} <= set(re.findall(r'href="([^"]+)"', one.html))
    numbers = one.html.partition('id="figures"')[2].partition("</section>")[0]
    assert "扣除运维后比较" in numbers and "<b>是</b>" in numbers


async def test_figures_stand_in_words_with_what_they_rest_on(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    for who in ((CITY, "unit"), (PROVINCE, "office")):
        shown = await (await visit(*who)).go("/console/figures")
        assert shown.status == 200 and not shown.codes
        assert "其他类限额" in shown.text and "500 万元" in shown.text and "6 月 30 日" in shown.text
        assert 'class="art practice"' in shown.html and 'class="art reading"' in shown.html
        for entry in (await as_user(*who)("GET", "/rulebook")).json()[
            "entries"
        ]:  # each under one heading, once
            assert shown.html.count(f"<dt>{NAMES[entry['key']]}</dt>") == 1, entry["key"]
    early = await (await visit(CITY, "unit")).go("/console/figures?on=1999-01-01")
    assert early.status == 400 and "早于规则库" in early.text


async def test_a_reading_is_seen_then_recorded_and_what_changed_is_seen_again(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    office, at = await visit(PROVINCE, "office"), "/console/readings"

    async def listed() -> Any:
        return (await as_user(PROVINCE, "office")("GET", "/rulebook/interpretations")).json()["items"]

    before = await listed()
    form = (await office.go(at)).form("rulebook_interpretation_record")
    form.fields |= {
        "/question": "试算口径",
        "/text": f"试算{HOSTILE}",
        "/articles:lines": "9、23",
        "/supersedes": "R3",
        "/issued_by:each": ORGANS,
        "/document_number": "赣府办字〔2026〕9 号",
        "/document_date": day(),
        "/effective_from": day(40),
        "/sets/0/key": "maintenance_excluded.other",
        "/sets/0/value": "否",
        "_step": "preview",
        "_key": "reading-0001",
    }
    seen = await office.shown(at, form)
    assert seen.status == 200, seen.text[:900]
    assert not seen.codes and "登记以后会怎样" in seen.text and "<img" not in seen.html
    drawn = seen.form("rulebook_interpretation_record")
    assert drawn.fields["/text"] == f"试算{HOSTILE}" and drawn.fields["/sets/0/value"] == "否"
    kept = drawn.fields | {"/issued_by:each": ORGANS, "_step": "record"}
    drawn.fields = kept | {"/effective_from": day(41)}
    again = await office.shown(at, drawn)
    assert again.status == 200 and "没有登记" in again.text and "改过" in again.text
    drawn.fields = kept | {"/effective_from": "2020-01-01"}
    refused = await office.shown(at, drawn)
    assert refused.status == 422 and 'role="alert"' in refused.html and "有 1 处要改" in refused.text
    assert 'name="_seen"' not in refused.html  # nothing was seen, so there is nothing to record
    assert await listed() == before
    drawn.fields = kept
    await _recorded_once(visit, office, at, listed, drawn)


async def _recorded_once(visit: Callable[..., Any], office: Any, at: Any, listed: Any, drawn: Any) -> None:
    """Recorded as seen, and only once however often it is sent; a city reads it."""
    done = await office.send(at, drawn)
    assert done.status_code == 303 and done.headers["location"] == "/console/readings/R3#done", done.text
    one = await office.go("/console/readings/R3")
    assert (
        not one.codes
        and "待生效" in one.text
        and "其他类扣除运维后比较" in one.text
        and "<img" not in one.html
    )
    assert (await office.send(at, drawn)).status_code == 303  # sent twice, done once
    assert len((await listed())[2]["coming"]) == 1
    deputy = await (await visit(CITY, "gatekeeper")).go(at)
    assert deputy.status == 200 and "登记解释" not in deputy.text


async def test_an_article_tells_what_rests_on_it(visit: Callable[..., Any]) -> None:
    """Law, reading and practice each look their own way; figures have their first day; deeds, days and lists follow."""
    keeper = await visit("360100", "gatekeeper")
    shown = await keeper.go("/console/rules/23")
    assert all(f'class="panel {kind}' in shown.html for kind in ("of-reading", "of-practice"))
    assert "of-law" in (await keeper.go("/console/rules/9")).html
    assert re.search(r"报备案时限.*?20\d\d-\d\d-\d\d", shown.text, re.S), "a figure without its first day"
    told = shown.text.partition("由这一条而来")[2]
    assert "批复后报备案" in told and "申报时核对" in told and not shown.codes
    for address in re.findall(r'href="(/console/projects\?finding=[a-z_]+)"', shown.html)[:1]:
        assert "去掉条件 核对发现：" in (await keeper.go(address)).text
    days = await keeper.go("/console/duties?all=1&article=23")
    assert "去掉条件 哪一条：第二十三条" in days.text and not days.codes
    found = await keeper.go("/console/rules?text=" + quote("备案"))
    rows = re.findall(r'<tr class="tall" id="a(\d+)">', found.html)
    assert "23" in rows and len(rows) < 45 and "个数" in found.text and not found.codes
    assert "没有一条提到" in (await keeper.go("/console/rules?text=" + quote("查无此词"))).text


async def test_what_may_be_registered_about_the_rules_is_said_once_in_the_width_of_the_page(
    visit: Callable[..., Any],
) -> None:
    """The button is the form, folded beside the row of places; a figure that a city may set leads to its form."""
    office = await visit("360000", "office")
    for at, operation in (
        ("/console/readings", "rulebook_interpretation_record"),
        ("/console/amendments", "rulebook_amendment_propose"),
        ("/console/requirements", "rounds_declaration_propose"),
    ):
        shown = await office.go(at)
        folded = shown.html.partition('<details class="make no-print"')[2]
        assert f'value="{operation}"' in folded.partition("</details>\n<")[0], at
        assert shown.form(operation) and "wide-aside" not in shown.html and not shown.codes, at
    keeper = await visit("360100", "gatekeeper")
    listed = await keeper.go("/console/overlays")
    ways = [each["href"] for tag, each in listed.tags if tag == "a" and "?key=" in (each.get("href") or "")]
    assert "/console/overlays?key=gatekeeping.practice_days" in ways and len(ways) == len(set(ways))
    chosen = await keeper.go("/console/overlays?key=gatekeeping.practice_days")
    assert chosen.form("rulebook_overlay_record") and '<details class="make no-print" open' in chosen.html
