"""Preview and submission: the same reading, deciding and checking; submission then seals and moves the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import msgspec

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.digest import sealed
from service.kit.errors import FieldError, invalid
from service.kit.ids import Ref
from service.kit.outbox import Recipient
from service.kit.tables import insert_row
from service.measures.checks import other_offices
from service.measures.claims import Known
from service.measures.declaration import Missing
from service.measures.facts import Facts, Kind
from service.measures.form_checks import codes_of
from service.measures.law import Law
from service.measures.lifecycle import Action
from service.measures.offices import Tier
from service.measures.parameters import RuleBook
from service.measures.routing import Decision, Route, required_reasons
from service.projects import reuse
from service.projects.asking import asked_of, cited, given, lacking, missing
from service.projects.case import WORKING, Case, load
from service.projects.deciding import (
    book_of,
    demand_reasons,
    in_scope,
    read_facts,
    same_route,
)
from service.projects.drafts import may_declare, merged, save
from service.projects.existing import running
from service.projects.facts import record_fact, substance, without_fact
from service.projects.findings import replace_findings
from service.projects.grounds import KEY as KNOWN
from service.projects.grounds import Weighed, ground_in, ground_outside, weigh, with_text
from service.projects.law import DECLARATION, fix_law, law_on
from service.projects.models import project_versions
from service.projects.schemas import PreviewIn, SubmitIn
from service.projects.schemas_out import Preview, ReuseView
from service.projects.state import Step, actor_of, advance, permit, totals_of
from service.province import CODE
from service.rulebook.book import RuleBooks

PROVINCE = CODE
_VERSION = insert_row(project_versions)


async def preview_facts(call: Call, office: Any) -> Preview:
    """The decision on given facts; with a name, also what could be reused. Nothing is stored."""
    body: PreviewIn = call.body
    today = legal_day(call.now)
    books = call.service(RuleBooks)
    facts = read_facts(books, body.facts, office, today, full=True)
    book = _reachable_book(call, facts)
    view = reuse.UNNAMED if facts.kind is Kind.NEW else reuse.NOTHING
    if body.name is not None:
        view = await reuse.look(call, facts, {"name": body.name})
        facts = reuse.with_check(facts, view)
    owner = (
        (office["tenant_id"], office["id"], office["name"]) if office else (call.principal.tenant, None, None)
    )
    ground = await ground_outside(call, facts, owner[0], owner[1], None)
    weighed = weigh(books, facts, ground.known, ground.dated({}), facts.on, owner[2], book)
    systems = await running(call, call.principal.tenant, owner[1])
    return Preview(
        weighed.decision.as_dict(), open_reasons(weighed.decision, weighed.reasons), [], view, systems
    )


def _reachable_book(call: Call, facts: Facts) -> RuleBook:
    """The declarant's city's book where the caller may see it: the province sees all, a city its own."""
    books = call.service(RuleBooks)
    tenant = books.divisions.tenant_of(facts.declarant.division) or call.principal.tenant
    seen = call.principal.tier == Tier.PROVINCE.value or tenant == call.principal.tenant
    return books.of(tenant if seen else None)


async def preview_case(call: Call, case: Case) -> Preview:
    """The decision on the working copy of today, and what submission would still ask for."""
    today = legal_day(call.now)
    books = call.service(RuleBooks)
    facts = read_facts(books, case.facts, case.office, today)
    view = await reuse.look(call, facts, {**case.text, "id": case.id})
    facts = reuse.with_check(facts, view)
    book = book_of(books, case)
    ground = await ground_outside(call, facts, case.tenant_id, case.office_id, case.id)
    known = with_text(ground.known, case.text)
    weighed, _ = _declared_anew(books, case, facts, known, ground.dated(case.dated), today)
    decision = reuse.beside(weighed.decision, case.declarer, case.text if facts.kind is Kind.NEW else {})
    beside = await given(partial(call.door.row, call.scope), case.tenant_id, case.id)
    asked = asked_of(facts, today, book, beside.rounds)
    points = lacking(case.state, case.text, asked, beside.slots) if decision.in_scope else []
    listed = [point.as_dict() for point in points]
    systems = await running(call, case.tenant_id, case.office_id)
    shown = {**decision.as_dict(), **cited(asked)}
    document = asked.required.document_number or None
    return Preview(shown, open_reasons(decision, weighed.reasons), listed, view, systems, document)


def open_reasons(decision: Decision, own: Mapping[str, str]) -> list[str]:
    """Codes that the declarer must still give a reason for: not those that a paper or the system itself answers."""
    return [code for code in required_reasons(decision) if code not in own]


async def submit(call: Call, tx: Tx, ref: Ref) -> Case:
    """Decides by the law of today, seals what was submitted, hands the pen to the next desk (arts 13-15)."""
    body: SubmitIn = call.body
    case = await load(tx, call.principal, ref, call.expected)
    if case.state not in WORKING or case.content is None:
        permit(case, Action.SUBMIT, actor_of(call))  # refuses, before anything else of the request is judged
    today = legal_day(call.now)
    content = dict(case.text)
    if body.materials is not msgspec.UNSET:
        content["materials"] = merged(content.get("materials") or {}, body.materials)
    text = await _decided(call, tx, case, content, today)
    facts, decision, view = text.facts, text.decision, text.view
    permit(case, Action.SUBMIT, actor_of(call), decision.route.value)
    beside = await given(tx.row, case.tenant_id, case.id)
    book = book_of(call.service(RuleBooks), case)
    asked = asked_of(facts, today, book, beside.rounds)
    _complete(missing(content, asked, beside.slots))
    said = {reason.code: reason.reason for reason in body.reasons}
    if len(said) != len(body.reasons):
        raise invalid([FieldError("/reasons", "duplicate_reason", "同一事项的理由只能填写一次")])
    reasons = {**text.own, **said}
    demand_reasons(decision, reasons)
    same_route(case, decision, "owner", book, expected=body.expected_route or None)
    reuse.demand_answers(facts, view)
    fix_law(case, text.law, DECLARATION, call.now)
    _declare(tx, call, case, content, text, reasons, cited(asked))
    if body.materials is not msgspec.UNSET:
        save(tx, case, call)
    return case


class _Text(NamedTuple):
    """A text at work as submission reads it. `facts` as declared; `own`: reasons that need nobody to write them."""

    facts: Facts
    decision: Decision
    view: ReuseView
    known: Known
    own: dict[str, str]
    law: Law | None


async def _decided(call: Call, tx: Tx, case: Case, content: dict[str, Any], today: date) -> _Text:
    books = call.service(RuleBooks)
    facts = read_facts(books, content.get("facts") or {}, case.office, today)
    may_declare(call, facts)
    view = reuse.standing(call, facts, content, case.id)
    facts = reuse.with_check(facts, view)
    known, entry = ground = await ground_in(tx, case, facts, content)
    if facts.answers.library_entry is not None and entry is None:
        detail = "没有这条已复核的重点项目库补录记录，或不属于本单位，或已由其他项目引用（第十九条）"
        raise invalid([FieldError("/facts/library_entry", "unknown_entry", detail)])
    case.dated = ground.dated(case.dated)
    weighed, law = _declared_anew(books, case, facts, known, case.dated, today)
    decision = in_scope(weighed.decision)
    decision = reuse.beside(decision, case.declarer, content if facts.kind is Kind.NEW else {})
    return _Text(facts, decision, view, known, weighed.reasons, law)


def _declared_anew(
    books: RuleBooks, case: Case, facts: Facts, known: Known, dated: Mapping[str, Any], today: date
) -> tuple[Weighed, Law | None]:
    """The decision on what is declared, and the law it is by: that of the first submission in this procedure.

    What goes another way now is a procedure of its own, taken in today (R21).
    """
    book = book_of(books, case)
    law = law_on(case, book, today)
    weighed = weigh(books, facts, known, dated, today, case.owner_name, book.under(law))
    if law is None or weighed.decision.route.value == case.route:
        return weighed, law
    return weigh(books, facts, known, dated, today, case.owner_name, book), None


def _complete(points: list[Missing]) -> None:
    """422 naming every missing material."""
    if points:
        raise invalid(
            [FieldError(point.pointer, point.code, point.detail) for point in points],
            "申报材料不完整，请按 errors 逐项补充（第十五条）",
        )


def _declare(
    tx: Tx,
    call: Call,
    case: Case,
    content: dict[str, Any],
    text: _Text,
    reasons: dict[str, str],
    citation: dict[str, str],
) -> None:
    """Takes the text over, seals it, and hands the pen to the next desk."""
    actor = actor_of(call)
    before = totals_of(case)
    _take_over(call, case, content, text, reasons)
    case.decision = {**text.decision.as_dict(), **citation}
    row = permit(case, Action.SUBMIT, actor)
    note_declared(case, text.facts, legal_day(call.now))
    digest = seal_version(tx, case, call)
    replace_findings(tx, case, text.decision, reasons, call.now)
    departmental = case.declarer is Tier.PROVINCE
    if departmental:
        case.handed_over_at = call.now
    desk = Recipient(PROVINCE, "office") if departmental else Recipient(case.tenant_id, "gatekeeper")
    wish = Step(
        Action.SUBMIT,
        "project.handed_over" if departmental else "project.submitted",
        [desk],
        details={"submission": case.submissions, "digest": digest},
    )
    advance(tx, case, before, row, wish, actor)


def _take_over(call: Call, case: Case, content: dict[str, Any], text: _Text, reasons: dict[str, str]) -> None:
    """The case as the text now declares it, handed in today and not yet looked at by any desk."""
    facts, decision = text.facts, text.decision
    case.submissions += 1
    sealed_content = {
        **content,
        "facts": facts.as_dict(),
        "reasons": reasons,
        "external_ref": case.external_ref,
        KNOWN: text.known.as_dict(),
        **reuse.sealed_check(call, content, text.view),
    }
    case.content, case.declared = content, sealed_content
    case.name, case.route = content["name"], decision.route.value
    case.project_class, case.kind = facts.project_class.value, facts.kind.value
    case.investment_fen = facts.investment_fen
    case.project_codes = codes_of((content.get("materials") or {}).get("form") or {})
    case.month = case.month or legal_day(call.now).strftime("%Y-%m")
    case.submitted_at = call.now
    case.gatekept_at = case.handed_over_at = None


def note_declared(case: Case, facts: Facts, on: date) -> None:
    """What was declared, as gates compare it: the appraisal's subject (R9), whether built jointly (art. 12)."""
    joint = bool(other_offices(facts.participating_offices, case.owner_name))
    # What was decided on an earlier text is not decided on this one; the appraisal compares for itself.
    case.dated = without_fact(case.dated, "joint_review", "leading_group", "affordability", "framework")
    case.dated = record_fact(
        case.dated,
        "declared",
        on,
        substance=substance(case.declared or {}),
        joint=joint,
        submission=case.submissions,
        led_by="city" if case.route == Route.CITY_FILING.value else "province",
    )


def seal_version(tx: Tx, case: Case, call: Call) -> str:
    """The sealed row of what was declared or reported (art. 39); returns its digest."""
    digest = sealed({"content": case.declared, "decision": case.decision})
    tx.batch.add(
        _VERSION,
        tenant_id=case.tenant_id,
        office_id=case.office_id,
        project_id=case.id,
        number=case.submissions,
        content=case.declared,
        decision=case.decision,
        digest=digest,
        submitted_by=call.principal.actor,
        submitted_at=call.now,
    )
    return digest
