"""A draft goes through its steps by forms alone, and is told where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from service.console.versions import changes
from tests.console.browser import Shown

HOSTILE = "<img src=x onerror=alert(1)>{{ 7*7 }}"


def test_two_versions_are_told_apart_field_by_field() -> None:
    before = {
        "facts": {"investment_yuan": "4900000.00", "kind": "new", "cross_level": False},
        "materials": {"funding": [{"source": "市级财政", "amount_yuan": "4900000.00"}]},
    }
    after = {
        "facts": {"investment_yuan": "5300000.00", "kind": "new", "cross_level": True},
        "materials": {"funding": [{"source": "市级财政", "amount_yuan": "5300000.00"}, {"source": "自筹"}]},
    }
    told = {each.label: (each.before, each.after) for each in changes(before, after)}
    assert told["总投资"] == ("4,900,000.00 元", "5,300,000.00 元")
    assert ("", "自筹") in told.values() and ("", "是") in told.values() and len(told) == 4
    assert changes(after, after) == []


async def test_a_draft_goes_through_its_steps_and_is_told_where_it_stands(visit: Callable[..., Any]) -> None:
    unit = await visit("360100", "unit")
    new = await unit.go("/console/projects/new")
    form = new.form("projects_create")
    form.fields |= {"/name": "视频", "_look": "1"}
    early = await unit.send("/console/projects/new", form)  # before the first word is finished
    assert early.status_code == 200 and "相同词句" not in early.text and "/console/apps/3" in early.text
    form.fields |= {
        "/name": f"视频会商系统{HOSTILE}",
        "/facts/project_class": "other",
        "/facts/kind": "new",
        "/facts/investment_yuan": "1800000.00",
        "/facts/fiscal_funds:boolean": "true",
        "/facts/classified:boolean": "false",
        "/materials/funding/0/source": "市级财政",
        "/materials/funding/0/amount_yuan": "1000000.00",
    }
    looked = await unit.send("/console/projects/new", form)
    assert (
        looked.status_code == 200
        and "低于限额" in looked.text
        and "还差 800,000.00 元 没有来源" in looked.text
    )
    assert "<img src=x" not in looked.text
    form.fields.pop("_look")
    made = await unit.send("/console/projects/new", form)
    assert made.status_code == 303 and "step=money" in made.headers["location"], made.text
    at = made.headers["location"].partition("?")[0]
    for step in ("overview", "money", "content", "reuse", "papers", "submit"):
        shown = await unit.go(f"{at}?step={step}")
        assert shown.status == 200 and not shown.codes and "差" in shown.text, step
    money = (await unit.go(f"{at}?step=money")).form("projects_edit")
    money.fields |= {"/materials/funding/0/amount_yuan": "1800000.00"}
    kept = await unit.send(f"{at}?step=money", money)
    assert kept.status_code == 303 and "step=content" in kept.headers["location"], kept.text
    stale = await unit.send(f"{at}?step=money", _again(money))
    assert stale.status_code == 412 and 'value="1800000.00"' in stale.text and 'role="alert"' in stale.text


async def _drafted(unit: Any, amount: str) -> str:
    """Where a draft of what the province offers already is written."""
    form = (await unit.go("/console/projects/new")).form("projects_create")
    form.fields |= {
        "/name": "县级视频会议系统",
        "/facts/project_class": "other",
        "/facts/kind": "new",
        "/facts/investment_yuan": amount,
        "/facts/fiscal_funds:boolean": "true",
        "/facts/classified:boolean": "false",
    }
    made = await unit.send("/console/projects/new", form)
    return str(made.headers["location"]).partition("?")[0]


async def test_what_exists_is_answered_on_the_draft(visit: Callable[..., Any]) -> None:
    """On the step's own form, by its one button; an answer too few is told, and who takes what exists is led there."""
    unit = await visit("360100", "unit")
    at = await _drafted(unit, "1800000.00")
    shown = await unit.go(f"{at}?step=reuse")
    form = shown.form("projects_edit")
    rows = [name for name in form.fields if name.endswith("/candidate")]
    assert rows and not shown.codes and "可复用的应用或项目" not in shown.text  # nobody types an id
    assert shown.html.count('<button class="btn main">') == 1, "one obvious way"
    assert "尚未答复能不能用" in (await unit.go(f"{at}?step=submit")).text
    early = await unit.send(f"{at}?step=reuse", form)
    assert early.status_code == 303 and "step=papers" in early.headers["location"], "nothing need be said yet"
    form = (await unit.go(f"{at}?step=reuse")).form("projects_edit")
    form.fields |= {"/facts/sharing/exchange:boolean": "true"}
    form.fields |= {f"{row.removesuffix('/candidate')}/reason": "须与本地执法系统对接" for row in rows}
    unsaid = await unit.send(f"{at}?step=reuse", form)
    assert unsaid.status_code == 422 and "须与本地执法系统对接" in unsaid.text, (
        "the text is kept, the answer is asked"
    )
    form = Shown(unsaid).form("projects_edit")
    assert form.fields["/facts/sharing/exchange:boolean"] == "true"
    form.fields |= {f"{row.removesuffix('/candidate')}/answer": "build" for row in rows}
    sent = await unit.send(f"{at}?step=reuse", form)
    assert sent.status_code == 303 and "step=papers" in sent.headers["location"], sent.text
    kept = await unit.go(f"{at}?step=reuse")
    assert "须与本地执法系统对接" in kept.html
    before = kept.form("projects_edit").fields["_version"]
    await unit.send(f"{at}?step=reuse", kept.form("projects_edit"))
    after = (await unit.go(f"{at}?step=reuse")).form("projects_edit").fields["_version"]
    assert int(after.strip('"')) == int(before.strip('"')) + 1, (
        "what was answered already is not answered again"
    )
    assert "尚未答复能不能用" not in (await unit.go(f"{at}?step=submit")).text
    tasks = kept.text.partition("填写步骤")[2].partition("统建复用")[0]
    assert "项目概况" in tasks and "差" in tasks and 'aria-current="step"' in kept.html


async def test_who_takes_what_exists_gives_up_the_draft_with_the_request(visit: Callable[..., Any]) -> None:
    unit = await visit("360100", "360111.unit")
    at = await _drafted(unit, "800000.00")
    draft = await unit.go(f"{at}?step=reuse")
    links = re.findall(r'href="(/console/apps/[^"]+instead=[^"#]+)#request"', draft.html)
    pages = {each: await unit.go(each) for each in links}  # what is being replaced takes no request
    link = next(each for each, page in pages.items() if "/instead_of" in page.html)
    asked = pages[link].form("adoptions_request")
    assert asked.fields["/instead_of"] in at
    asked.fields |= {"/users:number": "20", "/scope": "县直单位开会"}
    sent = await unit.send(link, asked)
    assert sent.status_code == 303, sent.text
    assert (await unit.go(at)).status == 404, "what is adopted is not built"


def _again(form: Any) -> Any:
    form.fields["_key"] = "steps-0002"
    return form


async def test_the_counter_is_told_once(visit: Callable[..., Any]) -> None:
    keeper = await visit("360100", "gatekeeper")
    first = await keeper.client.get("/console/counters")
    assert first.status_code == 200 and first.headers["etag"]
    again = await keeper.client.get("/console/counters", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content


async def test_what_is_refused_opens_what_was_typed_or_is_wrong_and_nothing_else(
    visit: Callable[..., Any],
) -> None:
    unit = await visit("360100", "unit")
    form = (await unit.go("/console/projects/new")).form("projects_create")
    form.fields |= {"/name": "水利", "/facts/kind": "new", "/facts/project_class": "other"}
    form.fields |= {"/facts/classified:boolean": "false", "/facts/fiscal_funds:boolean": "true"}
    form.fields |= {"/facts/investment_yuan": "四百万", "/materials/basics/main_tasks": "建一个系统"}
    refused = await unit.send("/console/projects/new", form)
    assert "有 1 处要改" in refused.text
    folds = re.findall(r'<details class="fold"( open)?><summary>([^<]+?)\s*<', refused.text)
    assert [name for is_open, name in folds if is_open] == ["基本情况"] and len(folds) > 5


async def test_what_is_missing_is_open_and_led_to(visit: Callable[..., Any]) -> None:
    unit = await visit("360100", "unit")
    form = (await unit.go("/console/projects/new")).form("projects_create")
    form.fields |= {"/name": "防汛", "/facts/kind": "new", "/facts/project_class": "other"}
    form.fields |= {"/facts/classified:boolean": "false", "/facts/fiscal_funds:boolean": "true"}
    form.fields |= {"/facts/investment_yuan": "1800000.00"}
    at = (await unit.send("/console/projects/new", form)).headers["location"].partition("?")[0]
    for step, part, least in (("content", "materials/basics", 4), ("papers", "materials/resolution", 3)):
        shown = await unit.go(f"{at}?step={step}")
        fold = re.search(
            rf'<details class="fold"( open)?><summary>[^<]*<em[^>]*>[^<]*</em></summary>\s*'
            rf'<fieldset class="group" id="f-projects_edit-{part.replace("/", "-")}"',
            shown.html,
        )
        assert fold is not None and fold[1], f"{part}: what is missing stands in what is folded away"
        led = set(re.findall(r'href="#(f-projects_edit[^"]+)"', shown.html))
        assert len(led) >= least and all(f'id="{each}"' in shown.html for each in led), (step, led)
    assert '<details class="fold"><summary>还有这些情形吗' in (await unit.go(f"{at}?step=overview")).html
