"""What a deed leads to is said under its button, in one style, and as the table of the lifecycle has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from service.console import pages
from service.console.outcomes import outcome
from service.console.pages import done
from service.measures.lifecycle import TRANSITIONS
from service.measures.lifecycle_states import Procedure
from service.vocabulary import names
from tests.console.test_case import submitted
from tests.factories import draft, facts, materials
from tests.worlds import Caller


def _case(state: str, procedure: Procedure) -> dict[str, Any]:
    route = "provincial_review" if procedure is Procedure.DEPARTMENTAL else procedure.value
    return {
        "state": state,
        "route": route,
        "owner": {"tier": "province" if procedure is Procedure.DEPARTMENTAL else "city"},
    }


def test_every_act_of_the_table_says_the_state_that_it_leads_to() -> None:
    states = names("state")
    for (state, action, procedure), row in TRANSITIONS.items():
        said = outcome(_case(state.value, procedure), action.value, ())
        assert said.endswith("。") and not said.isascii(), (state, action)
        if not row.removes:
            assert f"“{states[row.target]}”" in said, (state, action, said)
        assert ("只作登记" in said) == (row.target is row.source and not row.removes), (state, action)


def test_what_was_done_is_told_on_the_page_that_a_deed_leads_to() -> None:
    """One way out of every deed: a page with `#done`; whoever only turns a page elsewhere has `see`."""
    here = Path(pages.__file__).parent
    turns = {
        "pages",
        "account",
        "admin_audit",
        "case",
        "hand_over",
        "sessions",
        "sso",
    }  # signing in and out, searching
    for source in sorted(here.glob("*.py")):
        assert source.stem in turns or " see(" not in source.read_text(encoding="utf-8"), source.stem
    assert done("/console/plans").headers["location"] == "/console/plans#done"
    assert 'id="done"' in (here / "templates/frame.html").read_text(encoding="utf-8")
    assert "#done:not(:target)" in (here / "static/console.css").read_text(encoding="utf-8")


def test_the_next_desk_is_one_that_the_table_lets_go_on() -> None:
    """Whoever is named may carry the case on from there; the reader is told by which act."""
    case = _case("submitted", Procedure.PROVINCIAL_REVIEW)
    assert outcome(case, "gatekeep_pass", ["city.gatekeeper"]).endswith("接着由您办理：报省级论证评估。")
    assert outcome(case, "gatekeep_pass", []).endswith("接着轮到设区市统筹把关人员。")
    assert outcome(case, "gatekeep_return", ["city.gatekeeper"]).endswith("接着轮到项目单位。")
    desks = names("tier_role")
    for (state, action, procedure), row in TRANSITIONS.items():
        told = outcome(_case(state.value, procedure), action.value, ()).partition("接着轮到")[2].rstrip("。")
        for desk in filter(None, told.partition("；")[0].split("和")):
            able = {role for each in TRANSITIONS.values() if each.source is row.target for role in each.who}
            assert desk == "项目单位" or desk in {desks[role] for role in able}, (state, action, desk)
    assert outcome(case, "nothing_of_the_kind", ()) == ""


async def test_it_stands_under_each_button_of_a_case_in_one_style(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    ref = await submitted(as_user, "5300000.00", "城管执法数据平台")
    keeper = await visit("360100", "gatekeeper")
    for at in (f"/console/projects/{ref}", f"/console/intake?peek={ref}"):
        shown = await keeper.go(at)
        assert "接着轮到项目单位" in shown.text and not shown.codes, at
        styled = [each for tag, each in shown.tags if tag == "p" and each.get("class") == "outcome"]
        assert len(styled) == len(
            [each for each in shown.forms if each.fields.get("_op", "").startswith("projects_")]
        )


async def test_what_happened_is_narrowed_to_the_steps_that_moved_the_case(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    """By the address alone; what is left out is counted in the link back."""
    unit = as_user("360100", "unit")
    body = {**draft(), "name": "标注重点的数据平台", "facts": facts(), "materials": materials()}
    made = await unit("POST", "/projects", body)
    at = f"/projects/{made.json()['id']}"
    claim = {"item": 3, "evidence": "整合八套系统"}
    tagged = await unit("POST", f"{at}/priority", claim, etag=made.headers["etag"])
    assert tagged.status_code == 200, tagged.text
    wanted = (await unit("POST", f"{at}/preview")).json()["reasons_required"]
    reasons = [{"code": code, "reason": "已经集体研究"} for code in wanted]
    sent = await unit("POST", f"{at}/submit", {"reasons": reasons}, etag=tagged.headers["etag"])
    assert sent.status_code == 200, sent.text
    browser = await visit("360100", "unit")
    whole = await browser.go(f"/console{at}?from=state%3Ddraft")
    assert "标注重点支持" in whole.text.partition("办理经过")[2] and "只看关键步骤" in whole.text
    narrow = await browser.go(f"/console{at}?from=state%3Ddraft&steps=key")
    taken = narrow.text.partition("办理经过")[2].partition("现在您可以")[0]
    assert "提交申报" in taken and "标注重点支持" not in taken and "看全部 2 步" in taken
    assert "steps=key" in whole.html and "from=state%3Ddraft#way" in narrow.html


async def test_a_deed_that_asks_nothing_is_its_button_alone(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    """Not folded under its own name; the key leads to the button, and what gives back stays folded."""
    ref = await submitted(as_user, "900000.00", "档案利用平台")
    keeper = await visit("360100", "gatekeeper")
    for at in (f"/console/projects/{ref}", f"/console/intake?peek={ref}"):
        shown = await keeper.go(at)
        assert shown.form("projects_gatekeep_pass") and not shown.codes
        # Beside the link that leads there from the top of a narrow page.
        assert len(re.findall("统筹把关通过(?!等?</a></p>)", shown.html)) == 1, at
        assert "<summary>统筹把关退回" in shown.html, at
    case = await keeper.go(f"/console/projects/{ref}")
    pressed = [tag for tag, each in case.tags if each.get("data-key") == "p"]
    assert pressed == ["button"]


async def test_a_text_that_is_not_ready_is_written_first(
    as_user: Callable[..., Caller], visit: Callable[..., Any]
) -> None:
    """What unfolds is what carries the case on; until it can be submitted that is the draft itself."""
    unit, browser = as_user("360100", "unit"), await visit("360100", "unit")
    for body, wanted in (({}, "a"), ({"facts": facts(), "materials": materials()}, "button")):
        made = await unit("POST", "/projects", {**draft(), "materials": {}, "name": "城市体检平台", **body})
        assert made.status_code == 201, made.text
        shown = await browser.go(f"/console/projects/{made.json()['id']}")
        assert [tag for tag, each in shown.tags if each.get("data-key") == "p"] == [wanted]
        assert shown.text.count("修改草稿") == 1 and not shown.codes
