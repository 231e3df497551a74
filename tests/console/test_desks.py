"""What the demo leaves on its desks leads each audience to a page where its deed is done, by forms alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from service.console.desk import address_of
from service.demo.client import Refused, Reply, Who
from service.demo.queues import Queues
from service.kit import clock
from service.kit.moment import Moment
from tests.console.test_frame import AUDIENCES
from tests.documents.papers import pdf_text
from tests.worlds import Caller

HOSTILE = "<img src=x onerror=alert(1)>{{ 7*7 }}"
# Deeds that have a page of their own behind the one the task leads to.
ELSEWHERE = {"projects_edit": "/edit", "reviews_draw": "reviews_draw"}


class _Client:
    """The demo's client without a server: the same calls on the application itself."""

    def __init__(self, as_user: Callable[..., Caller]) -> None:
        self.as_user = as_user

    def _by(self, who: Who) -> Caller:
        return self.as_user(who.tenant) if who.login is None else self.as_user(who.tenant, who.login)

    async def get(self, who: Who, path: str, **query: Any) -> Reply:
        return self._told(await self._by(who)("GET", path, params=query))

    async def send(
        self, who: Who, method: str, path: str, body: Any = None, *, etag: str | None = None
    ) -> Reply:
        return self._told(await self._by(who)(method, path, body, etag=etag))

    def _told(self, answer: Any) -> Reply:
        reply = Reply(
            answer.status_code, answer.headers.get("etag"), answer.json() if answer.content else None
        )
        if answer.status_code >= 400:
            raise Refused(reply)
        return reply


@pytest.fixture(scope="module")
async def left(as_user: Callable[..., Caller]) -> list[str]:
    """The demo's open cases, once."""
    said: list[str] = []
    queues = Queues(_Client(as_user), clock.legal_day(clock.now()), said.append)  # type: ignore[arg-type]
    await queues.leave()
    assert len(said) >= 12 and all("：" in each for each in said), said
    return said


@pytest.mark.long
async def test_every_task_leads_to_a_page_with_its_deed(
    left: list[str], as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    met = set()
    for who in AUDIENCES:
        browser = await visit(*who)
        answer = await as_user(*who)("GET", "/tasks?limit=100")
        assert answer.status_code == 200, answer.text
        for task in answer.json()["items"]:
            if task["queue"] in met or task["blocked"]:
                continue
            met.add(task["queue"])
            shown = await browser.go(address_of(task))
            assert shown.status == 200 and not shown.codes, (who, task, shown.codes, shown.text[:500])
            offered = [
                op
                for op in task["operation_ids"]
                if f'value="{op}"' in shown.html or ELSEWHERE.get(op, "-") in shown.html
            ]
            assert offered or not task["operation_ids"], (who, task["queue"], task["operation_ids"])
    assert {
        "gatekeeping",
        "approving",
        "filing",
        "returned",
        "assignment",
        "joint_review_opinion",
        "leading_group",
        "rectification",
    } <= met, met


async def test_an_expert_scores_once_and_steps_aside_by_forms(
    left: list[str], visit: Callable[..., Any]
) -> None:
    for login in ("expert", "expert2", "expert3", "expert4", "expert5"):
        expert = await visit("360000", login)
        listed = await expert.go("/console/assignments")
        found = re.findall(r'href="(/console/assignments/[^"]+)"', listed.html)
        if found and "open" not in found[0]:
            break
    at = next(each for each in found if "open" not in each)
    shown = await expert.go(at)
    form = shown.form("assignments_score")
    form.fields |= {
        "/scores/0/score:number": "90",
        "/scores/1/score:number": "85",
        "/scores/2/score:number": "101",
    }
    form.fields["_look"] = "1"  # the sum as it stands, with a script or by its button; nothing is handed in
    looked = await expert.shown(at, form)
    assert looked.status == 200 and "已评 2 项，共 7 项，平均" in looked.text and "87.5" in looked.text
    assert "1 项不是零到一百的整数" in looked.text
    form = looked.form("assignments_score")
    assert form.fields["/scores/1/score:number"] == "85"
    form.fields |= {f"/scores/{n}/score:number": "" for n in range(3)}
    empty = await expert.send(at, form)
    assert empty.status_code == 422 and 'role="alert"' in empty.text
    for n in range(7):
        form.fields |= {f"/scores/{n}/score:number": "86", f"/scores/{n}/opinion": HOSTILE}
    form.fields |= {"/recommendation": "pass", "/opinion": HOSTILE, "_key": "sheet-0001"}
    done = await expert.send(at, form)
    assert done.status_code == 303, done.text
    after = await expert.go(at)
    assert (
        "您的评分" in after.text
        and "已" in after.text
        and "<img src=x" not in after.html
        and "49" not in after.text[:80]
    )
    assert not [each for each in after.forms if each.fields.get("_op") == "assignments_score"]


async def test_an_organ_answers_in_the_matrix_and_the_sheet_prints(
    left: list[str], visit: Callable[..., Any]
) -> None:
    drc = await visit("360000", "drc")
    matrix = await drc.go("/console/reviews")
    rows = list(dict.fromkeys(re.findall(r'class="name" href="(/console/reviews/[^"]+)"', matrix.html)))
    assert len(rows) >= 2 and not matrix.codes and "还没有答" in matrix.text
    for at in rows:
        shown = await drc.go(at)
        form = [each for each in shown.forms if each.fields.get("_op") == "reviews_opine"]
        if form:
            assert form[0].fields["/slot"] == "drc"  # the one seat of this desk, which nobody has to choose
            form[0].fields |= {"/opinion": "conditional", "/text": HOSTILE}
            assert (await drc.send(at, form[0])).status_code == 303
            after = await drc.go(at)
            assert "有条件同意" in after.text and "<img src=x" not in after.html and not after.codes
            matrix = await drc.go("/console/reviews")
            assert "发展改革部门：有条件同意" in matrix.text and "<img src=x" not in matrix.html
            break
    else:
        pytest.fail("no row waits for this organ")
    secretary = await visit("360000", "leading_group_secretary")
    sheet = await secretary.go("/console/leading-group")
    assert "一致同意" in sheet.text and "会审意见一致" in sheet.text and not sheet.codes
    # Who prepares the meeting has the same sheet, without the secretary's deed.
    office = await visit("360000", "office")
    theirs = await office.go("/console/leading-group")
    rows = re.compile(r'<tr id="g-([^"]+)">')
    assert rows.findall(theirs.html) == rows.findall(sheet.html) != []
    assert "登记审定" in sheet.text and "登记审定" not in theirs.text and not theirs.codes


async def test_what_a_desk_owes_stands_before_what_it_may_do_besides(
    left: list[str], visit: Callable[..., Any]
) -> None:
    finance = await visit("360000", "finance")
    queue = await finance.go("/console?queue=joint_review_opinion")
    case = await finance.go(re.search(r'class="name" href="([^"]+)"', queue.html)[1].replace("&amp;", "&"))
    shown = [each.fields["_op"] for each in case.forms if each.fields.get("_op")]
    assert shown.index("reviews_opine") < shown.index("reviews_affordability"), shown


async def test_a_desk_without_a_queue_has_numbers_that_lead_to_their_rows(
    left: list[str], visit: Callable[..., Any]
) -> None:
    supervisor = await visit("360000", "supervisor")
    quiet = await supervisor.go("/console")
    assert "没有要您办的事" in quiet.text and 'hx-get="/console/watching"' in quiet.html
    home = await supervisor.go("/console/watching")
    assert not home.codes
    assert "整改未办结的" in home.text and "还没有答复" in home.text
    told = re.findall(r'<p class="figure"><a href="([^"]+)">(\d+)', home.html)
    assert [address.partition("?")[0] for address, _ in told] == [
        "/console/duties",
        "/console/projects",
        "/console/orders",
        "/console/suspicions",
    ]
    for address, count in told:
        listed = await supervisor.go(address.replace("&amp;", "&"))
        assert f"共 {count} 项" in listed.text, (address, count)


async def test_the_first_desk_sees_what_is_there_and_returns_it(
    left: list[str], visit: Callable[..., Any]
) -> None:
    keeper = await visit("360100", "gatekeeper")
    shown = await keeper.go("/console/intake")
    assert "材料 10 / 10 齐" in shown.text and not shown.codes
    form = shown.form("projects_gatekeep_return")
    form.fields |= {"/reason": HOSTILE}
    done = await keeper.send("/console/intake", form)
    assert done.status_code == 303, done.text
    unit = await visit("360100", "unit")
    case = await unit.go(str(form.action).replace("/console/intake?peek=", "/console/projects/"))
    assert "<img src=x" not in case.html and "统筹把关退回" in case.text


async def test_a_file_is_handed_in_by_a_form_and_given_back(
    left: list[str], visit: Callable[..., Any]
) -> None:
    unit = await visit("360100", "unit")
    ref = re.findall(
        r"/console/projects/(360100-[0-9a-f-]{36})", (await unit.go("/console?queue=returned")).html
    )[0]
    at = f"/console/projects/{ref}/papers"
    form = (await unit.go(at)).form("documents_upload")
    raw = pdf_text("meeting")
    name = "会议纪要 <b>.pdf"
    given = {**{key: value for key, value in form.fields.items() if key != "_file"}, "slot": "resolution"}

    async def send(**more: Any) -> Any:
        headers = {"sec-fetch-site": "same-origin"}
        return await unit.client.post(
            at, data=given, files={"_file": (name, raw, "application/pdf")}, headers=headers, **more
        )

    sent = await send()
    if sent.status_code != 303:  # a name that nothing may carry is told beside the form
        assert sent.status_code == 422 and "<b>.pdf" not in sent.text
        name = "会议纪要.pdf"
        given["_key"] = "paper-0002"
        sent = await send()
    assert sent.status_code == 303, sent.text
    shown = await unit.go(at)
    link = re.findall(r'href="(/console/projects/[^"]+/files/[^"]+)"', shown.html)[0]
    assert (await unit.client.get(link)).content == raw and not shown.codes
    given["_csrf"] = "0" * 64
    assert (await send()).status_code == 403
    other = await (await visit("360100", "360121.user")).go(at)
    assert other.status in (403, 404)


async def test_the_needs_are_needs_alone(left: list[str], visit: Callable[..., Any]) -> None:
    unit = await visit("360100", "unit")
    assert "养老服务综合平台" in (await unit.go("/console/projects")).text
    assert "养老服务综合平台" not in (await unit.go("/console/needs")).text


async def test_neighbours_follow_the_list_one_came_from(visit: Callable[..., Any]) -> None:
    office = await visit("360100", "gatekeeper")
    listed = await office.go("/console/projects")
    links = re.findall(r'class="name" href="(/console/projects/[^"]+from=[^"]+)"', listed.html)
    assert len(links) >= 2
    first = await office.go(links[0].replace("&amp;", "&"))
    assert "第 1 件" in first.text and "下一件" in first.text and "上一件" not in first.text
    lost = await office.go(links[0].partition("?")[0] + "?from=" + quote("state=nonsense"))
    assert lost.status == 200 and "下一件" not in lost.text


async def test_how_a_case_is_built_is_told_in_words(
    left: list[str],
    as_user: Callable[..., Caller],
    visit: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = as_user("360000", "office")
    states = "approved,budgeted,city_approved,filed,started,trial_run,accepted"
    found = (await office("GET", f"/projects?state={states}&limit=50")).json()["items"]
    assert found
    browser, reads, fetch = await visit("360000", "office"), list[Any](), Moment.fetch

    async def counted(self: Moment, *asked: Any) -> Any:
        reads.append(self)
        return await fetch(self, *asked)

    monkeypatch.setattr(Moment, "fetch", counted)
    for state in {each["state"]: each for each in found}.values():
        reads.clear()
        shown = await browser.go(f"/console/projects/{state['id']}/building")
        assert shown.status == 200 and not shown.codes, (state["state"], shown.codes, shown.text[:600])
        assert "进度对照" in shown.text and 'class="plan-svg"' in shown.html and "以表格查看" in shown.text
        assert "资金" in shown.text and len({id(each) for each in reads}) == 1 and reads[-1].reads <= 8
        beside = await browser.go(f"/console/projects/{state['id']}/building/with")
        assert 'id="with"' in beside.html and not beside.codes
    assert (await browser.go("/console/projects/360100-nothing/building")).status == 404
