"""What pages say: messages in parts, amounts in 万元, refusals with what to do, keys that can be switched off."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from service.console.sentences import Told, amounts, brief, told
from service.console.static import STATIC
from service.kit.db import Door
from tests.console.test_case import submitted
from tests.console.test_rules import CITY
from tests.lives.worker import carried
from tests.worlds import Caller

KEYS = (STATIC / "console.js").read_text("utf-8")


def test_a_message_says_what_happened_why_and_what_to_do() -> None:
    said = told(
        "某某办公室申报“数据平台”，总投资15,000,000.00元。路径：省级论证评估（依据第九条、第十三条）。请按第九条统筹把关。"
    )
    assert said == Told(
        "某某办公室申报“数据平台”，总投资1,500 万元。路径：省级论证评估。", [9, 13], "请按第九条统筹把关。"
    )
    assert (
        told("请核对。") == Told("", [], "请核对。")
        and told("") == Told("", [], "")
        and told(None).what == ""
    )
    assert brief("低于限额 5,000,000.00 元（第九条、第十七条第三项）") == "低于限额 500 万元。"
    assert brief("退回（理由见附件）") == "退回（理由见附件）。"  # brackets that cite nothing stay
    assert amounts("4,999,999.99 元") == "499.999999 万元"  # nothing is rounded away


async def test_a_refusal_says_what_and_where_to_go_on(visit: Callable[..., Any]) -> None:
    keeper = await visit(CITY, "gatekeeper")
    barred = await keeper.go("/console/admin/people")
    assert barred.status == 403 and "回到待办" in barred.text and "/console/intake" in barred.html
    lost = await keeper.go(f"/console/projects/{CITY}-019a0000-0000-7000-8000-000000000001")
    assert lost.status == 404 and "不属于您所在的单位" in lost.text and "回到待办" in lost.text
    secret = await keeper.go("/console/projects?text=绝密★三十年")
    assert secret.status == 422 and "保密人员" in secret.text and "三十年" not in secret.html
    assert not barred.codes and not lost.codes and not secret.codes
    for query, words in (("which=unread", "没有未读的消息"), ("which=open", "没有还没办的")):
        quiet = await (await visit(CITY, "supervisor")).go(f"/console/messages?{query}")
        assert words in quiet.text or "共 " in quiet.text


async def test_a_message_is_a_row_and_is_read_beside_it(
    as_user: Callable[..., Caller], visit: Callable[..., Any], door: Door
) -> None:
    """On the part that every list is drawn by: the whole text, its articles and what is to be done stand beside it."""
    await submitted(as_user, "900000.00", "消息所说的系统")
    await carried(door)
    keeper = await visit(CITY, "gatekeeper")
    shown = await keeper.go("/console/messages?which=open")
    assert 'class="look-at unasked"' in shown.html and "去掉条件 哪些：还没办的" in shown.text
    look = next(given["hx-get"] for _, given in shown.tags if "消息所说的系统" in given.get("aria-label", ""))
    beside = (await keeper.go(look)).text.partition("所选的消息")[2]
    assert "去办：完成统筹把关" in beside and "第九条" in beside and not shown.codes
    mark = next(each for each in shown.forms if each.fields.get("_op") == "inbox_mark")
    sent = await keeper.send("/console/messages?which=open", mark)
    assert sent.headers["location"].startswith("/console/messages?which=open")


async def test_keys_are_told_and_can_be_switched_off(visit: Callable[..., Any]) -> None:
    keeper = await visit(CITY, "gatekeeper")
    table = await keeper.go("/console/keys")
    told_keys = set(re.findall(r"<kbd>([A-Z/?])</kbd>", table.html))
    known = {each.upper() for each in re.findall(r'key === "(.)"', KEYS) if each != " "} | {
        "D",
        "M",
        "X",
        "Y",
    }
    assert told_keys == known, "the table tells the keys that the script knows"
    form = next(each for each in table.forms if each.action == "/console/keys")
    for value, off in (("off", True), ("on", False)):
        form.fields["keys"] = value
        assert (await keeper.send("/console/keys", form)).headers["location"] == "/console/keys"
        assert ('data-keys="off"' in (await keeper.go("/console/keys")).html) is off
    form.fields |= {"to": "//evil.test", "keys": "on"}
    assert (await keeper.send("/console/keys", form)).headers["location"] == "/console/keys"
