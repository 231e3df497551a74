"""Every deed that a page offers, and every form that is none, is done in a story of `make browser`, or says why not.

A deed without a story of its own has one that is drawn and sent by the same part of the same page; what no story does
has its reason. A deed to be added is told, or put beside what stands for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from service import console
from service.console.parts_of_case import _ELSEWHERE
from service.console.records import Register
from service.kit.inside import Inside
from service.projects.operations import OPERATIONS
from tests.browser.stories import STORIES
from tests.browser.telling import Deed
from tests.console.test_reached import reached

HERE = Path(console.__file__).parent
# A deed that a story does → others of the same page, drawn and sent by the same part of it.
ALIKE: Mapping[str, str] = {
    "adoptions_withdraw": "adoptions_end adoptions_refuse",
    "adoptions_provision": "adoptions_decline adoptions_end_provision adoptions_resume adoptions_suspend",
    "clients_rotate": "clients_confirm clients_edit clients_lock issuers_confirm issuers_edit issuers_lock",
    "offices_create": "offices_edit offices_set_desk",
    "users_grant": "users_edit users_lock users_unlock users_withdraw",
    "webhooks_test": "webhooks_delete webhooks_edit webhooks_redeliver webhooks_redeliver_range webhooks_rotate",
    "me_change_notifications": "me_send_code me_verify_address",
    "suspicions_confirm": "suspicions_dismiss suspicions_join",
    "filings_ask": "filings_answer",
    "rulebook_amendment_propose": (
        "rulebook_interpretation_record rulebook_overlay_end rulebook_overlay_record rounds_declaration_propose"
        " offices_reorganise"
    ),
}
# Done in a story by other steps than `Deed`, each with the step.
BY_OTHER_STEPS: Mapping[str, str] = {
    "projects_create": "Draft, its first step",
    "needs_create": "Draft, its first step",
    "projects_edit": "Draft, its other steps",
    "inbox_mark_all": "Press 全部标为已读",
    "inbox_mark": "the same button of one line",
    "documents_upload": "Upload on the case's papers",
    "workbooks_send": "Upload on 用表格导入",
}
NOT_TOLD: Mapping[str, str] = {
    "projects_reuse_check": "sent with the draft's step where something like it exists; a test sends both",
    "calendar_import_year": "a year once; the tests of administration send it",
    "spills_confirm": "erases a case of the demo for good; the tests of spills do",
    "reviews_recuse": "the agency's own matrix; a test sends it",
    "rulebook_amendment_confirm": "would move the demo's rule book; `make amended` does",
    "rounds_declaration_confirm": "would change what the other stories are asked for",
    "rounds_declaration_refuse": "the neighbour of that",
    "papers_put_template": "wants a template of one's own; a test sends one",
    "papers_withdraw_template": "the same",
}
# Forms that are no operation's, by template: the story that sends them, or why none does.
NO_DEED: Mapping[str, str] = {
    "admin/paste.html": "administrator",
    "workbooks_new.html": "city unit, table",
    "queue.html": "gatekeeper, several at once",
    "frame.html": "not told: signing out and colours; tests of the frame",
    "keys.html": "not told: a switch of this browser; tests of the keys",
    "again.html": "not told: a session that ended in between; tests of forms",
    "hand_over.html": "not told: wants a portal; tests of signing in",
    "sessions.html": "not told: ends what the other stories are signed in with; tests of sessions",
    "verify.html": "not told: wants a sealed paper and no session; tests of verifying",
    "what_if.html": "not told: a read; tests of the rules",
}


class _Anything(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "2026-01-01"


def _told() -> set[str]:
    """Deeds that the stories do."""
    return {
        step.operation for story in STORIES for step in story.steps(_Anything()) if isinstance(step, Deed)
    }


def _registers() -> Iterator[Register]:
    for source in HERE.glob("*.py"):
        module = import_module(f"service.console.{source.stem}")
        yield from (each for each in vars(module).values() if isinstance(each, Register))


def test_every_deed_is_told_or_stands_beside_one_that_is(app: Any) -> None:
    inside: Inside = app.app.state.services.shelf[Inside]
    unsafe = {name for name, handler in inside._found.items() if handler.opt["spec"].unsafe}
    told = _told()
    assert told <= unsafe, "a story does what is no deed"
    case = set(OPERATIONS.values()) - _ELSEWHERE  # drawn by case.html, each from its struct
    drawn = {name for each in _registers() for name in (*each.makes, *(does.operation for does in each.does))}
    assert len(told & case) > 20 and len(told & drawn) > 10
    assert ALIKE.keys() <= told, "what stands for others is done"
    beside = {name for others in ALIKE.values() for name in others.split()}
    known = told | case | drawn | beside | BY_OTHER_STEPS.keys() | NOT_TOLD.keys()
    assert sorted((reached(unsafe) & unsafe) - known) == [], "in no story, and without a reason"
    assert sorted((beside | BY_OTHER_STEPS.keys() | NOT_TOLD.keys()) & told) == [], "these are told by now"
    assert sorted((beside | BY_OTHER_STEPS.keys() | NOT_TOLD.keys()) - unsafe) == [], "these are no deeds"


def test_every_other_form_is_told_or_has_its_reason() -> None:
    found = set()
    for template in (HERE / "templates").rglob("*.html"):
        for form in re.findall(r"<form\b.*?</form>", template.read_text(encoding="utf-8"), re.DOTALL):
            if 'method="post"' in form and 'name="_op"' not in form:
                found.add(template.relative_to(HERE / "templates").as_posix())
    assert found == NO_DEED.keys()
    audiences = {each.audience for each in STORIES}
    assert all(each in audiences or each.startswith("not told: ") for each in NO_DEED.values())
