"""An administrator's week by forms alone: people pasted, roles that exclude each other, keys confirmed by two."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from service.console import choosing
from service.console.admin_audit import act_of
from service.console.admin_people import csv_of, table_of
from service.console.year import months_of
from service.kit.ids import new_id
from service.vocabulary import VOCABULARIES

HOSTILE = "<img src=x onerror=alert(1)>{{ 7*7 }}"
PEOPLE = "/console/admin/people"


def form_of(shown: Any, operation: str, **parts: str) -> Any:
    """The form of an operation, for these parts of its address."""
    wanted = {"_op": operation, **{f"_part.{name}": value for name, value in parts.items()}}
    return next(each for each in shown.forms if wanted.items() <= each.fields.items())


async def settled(browser: Any, at: str) -> Any:
    """The sheet's page once it is worked through."""
    for _ in range(600):
        shown = await browser.go(at)
        if "正在处理" not in shown.text:
            return shown
    raise AssertionError(shown.text)


async def test_people_are_pasted_checked_row_by_row_and_put_in_force(visit: Callable[..., Any]) -> None:
    admin = await visit("360100", "administrator")
    form = next(each for each in (await admin.go(f"{PEOPLE}/paste")).forms if "pasted" in each.fields)
    mark = new_id()[-8:]
    rows = [
        f"p{mark}\t张新\t南昌市数据局\t设区市统筹把关人员",
        f"q{mark}\t李新\t没有这个单位\t",
        f"r{mark}\t{HOSTILE}\t南昌市数据局\t设区市统筹把关人员、设区市批复人员",
    ]
    form.fields["pasted"] = "\r\n".join(rows)
    sent = await admin.send(f"{PEOPLE}/paste", form)
    assert sent.status_code == 303, sent.text
    faulty = await settled(admin, sent.headers["location"])
    assert "2 行有误" in faulty.text and "<img src=x" not in faulty.html and not faulty.codes, faulty.text

    form.fields |= {"pasted": rows[0], "_key": f"again-{mark}"}
    good = await settled(admin, (await admin.send(f"{PEOPLE}/paste", form)).headers["location"])
    assert "1 人可以导入" in good.text, good.text
    at = good.response.url.path
    assert (await admin.send(at, form_of(good, "workbooks_commit"))).status_code == 303
    assert "已导入 1 人" in (await settled(admin, at)).text
    listed = await admin.go(f"{PEOPLE}?name=张新")
    assert f"p{mark}" in listed.text and "设区市统筹把关人员" in listed.text
    assert (await (await visit("360100", "p" + mark)).go("/console")).status == 200


async def test_roles_say_why_they_cannot_be_given_and_are_given_and_taken(visit: Callable[..., Any]) -> None:
    admin = await visit("360100", "administrator")
    form = form_of(await admin.go(PEOPLE), "users_create")
    office = next(
        given["value"]
        for tag, given in (await admin.go(PEOPLE)).tags
        if tag == "option" and len(given.get("value") or "") == 36
    )
    form.fields |= {"/name": HOSTILE, "/login": "Not A Login", "/office_id": office}
    refused = await admin.send(PEOPLE, form)
    assert refused.status_code == 422 and "<img src=x" not in refused.text and "&lt;img src=x" in refused.text
    form.fields |= {"/login": f"w{new_id()[-8:]}", "_key": new_id()}
    at = (await admin.send(PEOPLE, form)).headers["location"]
    for role in ("info_centre", "cyber"):
        assert (
            await admin.send(at, form_of(await admin.go(at), "users_grant", role=role))
        ).status_code == 303
    page = await admin.go(at)
    assert "只能单独担任" in page.text and not page.codes and "<img src=x" not in page.html
    assert not [each for each in page.forms if each.fields.get("_part.role") == "administrator"]
    withdrawn = await admin.send(at, form_of(page, "users_withdraw", role="cyber"))
    assert withdrawn.status_code == 303
    # The last holder leaves only with somebody in his place, named in the same form.
    keeper = next(
        given["href"]
        for tag, given in (await admin.go(f"{PEOPLE}?role=approver")).tags
        if tag == "a" and str(given.get("href")).startswith(f"{PEOPLE}/360100-")
    )
    alone = form_of(await admin.go(keeper), "users_withdraw", role="approver")
    left = await admin.send(keeper, alone)
    assert left.status_code == 409 and 'role="alert"' in left.text
    guard = await visit("360100", "security_admin")
    theirs = await guard.go(at)
    assert theirs.status == 200 and not [f for f in theirs.forms if f.fields.get("_op") == "users_grant"]
    lock = form_of(theirs, "users_lock")
    lock.fields["/reason"] = "核查"
    assert (await guard.send(at, lock)).status_code == 303 and "锁定" in (await admin.go(at)).text


@pytest.mark.parametrize(
    ("place", "create", "fields", "rotate"),
    [
        ("clients", "clients_create", {"/id": "pages", "/name": HOSTILE}, "clients_rotate"),
        ("webhooks", "webhooks_create", {"/url": "https://portal.example/hook"}, "webhooks_rotate"),
    ],
)
async def test_a_secret_is_on_the_page_once(
    visit: Callable[..., Any], place: str, create: str, fields: dict[str, str], rotate: str
) -> None:
    admin, at = await visit("360100", "administrator"), f"/console/admin/{place}"
    form = form_of(await admin.go(at), create)
    form.fields |= fields
    made = await admin.send(at, form)
    assert made.status_code == 200 and made.text.count('class="secret"') == 1, made.text[-500:]
    listed = await admin.go(at)
    assert 'class="secret"' not in listed.html and "<img src=x" not in listed.html and not listed.codes
    one = next(
        given["href"]
        for tag, given in listed.tags
        if tag == "a" and str(given.get("href")).startswith(f"{at}/")
    )
    again = await admin.send(one, form_of(await admin.go(one), rotate))
    assert again.status_code == 200 and 'class="secret"' in again.text
    assert 'class="secret"' not in (await admin.go(one)).html


async def test_what_gives_power_is_confirmed_by_a_second_person_on_the_page(
    visit: Callable[..., Any],
) -> None:
    admin, guard = await visit("360100", "administrator"), await visit("360100", "security_admin")
    at = "/console/admin/issuers"
    form = form_of(await admin.go(at), "issuers_create")
    form.fields |= {
        "/id": "paged",
        "/name": HOSTILE,
        "/issuer": "https://sso.example.gov.cn",
        "/client_id": "t",
    }
    refused = await admin.send(at, form)
    assert refused.status_code == 422 and "<img src=x" not in refused.text
    form.fields |= {"/roles:each": "unit", "_key": new_id()}
    one = (await admin.send(at, form)).headers["location"]
    mine = await admin.go(one)
    assert mine.status == 200 and not mine.codes and "<img src=x" not in mine.html and "/back" in mine.text
    assert not [each for each in mine.forms if each.fields.get("_op") == "issuers_confirm"]
    theirs = await guard.go(one)
    assert (await guard.send(one, form_of(theirs, "issuers_confirm"))).status_code == 303
    assert "现在的设置" in (await guard.go(one)).text
    assert HOSTILE not in (await guard.go("/console/enter?tenant=360100")).html
    stale = form_of(mine, "issuers_edit")
    stale.fields["_key"] = new_id()
    assert (await admin.send(one, stale)).status_code == 412


async def test_colours_are_kept_by_the_browser_and_lead_nowhere_else(visit: Callable[..., Any]) -> None:
    browser = await visit("360100", "unit")
    shown = await browser.go("/console/rules")
    form = next(each for each in shown.forms if each.action == "/console/appearance")
    assert "data-theme" not in shown.html.partition("<head>")[0]
    for theme in ("dark", "light"):
        form.fields |= {"theme": theme, "to": "/console/rules"}
        answer = await browser.send("/console/rules", form)
        assert answer.headers["location"] == "/console/rules"
        assert f'data-theme="{theme}"' in (await browser.go("/console/rules")).html
    for theme, to in (("system", "//evil.test"), ('"><script>', "https://evil.test")):
        form.fields |= {"theme": theme, "to": to}
        assert (await browser.send("/console/rules", form)).headers["location"] == "/console"
        assert "data-theme" not in (await browser.go("/console/rules")).html.partition("<head>")[0]


def test_what_is_audited_is_told_in_words() -> None:
    told = {
        "client.confirm": "确认客户端",
        "project.submit": "提交项目",
        "login.granted": "登录",
        "issuer.lock": "锁定身份系统",
        "grant.add": "授予角色",
        "review.scored": "专家评分",
        "project.gatekeep_pass": "统筹把关通过",
        "adoption.request": "应用申请",
        "system.edit": "修改现有系统",
    }
    assert {each: act_of(each) for each in told} == told
    acts = [*told, "nobody.knows"]
    known = {code for each in VOCABULARIES.values() for code in each.names}
    assert not known & {act_of(each) for each in acts}


def test_a_pasted_table_is_read_as_a_spreadsheet_program_copies_it() -> None:
    assert table_of('a\t"两\n行"\t单位\t\n\n')[1] == ["a", "两\n行", "单位", ""]
    assert table_of("登录名\t姓名\na\tb")[0] == ["登录名", "姓名"]
    assert csv_of([["=1+1", 'a"b']]) == b'\xef\xbb\xbf=1+1,"a""b"\r\n'


def test_a_year_is_drawn_day_by_day() -> None:
    """Weekends rest but where the notice has them worked; what the notice frees is free, each marked by a word."""
    months, working = months_of(
        2026,
        [
            {"date": "2026-10-01", "working": False, "note": "国庆节"},
            {"date": "2026-10-10", "working": True, "note": None},
        ],
    )
    days = {(month.name, day.day): day for month in months for week in month.weeks for day in week if day.day}
    assert len(months) == 12 and len(days) == 365 and all(len(w) == 7 for m in months for w in m.weeks)
    assert days["10 月", 1] == (1, "off", "休", "国庆节") and days["10 月", 10] == (10, "on", "班", "")
    assert days["10 月", 3].kind == "rest" and not days["10 月", 9].kind
    assert working == 261 and months[1].weeks[0][6].day == 1  # 261 weekdays, one freed and one worked instead


LISTS = {
    "people?name=没有这个人": ("没有符合这些条件的", "姓名：没有这个人"),
    "offices?valid_on=1999-01-01": ("没有符合这些条件的", "这天存续：1999-01-01"),
    "audit?at_to=1999-01-01": ("没有符合这些条件的", "到这天：1999-01-01"),
    "issuers": ("还没有接入统一身份认证", "登录页上就有它"),
}


async def test_lists_of_administration_say_why_they_are_empty_and_look_at_a_row(
    visit: Callable[..., Any],
) -> None:
    admin = await visit("361100", "administrator")
    for at, told in LISTS.items():
        shown = await admin.go(f"/console/admin/{at}")
        assert shown.status == 200 and all(each in shown.text for each in told), (at, shown.text[-900:])
    for at, seen in (
        ("people", "登录名"),
        ("offices", "性质"),
        ("audit", "请求编号"),
        ("clients", "可以代表"),
    ):
        shown = await admin.go(f"/console/admin/{at}")
        look = next(given["hx-get"] for _, given in shown.tags if "data-peek" in given)
        assert "项" in shown.text and 'class="look-at unasked"' in shown.html
        peeked = await admin.go(look)
        assert seen in peeked.text.partition("所选的一项")[2] and not peeked.codes, (at, peeked.codes)
    found = await admin.go("/console/admin/audit")
    actor = next(
        given["value"]
        for tag, given in found.tags
        if tag == "option" and ":administrator" in (given.get("value") or "")
    )
    narrowed = await admin.go(f"/console/admin/audit?actor={actor}")
    assert "去掉条件 办理人：" in narrowed.text and "登录" in narrowed.text and not narrowed.codes


async def test_an_entry_tells_who_did_what_to_whom(visit: Callable[..., Any]) -> None:
    """A sign-in is no deed on a sign-in. The whole chain is looked at after the
    page is there, and the result says how much it is of.
    """
    admin = await visit("361100", "administrator")
    shown = await admin.go("/console/admin/audit")
    rows = [re.sub(r"<[^>]+>", "|", row) for row in re.findall(r"<tr>(.*?)</tr>", shown.html, re.S)]
    entry = next(row for row in rows if "|登录|" in row)
    assert "|本系统|" in entry and "来自 " in entry and entry.count("|登录|") == 1
    asked = await admin.go("/console/admin/audit?verify=1")
    assert "没有核对完不作结论" in asked.text and "核对无误" not in asked.text
    part = next(given["hx-get"] for _, given in asked.tags if given.get("id") == "verdict")
    told = await admin.go(part)
    assert 'id="verdict"' in told.html and re.search(r"从头逐条重算了 [\d,]+ 条|还没有封存的记录", told.text)
    assert re.search(r"用时 [\d.]+ 秒", told.text) and not told.codes


async def test_which_organ_an_office_is_is_chosen_by_name(visit: Callable[..., Any], as_user: Any) -> None:
    """The mark is a code, which nobody reads or types on a page."""
    admin = await visit("360000", "administrator")
    offices = (await as_user("360000", "administrator")("GET", "/offices?limit=200")).json()["items"]
    marked = [each for each in offices if each["organ"]]
    assert len(marked) > 5
    for each in marked:
        shown = await admin.go(f"/console/admin/offices/{each['id']}")
        assert '<select id="f-offices_edit-organ"' in shown.html
        assert not shown.codes, (each["name"], shown.codes)
        assert form_of(shown, "offices_edit").fields["/organ"] == each["organ"]


async def test_who_takes_over_is_chosen_by_name_and_office(visit: Callable[..., Any], as_user: Any) -> None:
    """Not by login: only of two people of one name in one office nothing else tells them apart."""
    admin = as_user("360100", "administrator")
    people = (await admin("GET", "/users?limit=200")).json()["items"]
    office = (await admin("GET", "/offices?limit=200")).json()["items"][0]
    shown = await (await visit("360100", "administrator")).go(f"/console/admin/offices/{office['id']}")
    assert 'id="f-offices_edit-successor_id"' in shown.html and not shown.codes
    one = people[0] | {"id": "0", "name": "张三", "office_name": "甲局", "login": "zhang_san"}
    two = one | {"id": "1", "login": "zhang_san2"}
    words = [choosing.choice(each, choosing.LISTS["user"][2], bare=True) for each in (one, two, people[0])]
    apart = [each for _, each in choosing._apart([one, two, people[0]], words)]
    assert apart[:2] == ["张三　甲局（zhang_san）", "张三　甲局（zhang_san2）"] and "（" not in apart[2]
