"""All that was declared is on the case's page, by the names of the form; why a case came back stands before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import inspect

from service.console.declared import MEMBERS, content_of
from service.console.versions import called
from service.projects.schemas import DraftIn, FactsIn
from tests.lives import builder
from tests.worlds import Caller

FORM = {
    "period": {"from_month": "2026-01", "to_month": "2027-06"},
    "costs": [{"item": "software", "amount_yuan": "900000.00"}],
    "networks": ["internet", "dedicated"],
    "indicators": [{"name": "办理时限", "unit": "天", "current": "10", "target": "5"}],
}
MATERIALS = {
    "plan": {"crypto": "国产算法"},
    "funding": [{"source": "本级预算", "amount_yuan": "900000.00"}],
    "resolution": {"body": "局党组会", "number": "3 号"},
    "technical_plan": "依托政务云",
    "extra": {"承诺书": "已盖章"},
    "form": FORM,
}
FACTS = {
    "kind": "new",
    "fiscal_funds": True,
    "evidence": {"deployment": {"issuer": "省政府", "number": "2 号"}},
}


def _fields(kind: inspect.Type, at: str) -> Iterator[tuple[str, bool]]:
    """(pointer, whether it holds a code) of all that a draft may hold."""
    if isinstance(kind, inspect.Metadata):
        yield from _fields(kind.type, at)
    elif isinstance(kind, inspect.UnionType):
        for each in kind.types:
            yield from _fields(each, at)
    elif isinstance(kind, inspect.ListType):
        yield from _fields(kind.item_type, at)
    elif isinstance(kind, inspect.LiteralType):
        yield at, True
    elif isinstance(kind, inspect.StructType):
        for each in kind.fields:
            yield f"{at}/{each.encode_name}", False
            yield from _fields(each.type, f"{at}/{each.encode_name}")


def test_all_that_a_draft_may_hold_has_a_name_and_its_codes_have_words() -> None:
    every = [*_fields(inspect.type_info(DraftIn), ""), *_fields(inspect.type_info(FactsIn), "/facts")]
    apart = {"/owner_office_id", "/external_ref", "/facts", "/materials", "/facts/reuse_check"}
    assert [at for at, _ in every if at not in MEMBERS and at not in apart] == []
    assert [at for at, coded in every if coded and at not in apart and not MEMBERS[at].codes] == []


def test_what_was_declared_is_told_whole_in_the_order_in_which_one_decides() -> None:
    told = content_of({"materials": MATERIALS, "facts": FACTS})
    assert [each.heading for each in told] == [
        "资金",
        "申报表",
        "技术方案",
        "依据文件",
        "会议决议",
        "其他材料",
    ]
    text = "\n".join(f"{line.label}：{line.value}" for each in told for line in each.lines)
    for words in (
        "软件",
        "900,000.00 元",
        "互联网、专网",
        "办理时限",
        "目标值 5",
        "2027-06",
        "局党组会",
        "省政府",
        "承诺书：已盖章",
        "国产算法",
    ):
        assert words in text, words
    assert not re.search(r"[a-z]{3,}", text)
    assert called("/materials/form/costs/0/amount_yuan") == "投资构成 · 第 1 行 · 金额"
    assert called("/materials/resolution/body") == "会议决议 · 决议会议"


async def test_why_a_case_came_back_stands_first_wherever_its_owner_meets_it(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    case = await builder(as_user)("city.unit").life(name="养老服务监管系统").at("submitted")
    keeper, reason = await visit("360100", "gatekeeper"), "请补充与现有系统的衔接办法"
    form = (await keeper.go(f"/console/projects/{case.id}")).form("projects_gatekeep_return")
    form.fields |= {"/reason": reason, "_key": "given-back-0001"}
    assert (await keeper.send(f"/console/projects/{case.id}", form)).status_code == 303
    unit = await visit("360100", "unit")
    page = await unit.go(f"/console/projects/{case.id}")
    assert page.text.index(reason) < page.text.index("为什么走这条路")
    assert page.html.index(">修改草稿") < page.html.index('value="projects_submit"')
    for address in (f"/console/projects/{case.id}/edit", f"/console?queue=returned&peek={case.id}"):
        assert reason in (await unit.go(address)).text, address
    edit = (await unit.go(f"/console/projects/{case.id}/edit")).form("projects_edit")
    edit.fields["_key"] = "given-back-0002"
    assert (await unit.send(f"/console/projects/{case.id}/edit", edit)).status_code == 303
    again = await unit.go(
        f"/console/projects/{case.id}"
    )  # once it was changed, handing it in comes first again
    assert again.html.index('value="projects_submit"') < again.html.index(">修改草稿")
