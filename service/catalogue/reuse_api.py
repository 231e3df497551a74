"""/projects/{id}/reuse-check: what exists already, and why it is taken or cannot be (art. 23)."""

from __future__ import annotations

from typing import Annotated, Literal

from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, Struct

from service.kit.api import Answer, Call, operation
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import FieldError, invalid
from service.kit.ids import parse_ref
from service.kit.text import PublicRef
from service.measures.lifecycle import Action
from service.projects.api import REFUSED
from service.projects.case import load
from service.projects.deciding import read_facts
from service.projects.drafts import at_work, note_answers
from service.projects.reuse import KEY, Looked, is_new, look_up, noted
from service.projects.schemas import Said
from service.projects.schemas_out import ReuseView
from service.projects.state import actor_of, leave_hand, permit
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


@operation(
    "POST",
    "/projects/{ref:str}/reuse-check",
    resource="project.reuse",
    action="check",
    summary="复用核对",
    tag="projects",
    body=ReuseIn,
    answer=ReuseView,
    if_match=True,
    errors=(REFUSED,),
    before=_look,
)
async def reuse_check(call: Call, tx: Tx) -> Answer:
    """列出可以复用的共享应用和本租户已建成的项目及相同的词句；逐一答复采用，或者说明为什么不能采用（第二十三条）。"""
    body: ReuseIn = call.body
    case = await load(tx, call.principal, parse_ref(call.path("ref")), call.expected)
    leave_hand(case, permit(case, Action.EDIT, actor_of(call)), actor_of(call))
    facts = read_facts(call.service(RuleBooks), case.facts, case.office, legal_day(call.now))
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
    note_answers(tx, call, case, content, answers)
    unanswered = [each.id for each in view.candidates if each.strong and each.answer is None]
    return Answer(ReuseView(view.status, view.candidates, unanswered), version=case.version)


ROUTES: list[HTTPRouteHandler] = [reuse_check]
