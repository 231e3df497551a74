"""/projects/{id}/reuse-check: what exists already, and why it is taken or cannot be (art. 23)."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, Struct

from service.kit.api import Answer, Call
from service.kit.errors import FieldError, invalid
from service.kit.text import PublicRef
from service.measures.side_acts import CHECK_REUSE
from service.projects.deciding import read_facts
from service.projects.deeds import Desk, deed
from service.projects.drafts import at_work, note_answers
from service.projects.reuse import KEY, Looked, is_new, look_up, noted
from service.projects.schemas import Said
from service.projects.schemas_out import ReuseView
from service.projects.state import leave_hand
from service.rulebook.book import RuleBooks


class ReuseAnswer(Struct, forbid_unknown_fields=True, kw_only=True):
    """An answer to one candidate: taken, or built anew for a reason."""

    candidate: PublicRef
    answer: Literal["adopt", "build"]
    reason: Said | None = None


class ReuseIn(Struct, forbid_unknown_fields=True):
    """Answers given so far are kept; the same candidate answered again is answered anew."""

    answers: Annotated[list[ReuseAnswer], Meta(max_length=50)] = []


async def _look(call: Call) -> Looked | None:
    """Before BEGIN: what the text at work could reuse."""
    case = await at_work(call)
    return (
        await look_up(call, {**case.text, "id": case.id}) if case is not None and is_new(case.facts) else None
    )


def _candidates(desk: Desk) -> Answer:
    unanswered = [each.id for each in desk.left.candidates if each.strong and each.answer is None]
    return Answer(ReuseView(desk.left.status, desk.left.candidates, unanswered), version=desk.case.version)


@deed(
    "reuse-check",
    CHECK_REUSE,
    body=ReuseIn,
    summary="复用核对",
    may="project.reuse/check",
    tag="projects",
    where="own",
    answer=ReuseView,
    reply=_candidates,
    if_match=True,
    gated=False,
    before=_look,
)
async def reuse_check(desk: Desk) -> None:
    """列出可以复用的共享应用和本地区已建成的项目及相同的词句；逐一答复采用，或者说明为什么不能采用（第二十三条）。"""
    body: ReuseIn = desk.body
    call, case = desk.call, desk.case
    leave_hand(case, desk.row, desk.actor)
    facts = read_facts(call.service(RuleBooks), case.facts, case.office, desk.today)
    view, content = noted(call, facts, case.text)
    faults, answers = [], dict((case.text.get(KEY) or {}).get("answers") or {})
    known = {each.id: each for each in view.candidates}
    for place, given in enumerate(body.answers):
        if given.candidate not in known:
            faults.append(
                FieldError(f"/answers/{place}/candidate", "unknown_candidate", "不在本项目的可复用清单中")
            )
        elif given.answer == "build" and given.reason is None:
            faults.append(FieldError(f"/answers/{place}/reason", "reason_required", "请说明不能采用的理由"))
        else:
            answers[given.candidate] = {"answer": given.answer, "reason": given.reason}
            known[given.candidate].answer, known[given.candidate].reason = given.answer, given.reason
    if faults:
        raise invalid(faults)
    note_answers(desk.tx, call, case, content, answers)
    desk.left = view


ROUTES: list[HTTPRouteHandler] = [reuse_check]
