"""What an owner does with a text at work: edits it, deletes it while nobody saw it, submits it (arts 13-15)."""

from __future__ import annotations

from typing import Any

import msgspec

from service.kit.api import Answer
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.outbox import Recipient
from service.measures.form_checks import codes_of
from service.measures.lifecycle import Action
from service.measures.offices import Tier
from service.projects import drafts, reuse
from service.projects.asking import asked_of, cited, missing, rounds_of
from service.projects.case import WORKING, write
from service.projects.deciding import book_of, demand_reasons, read_facts, same_route
from service.projects.deeds import Desk, deed
from service.projects.errors import CHANGED, CLASSIFIED, FIXED, KINDS, OUT, REASONS, REUSE, TAKEN
from service.projects.findings import replace_findings
from service.projects.law import DECLARATION, fix_law
from service.projects.schemas import DraftEdit, SubmitIn
from service.projects.state import Step, audited, leave_hand
from service.projects.submission import (
    PROVINCE,
    Text,
    complete,
    decided,
    note_declared,
    seal_version,
    take_over,
)
from service.rulebook.book import RuleBooks


@deed(
    "",
    Action.EDIT,
    method="PATCH",
    body=DraftEdit,
    summary="修改草稿",
    may="project/edit",
    tag="projects",
    where="own",
    gated=False,
    conflict=TAKEN,
    errors=(CLASSIFIED, FIXED),
    then=KINDS,
    before=drafts.look_for_edited,
)
async def edit(desk: Desk) -> None:
    """给出的部分替换原有部分；已提交的版本不变。"""
    # Changes the working copy; the case's own columns follow only while nothing was declared yet.
    body: DraftEdit = desk.body
    call, case = desk.call, desk.case
    leave_hand(case, desk.row, desk.actor)
    content = drafts.edited(case, body)
    books = call.service(RuleBooks)
    if body.facts is not msgspec.UNSET:
        facts = read_facts(books, body.facts, case.office, desk.today)
        drafts.may_declare(call, facts)
        content["facts"] = drafts.stored_facts(facts)
        if case.state in drafts.NEW:
            case.project_class, case.kind = facts.project_class.value, facts.kind.value
            case.investment_fen = facts.investment_fen
    if case.state in drafts.NEW:
        case.name = content["name"]
        case.project_codes = codes_of((content.get("materials") or {}).get("form") or {})
    if body.external_ref is not msgspec.UNSET:
        if case.state not in drafts.NEW:
            raise ServiceError(409, "external_ref_fixed", "已申报项目的外部编号不能再改")
        case.external_ref = body.external_ref
    _, case.content = reuse.noted(call, read_facts(books, content["facts"], case.office, desk.today), content)
    drafts.save(desk.tx, case, call)
    write(desk.tx, case, call.now)
    audited(desk.tx, case, "edit", desk.actor, {})


@deed(
    "",
    Action.DELETE,
    method="DELETE",
    summary="删除草稿",
    may="project/delete",
    tag="projects",
    where="own",
    status=204,
    answer=None,
    errors=(drafts.IN_USE,),
    reply=lambda _: Answer(None),
)
async def delete(desk: Desk) -> None:
    """只有从未提交过的草稿可以删除；附件和标注随之删除，登记的系统不再指向它。"""
    await drafts.gone(desk.call, desk.tx, desk.case)


def _way_in(desk: Desk) -> None:
    """A text that is not its owner's to submit is refused before anything of it is judged; the route it takes is
    decided by the text, and asked for then."""
    if desk.case.state not in WORKING or desk.case.content is None:
        desk.ask()


def _said(body: SubmitIn) -> dict[str, str]:
    """The reasons given, by what they are for."""
    said = {reason.code: reason.reason for reason in body.reasons}
    if len(said) != len(body.reasons):
        raise invalid([FieldError("/reasons", "duplicate_reason", "同一事项的理由只能填写一次")])
    return said


@deed(
    "submit",
    Action.SUBMIT,
    body=SubmitIn,
    summary="提交申报",
    may="project/submit",
    tag="projects",
    where="own",
    hands_in=True,
    waits=True,
    first=_way_in,
    asked=False,
    then=KINDS,
    errors=(REASONS, REUSE, CHANGED, OUT, CLASSIFIED),
)
async def submit(desk: Desk) -> Step:
    """市县项目交统筹把关，省直部门项目直接报省；提交内容封存。"""
    # Decides by the law of today, seals what was submitted, hands the pen to the next desk (arts 13-15).
    body: SubmitIn = desk.body
    call, tx, case = desk.call, desk.tx, desk.case
    content: dict[str, Any] = dict(case.text)
    if body.materials is not msgspec.UNSET:
        content["materials"] = drafts.merged(content.get("materials") or {}, body.materials)
    text = await decided(call, tx, case, content, desk.today)
    desk.ask(text.decision.route.value)
    book = book_of(call.service(RuleBooks), case)
    asked = asked_of(text.facts, desk.today, book, rounds_of(case.rounds or []))  # read with the working copy
    complete(missing(content, asked, frozenset(case.slots or ())))
    reasons = {**text.own, **_said(body)}
    demand_reasons(text.decision, reasons)
    same_route(case, text.decision, "owner", book, expected=body.expected_route or None)
    reuse.demand_answers(text.facts, text.view)
    fix_law(case, text.law, DECLARATION, call.now)
    step = _declared(desk, content, text, reasons, cited(asked))
    if body.materials is not msgspec.UNSET:
        drafts.save(tx, case, call)
    return step


def _declared(
    desk: Desk, content: dict[str, Any], text: Text, reasons: dict[str, str], citation: dict[str, str]
) -> Step:
    """Takes the text over and seals it; the pen goes to the next desk."""
    call, tx, case = desk.call, desk.tx, desk.case
    take_over(call, case, content, text, reasons)
    case.decision = {**text.decision.as_dict(), **citation}
    desk.ask()
    note_declared(case, text.facts, desk.today)
    digest = seal_version(tx, case, call)
    replace_findings(tx, case, text.decision, reasons, call.now)
    departmental = case.declarer is Tier.PROVINCE
    if departmental:
        case.handed_over_at = call.now
    return desk.step(
        "project.handed_over" if departmental else "project.submitted",
        [Recipient(PROVINCE, "office") if departmental else Recipient(case.tenant_id, "gatekeeper")],
        details={"submission": case.submissions, "digest": digest},
    )
