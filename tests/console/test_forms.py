"""What holds for every form: what was written comes back, what is hostile breaks nothing, and who acts for whom."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from service.console import choosing, pages, wording
from service.docs.document import COMMITTED
from service.docs.input_types import one_of, text_type
from service.kit import clock
from service.kit.acting import whose
from service.kit.formdata import body_of
from service.kit.principal import DeputedRole, Principal
from tests.console.browser import Form, Shown
from tests.console.test_case import submitted
from tests.worlds import Caller

CITY, HOSTILE = "360100", "</textarea><script>alert(1)</script>"
NOWHERE = f"/console/projects/{CITY}-0190c000-0000-7000-8000-000000000000"
_FIELD = re.compile(
    r"""<input(?![^>]*type="(?:hidden|file|password|checkbox)")[^>]*>|<(textarea|select)\b.*?</\1>""", re.S
)
_SENT = re.compile(r'name="(?:/|_query|\{\{)')
_KEPT = re.compile(r"visit\.(?:field|form)|\bwas\b|\bvalue\b ==|\{\{ value")


def test_every_field_of_a_template_shows_what_was_sent() -> None:
    """A refusal (409, 412, 422) gives the page back: whatever was written or chosen stands in it again."""
    seen = 0
    for template in sorted(pages.TEMPLATES.rglob("*.html")):
        text = re.sub(r"\{#.*?#\}", "", template.read_text("utf-8"), flags=re.S)
        # What stands between braces may hold a `>`; only its words count here.
        text = re.sub(r"\{[{%].*?[%}]\}", lambda part: part[0].replace(">", " "), text, flags=re.S)
        for each in _FIELD.finditer(text):
            if _SENT.search(each[0]) and "one-time-code" not in each[0]:  # spent, or wrong
                seen += 1
                assert _KEPT.search(each[0]), (template.name, each[0])
    assert seen > 20


async def test_rows_beyond_those_of_an_empty_form_come_back(visit: Callable[..., Any]) -> None:
    unit = await visit(CITY, "unit")
    form = (await unit.go("/console/projects/new")).form("projects_create")
    form.fields |= {"/facts/investment_yuan": "much"} | {
        f"/materials/funding/{row}/source": f"来源{row}{HOSTILE}" for row in range(5)
    }
    refused = await unit.send("/console/projects/new", form)
    assert refused.status_code == 422 and "<script>alert" not in refused.text
    assert [row for row in range(5) if f"来源{row}&lt;" not in refused.text] == []


async def test_a_form_cannot_take_the_place_of_the_pages_own_address(visit: Callable[..., Any]) -> None:
    """Parts called like the page's own, or like what our functions call them, are no fault of ours."""
    unit = await visit(CITY, "unit")
    mark = (await unit.go("/console/messages")).forms[-1].fields["_csrf"]
    for name in ("ref", "name", "self", "operation"):
        sent = Form({"method": "post"})
        sent.fields = {"_csrf": mark, "_op": "projects_withdraw", f"_part.{name}": "x", "/reason": "撤回"}
        answer = await unit.send(NOWHERE, sent, **{"sec-fetch-site": "same-origin"})
        assert answer.status_code == 404, (name, answer.text)


async def test_versions_are_asked_for_by_numbers_only(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    ref = await submitted(as_user, "4600000.00", "版次系统")
    unit, keeper = await visit(CITY, "unit"), await visit(CITY, "gatekeeper")
    back = (await keeper.go(f"/console/projects/{ref}")).form("projects_gatekeep_return")
    back.fields["/reason"] = "补充"
    assert (await keeper.send(f"/console/projects/{ref}", back)).status_code == 303
    for left in ("9" * 4400, "9" * 9, "²", "٣", "-1"):
        shown = await unit.go(f"/console/projects/{ref}/versions?left={left}&right=1")
        assert shown.status in (200, 404), (left, shown.status)


async def test_a_case_that_cannot_be_changed_says_so_and_has_no_button(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    ref = await submitted(as_user, "4600000.00", "已报系统")
    unit = await visit(CITY, "unit")
    actions = (await as_user(CITY, "unit")("GET", f"/projects/{ref}")).json()["actions"]
    assert not [each for each in actions if each["action"] == "edit" and each["allowed"]]
    shown = await unit.go(f"/console/projects/{ref}/edit?step=money")
    assert "现在不能修改" in shown.text
    assert "存好，下一步" not in shown.text and not shown.codes
    assert "可以提交了" not in (await unit.go(f"/console/projects/{ref}/edit?step=submit")).text


def test_every_deed_of_a_template_asks_a_deputy_in_whose_name() -> None:
    """Where both roles allow a deed; not what is everybody's own, and not administration, which is never deputed."""
    own = {"messages.html", "notifications.html", "deputies.html", "people.html", "person.html"}
    for template in sorted(pages.TEMPLATES.rglob("*.html")):
        text = template.read_text("utf-8")
        for form in re.findall(r"<form[^>]*>.*?</form>", text, re.S):
            if 'name="_op"' in form and template.name not in own:
                assert "whose(visit, " in form, (template.name, form[:200])


async def test_a_deputy_is_asked_in_whose_name_where_both_roles_allow_it(app: Any) -> None:
    """Both organs have a word in a joint review; only one of them confirms ciphers; what is one's own is not asked."""
    stood = tuple(
        DeputedRole("crypto_organ", str(UUID(int=n)), login) for n, login in ((7, "zhou"), (8, "wu"))
    )
    me, roles = str(UUID(int=9)), ("cyber", "crypto_organ")
    deputy = Principal(CITY, "city", me, "li", None, None, roles, 9e9, me, 0.0, deputed=stood)
    policy = app.app.state.services.policy
    assert whose(deputy, policy, (("joint_review", "opine"),)) == [None, "wu", "zhou"]
    assert whose(deputy, policy, (("acceptance", "confirm_crypto"),)) == ["wu", "zhou"]
    assert (
        whose(deputy, policy, (("deputy", "name"),)) == whose(deputy, policy, (("inbox", "mark"),)) == [None]
    )
    assert whose(replace(deputy, deputed=()), policy, (("joint_review", "opine"),)) == [None]


async def test_pages_tell_in_whose_name_one_acts(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    """A deputy is told so on every page, and the trail says what was told: for the absent what is not one's own."""
    ref = await submitted(as_user, "4600000.00", "代办系统")
    today, keeper = clock.legal_day(clock.now()).isoformat(), as_user(CITY, "gatekeeper")
    own = await (await visit(CITY, "gatekeeper")).go("/console")
    assert 'id="standing"' not in own.html
    asked = {"role": "gatekeeper", "deputy_login": "cyber", "from_day": today, "until_day": today}
    named = await keeper("POST", "/deputies", asked)
    assert named.status_code == 201, named.text
    try:
        deputy = await visit(CITY, "cyber")
        shown = await deputy.go(f"/console/projects/{ref}")
        assert "您还代" in shown.text and "设区市统筹把关人员" in shown.text and not shown.codes
        assert "排在前面" not in shown.text
        back = shown.form("projects_gatekeep_return")
        back.fields |= {"/reason": "补充", "_for": "approver"}
        refused = await deputy.shown(f"/console/projects/{ref}", back)
        assert refused.status == 403 and "不代" in refused.text and "补充" in refused.html
        back.fields["_for"] = "gatekeeper"
        assert (await deputy.send(f"/console/projects/{ref}", back)).status_code == 303
        steps = (await keeper("GET", f"/projects/{ref}/history")).json()["transitions"]
        assert steps[-1]["actor"] == f"user:{CITY}:cyber for gatekeeper"
        assert "（代" in (await deputy.go(f"/console/projects/{ref}")).text
    finally:
        ended = await keeper("POST", f"/deputies/{named.json()['id']}/end", {})
        assert ended.status_code < 300, ended.text


def test_whatever_may_be_chosen_is_what_the_field_takes() -> None:
    """Ids of lists carry their tenant; some deeds take them without. The pattern of the field decides."""
    row, seen = {"id": "360000-0190c000-0000-7000-8000-000000000000", "name": "某"}, set[str]()
    schemas = json.loads(COMMITTED.read_text(encoding="utf-8"))["components"]["schemas"]
    for each in (schema for schema in schemas.values() if "properties" in schema):
        for name, field in each["properties"].items():
            shape, _ = one_of(field)
            of = text_type(name, shape)[1] if shape and shape.get("type") == "string" else ""
            if of in choosing.LISTS and "pattern" in (shape or {}) and not name.startswith("tenant"):
                value, _ = choosing.choice(row, ("name",), bare=of in choosing.BARE)
                assert re.fullmatch(shape["pattern"], value), (name, of, shape["pattern"], value)
                seen.add(of)
    assert {"office", "expert", "user", "app"} <= seen, seen


async def test_a_fault_leads_to_its_field_and_names_it(visit: Callable[..., Any]) -> None:
    unit = await visit(CITY, "unit")
    form = (await unit.go("/console/projects/new")).form("projects_create")
    form.fields |= {
        "/name": "试",
        "/facts/investment_yuan": "四百万",
        "/materials/funding/0/amount_yuan": "七",
    }
    refused = Shown(await unit.send("/console/projects/new", form))
    ids = {given.get("id") for _, given in refused.tags}
    links = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', refused.html.partition('class="faults"')[2])
    assert refused.status == 422 and len(links) >= 2, links
    assert {at for at, _ in links} <= ids, {at for at, _ in links} - ids
    assert len({said for _, said in links}) == len(links), links


def test_what_has_a_name_each_is_typed_a_line_each() -> None:
    given = {"试运行报告": "已完成\n说明：见附件", "承诺": "不重复建设"}
    typed = wording.a_line_each(given)
    assert json.loads(body_of([("/materials/extra:named", typed)])) == {"materials": {"extra": given}}
    assert (
        json.loads(body_of([("/materials/extra:named", "承诺: 是\n没有名称")]))["materials"]["extra"]
        == "承诺: 是\n没有名称"
    )
