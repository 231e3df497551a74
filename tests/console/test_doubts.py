"""Numbers of doubts added up and led to their cases, what changed of an article, a thing's page without empty lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from service.console.doubts import KINDS, summed
from tests.console.test_case import submitted
from tests.lives import builder
from tests.lives.reviews import expert
from tests.worlds import Caller


def _row(tenant: str, month: str, near: int, split: int) -> dict[str, Any]:
    counted = {each.counted: {"count": 0} for each in KINDS if not each.confirmed}
    judged = {name: 0 for each in KINDS if each.confirmed for name in (each.counted, each.confirmed)}
    return {
        **counted,
        **judged,
        "tenant": tenant,
        "tenant_name": f"{tenant} 市",
        "month": month,
        "near_line": {"count": near},
        "split_suspicions": split,
        "split_confirmed": split,
        "declared": {"count": 3, "amount_yuan": "1000000.50"},
    }


def test_doubts_are_added_up_by_whatever_they_share() -> None:
    rows = [_row("a", "2026-01", 1, 0), _row("a", "2026-02", 2, 1), _row("b", "2026-02", 0, 0)]
    by_city = summed(rows, "tenant", "tenant_name")
    assert [(each.name, each.declared, each.any) for each in by_city] == [("a 市", 6, 4), ("b 市", 3, 0)]
    assert by_city[0].amount_yuan == "2000001.00"
    place = [each.counted for each in KINDS].index("split_suspicions")
    assert by_city[0].doubts[place] == (1, 1)
    assert [each.key for each in summed(rows, "month", "")] == ["2026-01", "2026-02"]
    assert summed(rows, "", "")[0].declared == 9 and summed([], "", "") == []


async def test_a_number_of_doubts_leads_to_its_cases_where_the_reader_has_the_list(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    unit = builder(as_user)("city.unit")
    await unit.life(name="接近限额的监管系统", facts={"investment_yuan": "4700000.00"}).at("submitted")
    for who in (("360000", "supervisor"), ("360100", "gatekeeper")):
        reader = await visit(*who)
        shown = await reader.go("/console/suspicion-figures")
        assert shown.status == 200 and not shown.codes and "接近限额" in shown.text
        led = re.findall(r'<p class="figure"><a href="(/console/[^"]+)">', shown.html)
        assert led
        for address in led:
            assert (await reader.go(address.replace("&amp;", "&"))).status == 200, address


async def test_an_article_tells_what_has_changed_of_it(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    office = as_user("360000", "office")
    body = {
        "document_date": "2026-01-05",
        "document_number": "赣府厅发〔2099〕77号",
        "effective_from": "2099-01-01",
        "entries": [{"key": "limit.other", "value": "8000000.00"}],
        "issued_by": ["general_office"],
        "reason": "提高限额",
        "transition": {"mode": "stay"},
    }
    version = (await office("GET", f"/rulebook?on={body['effective_from']}")).json()["version"]  # of that day
    made = await office("POST", "/rulebook/amendments", {**body, "expected_version": version})
    assert made.status_code == 201, made.text
    reader = await visit("360100", "gatekeeper")
    shown = await reader.go("/console/rules/9")
    told = shown.html.partition('id="changes"')[2].partition("</section>")[0]
    assert "赣府厅发〔2099〕77号" in told and "改为 800 万元" in told and "待确认" in told and not shown.codes
    assert "没有改过" in (await reader.go("/console/rules/29")).text


async def test_a_things_page_and_its_look_press_for_nothing_that_does_not_wait(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    made = await as_user("360000", "agency")("POST", "/experts", expert("360000", name="专家某某"))
    assert made.status_code == 201, made.text
    office = await visit("360000", "office")
    listed = await office.go("/console/experts")
    assert "先看一眼" in listed.text and "暂停专家" not in listed.text
    one = await office.go(f"/console/experts/{made.json()['id']}")
    assert "暂停专家" in one.text and "没有写：" in one.text
    facts = one.html.partition('<dl class="facts')[2].partition("</dl>")[0]
    assert facts and '<dd class="prose">—' not in facts


async def test_a_reason_is_told_with_what_it_is_the_reason_for(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    await submitted(as_user, "5300000.00", "说明理由的监管系统")
    office = await visit("360000", "office")
    shown = await office.go("/console/reasons")
    rows = [row for row in re.findall(r"<tr.*?</tr>", shown.html, re.S) if "说明理由的监管系统" in row]
    assert rows and all("<td" in row for row in rows) and not shown.codes
    assert any("未列入年度重点项目库" in row for row in rows)
