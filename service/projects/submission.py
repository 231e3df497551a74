"""Preview and submission: the same reading, deciding and checking; owner_deeds then seals and moves the case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.digest import sealed
from service.kit.errors import FieldError, invalid
from service.kit.tables import insert_row
from service.measures.checks import other_offices
from service.measures.declaration import Missing
from service.measures.facts import Facts, Kind
from service.measures.form_checks import codes_of
from service.measures.known import Known
from service.measures.law import Law
from service.measures.offices import Tier
from service.measures.parameters import RuleBook
from service.measures.routing import Decision, Route, required_reasons
from service.projects import reuse
from service.projects.asking import asked_of, cited, given, lacking
from service.projects.case import Case
from service.projects.dated_facts import record_fact, substance, without_fact
from service.projects.deciding import (
    book_of,
    in_scope,
    read_facts,
)
from service.projects.drafts import may_declare
from service.projects.existing import running
from service.projects.grounds import KEY as KNOWN
from service.projects.grounds import Weighed, called, ground_in, ground_outside, weigh, with_text
from service.projects.law import law_on
from service.projects.models import project_versions
from service.projects.schemas import PreviewIn
from service.projects.schemas_out import Preview, ReuseView
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
    known = called(ground.known, body.name)
    weighed = weigh(books, facts, known, ground.dated({}), facts.on, owner[2], book)
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


class Text(NamedTuple):
    """A text at work as submission reads it. `facts` as declared; `own`: reasons that need nobody to write them."""

    facts: Facts
    decision: Decision
    view: ReuseView
    known: Known
    own: dict[str, str]
    law: Law | None


async def decided(call: Call, tx: Tx, case: Case, content: dict[str, Any], today: date) -> Text:
    books = call.service(RuleBooks)
    facts = read_facts(books, content.get("facts") or {}, case.office, today)
    may_declare(call, facts)
    view = reuse.answered_now(call, facts, content, case.id)
    facts = reuse.with_check(facts, view)
    known, entry = ground = await ground_in(tx, case, facts, content)
    if facts.answers.library_entry is not None and entry is None:
        detail = "没有这条已复核的重点项目库补录记录，或不属于本单位，或已由其他项目引用（第十九条）"
        raise invalid([FieldError("/facts/library_entry", "unknown_entry", detail)])
    case.dated = ground.dated(case.dated)
    weighed, law = _declared_anew(books, case, facts, known, case.dated, today)
    decision = in_scope(weighed.decision)
    decision = reuse.beside(decision, case.declarer, content if facts.kind is Kind.NEW else {})
    return Text(facts, decision, view, known, weighed.reasons, law)


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


def complete(points: list[Missing]) -> None:
    """422 naming every missing material."""
    if points:
        raise invalid(
            [FieldError(point.pointer, point.code, point.detail) for point in points],
            "申报材料不完整，请按 errors 逐项补充（第十五条）",
        )


def take_over(call: Call, case: Case, content: dict[str, Any], text: Text, reasons: dict[str, str]) -> None:
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
    joined = bool(other_offices(facts.participating_offices, case.owner_name))
    # What was decided on an earlier text is not decided on this one; the appraisal compares for itself.
    case.dated = without_fact(case.dated, "joint_review", "leading_group", "affordability", "framework")
    case.dated = record_fact(
        case.dated,
        "declared",
        on,
        substance=substance(case.declared or {}),
        joint=joined,
        submission=case.submissions,
        led_by="city" if case.route == Route.CITY_FILING.value else "province",
    )


def seal_version(tx: Tx, case: Case, call: Call) -> str:
    """The sealed row of what was declared or reported (art. 39); returns its digest."""
    spelt = tx.spelling.of
    digest = sealed({"content": spelt(case.declared), "decision": spelt(case.decision)})
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
