"""The limit rises from five to eight million with cases at every desk (arts 9, 44, 45; docs/decisions/0105): once as a
line of data, once as a deed of two people. What was taken in before is finished under the old law; a draft follows
the new."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.rulebook import following
from service.rulebook.book import RuleBooks
from service.rulebook.following import RuleBookFollower
from service.rulebook.loader import load_rulebook, repo_root
from tests.lives import reviews
from tests.stories import chapters as c
from tests.stories.teller import Person, Story, Tools
from tests.worlds import world

pytestmark = pytest.mark.long  # whole lives over HTTP; the shorter ones stay in `make test`

settings, app, door, client, token, as_user = world()  # no other story is to live under these rules

DOCUMENT = "赣府厅发〔2026〕31号"
START = date(2026, 12, 1)  # before any line that the real files may gain
LINE = (
    '  - {key: limit.other, value: "8000000.00", unit: yuan, article: 9, overlay: none, effective_from: 2026-12-01, '
    f"recorded_at: 2026-11-20, document: {DOCUMENT}, note: 其他类别限额}}\n"
)
CHANGE = {"effective_from": START.isoformat(), "entries": [{"key": "limit.other", "value": "8000000.00"}]}
DEED = {
    **CHANGE,
    "document_number": DOCUMENT,
    "document_date": "2026-11-18",
    "issued_by": ["general_office"],
    "reason": "按办法修改执行",
}
SIX = {"investment_yuan": "6000000.00"}


@pytest.fixture
async def a_line_more(app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The files as they would be with the amendment written into them, while the test lasts."""
    shutil.copytree(repo_root() / "policies" / "measures", tmp_path / "measures")
    with (tmp_path / "measures" / "limits.yaml").open("a", encoding="utf-8") as file:
        file.write(LINE)
    shelf = app.app.state.services.shelf
    books, before = shelf[RuleBooks], shelf[RuleBooks].base
    books.base = load_rulebook(tmp_path / "measures")
    monkeypatch.setattr(following, "base_rulebook", lambda: books.base)
    await shelf[RuleBookFollower].load()
    yield
    books.base = before
    await shelf[RuleBookFollower].load()


async def test_as_a_line_of_data(tools: Tools, a_line_more: None) -> None:
    story = Story("限额提高：写入数据文件", tools, owner=("360700", "unit"))
    await _before(story, "360700")
    await _after(story, "360700")
    story.tell()


async def test_as_a_deed_of_two_people(tools: Tools) -> None:
    city = "360800"
    story = Story("限额提高：一人登记、另一人确认", tools, owner=(city, "unit"))
    await _before(story, city)
    await _amended(story, city)
    await _after(story, city)
    story.tell()


async def _before(story: Story, city: str) -> None:
    """Six million each: one with the province, one gatekept, one submitted, one still a draft."""
    keeper, owner = story.as_(city, "gatekeeper"), story.as_(city, "unit")
    story.on(date(2026, 10, 12))
    for name, title in (
        ("p", "智慧停车诱导平台"),
        ("kept", "档案数字化加工"),
        ("sent", "水质在线监测"),
        ("draft", "政务大厅排队叫号"),
    ):
        await c.drafted(story, owner, title, name, **SIX)
    for name in ("p", "kept", "sent"):
        await c.submitted(story, owner, name)
    for name in ("p", "kept"):
        await c.gatekept(story, name)
    await keeper.does("报省", "POST", "/projects/{p}/hand-over", {}, state="with_province", holder="province")
    assert (await story.case("p"))["route"] == "provincial_review"


async def _amended(story: Story, city: str) -> None:
    """Seen first; a clause that would strand the case with the province is refused; nobody confirms his own deed."""
    story.on(date(2026, 11, 20))
    office, drc = story.province("office"), story.province("drc")
    anew = {**CHANGE, "transition": {"mode": "next_desk"}}
    seen = (await office.call("POST", "/rulebook/amendments/preview", anew)).json()
    fates = {each["id"]: each["fate"] for each in seen["effect"]["cases"]}
    assert fates[story.ids["p"]] == "stranded"
    assert fates[story.ids["kept"]] == fates[story.ids["sent"]] == "moves"
    body = {**DEED, **anew, "expected_version": seen["rulebook_version"]}
    await office.refused(
        "过渡办法使在办项目无法继续", "POST", "/rulebook/amendments", body, "amendment_strands"
    )

    seen = (
        await office.call("POST", "/rulebook/amendments/preview", {**CHANGE, "document_number": DOCUMENT})
    ).json()
    fates = {each["id"]: each["fate"] for each in seen["effect"]["cases"]}
    assert {fates[story.ids[name]] for name in ("p", "kept", "sent")} == {"stays"}
    assert seen["effect"]["stranded"] == 0
    body = {**DEED, "expected_version": seen["rulebook_version"]}
    made = await office.does("登记规定修改", "POST", "/rulebook/amendments", body)
    assert made["amendment"]["status"] == "waiting"
    path = f"/rulebook/amendments/{made['amendment']['id']}/confirm"
    yes = {"accepted": True, "expected_version": made["rulebook_version"]}
    await office.refused("自己确认", "POST", path, yes, "same_person")
    done = await drc.does("另一人确认", "POST", path, yes)
    assert done["amendment"]["status"] == "coming"
    assert done["rulebook_version"] == seen["rulebook_version_after"]
    await _told(story, city)


async def _told(story: Story, city: str) -> None:
    """By message, event and feed, in every city."""
    await story.tools.relay()
    for tenant in (city, "360100"):
        inbox = (await story.as_(tenant, "gatekeeper").sees("/inbox?kind=rulebook.amended&limit=50"))["items"]
        assert any(DOCUMENT in each["title"] + each["body"] for each in inbox), inbox
        feed = (await story.as_(tenant).sees("/events"))["events"]
        assert [DOCUMENT in str(each) for each in feed if each["kind"] == "rulebook.amended"].count(True) == 1
    story.note("各设区市", "收到消息和事件", DOCUMENT)


async def _after(story: Story, city: str) -> None:
    """Afterwards: old cases are finished as they began, the draft goes the new way."""
    keeper, owner = story.as_(city, "gatekeeper"), story.as_(city, "unit")
    story.on(date(2026, 12, 7))
    await _stay(story, owner, keeper)
    await c.appraised(story, c.PROVINCIAL)
    await c.jointly_reviewed(story, c.PROVINCIAL, "6000000.00")
    secretary = story.province("leading_group_secretary")
    await secretary.does("领导小组审定", "POST", "leading-group", c.meeting(), state="leading_group_decided")
    await story.province("drc").does(
        "省级批复",
        "POST",
        "province-approve",
        reviews.approval("6000000.00"),
        state="approved",
        articles=(20,),
    )
    decision = (await story.case("p"))["decision"]
    _old(decision)
    await _recomputed(story, decision)

    shown = (await owner.call("POST", story.path("/projects/{draft}/preview"))).json()["decision"]
    assert shown["route"] == "city_filing"
    assert f"（{DOCUMENT}修改）" in shown["explanation"]
    await c.submitted(story, owner, "draft")
    passed = await keeper.does("统筹把关", "POST", "/projects/{draft}/gatekeeping/pass", {}, state="gatekept")
    assert passed["route"] == "city_filing"


async def _stay(story: Story, owner: Person, keeper: Person) -> None:
    """The gatekept one is handed over, the submitted one passes, a returned one comes back the same way."""
    await keeper.does("报省", "POST", "/projects/{kept}/hand-over", {}, state="with_province")
    _old((await story.case("kept"))["decision"])
    await keeper.does(
        "退回修改", "POST", "/projects/{sent}/gatekeeping/return", {"reason": "补充材料"}, state="returned"
    )
    await c.submitted(story, owner, "sent")
    await c.gatekept(story, "sent")
    _old((await story.case("sent"))["decision"])


def _old(decision: dict[str, Any]) -> None:
    """Decided by the law it was taken in under, and it says so."""
    assert decision["route"] == "provincial_review"
    assert "R21" in decision["readings"]
    assert "2026-10-12受理" in decision["explanation"]
    assert DOCUMENT in decision["explanation"]
    assert decision["rulebook"]["taken_in"] == "2026-10-12"
    aside = dict(label.split("@") for label in decision["rulebook"]["left_aside"])
    # Whatever else the rule book gained since, all of it came after the case was taken in.
    assert aside["limit.other"] == START.isoformat()
    assert min(aside.values()) > "2026-10-12"


async def _recomputed(story: Story, decision: dict[str, Any]) -> None:
    """The rule book of the decision can be shown, and it is the one with five million."""
    rules = decision["rulebook"]
    url = f"/rulebook?on={rules['date']}&version={rules['version']}"
    past = {each["key"]: each["value"] for each in (await story.province("office").sees(url))["entries"]}
    assert past["limit.other"] == "5000000.00"
    now = {each["key"]: each for each in (await story.province("office").sees("/rulebook"))["entries"]}
    assert (now["limit.other"]["value"], now["limit.other"]["document"]) == ("8000000.00", DOCUMENT)
