"""The city's check before anything leaves it (arts 9, 23), hand-over to the province, returns and withdrawal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from service.kit.api import Call
from service.kit.clock import legal_day
from service.kit.db import Tx
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.money import yuan
from service.kit.statements import OF_ID, OF_TENANT, Statement
from service.measures import priority
from service.measures.comparing import compared
from service.measures.facts import Facts, Kind, parse_facts
from service.measures.faults import FactsInvalid
from service.measures.law import MOVABLE
from service.measures.parameters import RuleBook
from service.measures.routing import Decision, required_reasons
from service.projects.case import Case
from service.projects.deciding import book_of, decide, in_scope, with_library, with_office
from service.projects.grounds import sealed, weigh
from service.projects.law import governed, settled
from service.projects.models import project_findings
from service.projects.opinions import accepted_before, each_accepted
from service.projects.rerouting import followed
from service.projects.reuse import beside
from service.projects.schemas import OpinionIn
from service.rulebook.book import RuleBooks

F = project_findings.c
_given = select(
    func.unnest(bindparam("codes", type_=ARRAY(Text))).label("code"),
    func.unnest(bindparam("texts", type_=ARRAY(Text))).label("text"),
).subquery("given")
_OPINIONS = Statement(
    update(project_findings)
    .where(
        F.tenant_id == OF_TENANT,
        F.project_id == OF_ID,
        F.code == _given.c.code,
    )
    .values(opinion=_given.c.text, opinion_by=bindparam("by", type_=Text))
)


def decide_again(
    books: RuleBooks,
    case: Case,
    on: date,
    *,
    investment_fen: int | None = None,
    changed: Mapping[str, Any] | None = None,
    pointer: str | None = None,
) -> Decision:
    """The decision on what was declared, by the law of `on`, with another amount or with changed facts.

    `pointer`: where in the request the facts stand, for faults in them.
    """
    facts: dict[str, Any] = {**(changed or (case.declared or {})["facts"]), "on": on.isoformat()}
    approving = investment_fen is not None
    if investment_fen is not None:
        facts["investment_yuan"] = yuan(investment_fen)
        if facts["kind"] == "maintain":  # maintenance is the whole of it, whatever the amount
            facts["of_which_maintenance_yuan"] = facts["investment_yuan"]
    parsed = _parsed(books, case, facts, pointer, approving=approving)
    book, known = book_of(books, case), sealed(case)
    settled_fen = settled(case, approving=approving)

    def by(ruled: RuleBook) -> Decision:
        if known is None:
            counted = with_library(parsed, case.dated, on)
            return decide(books, counted, on, case.owner_name, book=ruled, settled_fen=settled_fen)
        return weigh(books, parsed, known, case.dated, on, case.owner_name, ruled, settled_fen).decision

    decision = in_scope(governed(case, book, on, by))
    if parsed.kind is Kind.NEW:
        decision = beside(decision, case.declarer, case.declared or {})
    if investment_fen is None and changed is None:
        return decision
    return compared(decision, book, on, case.investment_fen, parsed.investment_fen)


def _parsed(
    books: RuleBooks, case: Case, facts: dict[str, Any], pointer: str | None, *, approving: bool
) -> Facts:
    """The facts as the law core reads them; 422 where they stand in the request, or at the approved amount."""
    try:
        return parse_facts(facts, with_office(books.divisions, case.office))
    except FactsInvalid as error:
        # An amount out of range, or a division that fell away since the declaration.
        place = "/approved_amount_yuan" if approving else ""
        raise invalid(
            [
                FieldError(
                    place if pointer is None else f"{pointer}{fault.pointer}", fault.code, fault.detail
                )
                for fault in error.faults
            ]
        ) from None


def all_accepted(case: Case, decision: Decision, opinions: list[OpinionIn]) -> None:
    """409 unless every in-principle finding has an accepted reason; 422 for opinions on nothing."""
    before = accepted_before(case)
    each_accepted(
        required_reasons(decision), {finding["code"] for finding in case.findings}, opinions, before
    )


def record_opinions(tx: Tx, case: Case, opinions: list[OpinionIn], call: Call) -> None:
    """Writes the answers beside the reasons they answer."""
    if not opinions:
        return
    words = {
        o.code: ("accepted" if o.accepted else "refused") + (f"：{o.note}" if o.note else "")
        for o in opinions
    }
    tx.batch.add(
        _OPINIONS,
        expect=len(opinions),
        miss=invalid([FieldError("/opinions", "unknown_opinion", "有意见对应的事项不存在或重复")]),
        of_tenant=case.tenant_id,
        of_id=case.id,
        codes=list(words),
        texts=list(words.values()),
        by=call.principal.actor,
    )
    case.findings = [{**f, "opinion": words.get(f["code"], f["opinion"])} for f in case.findings]
    answer_priority(case, opinions)


def answer_priority(case: Case, opinions: Iterable[OpinionIn]) -> None:
    """What a desk accepted of the claims of art. 16 counts from now on (R14)."""
    fact = case.dated.get("priority") or {}
    said = priority.answered(fact, {opinion.code: opinion.accepted for opinion in opinions})
    if said is not None:
        case.dated = {**case.dated, "priority": said}


def unaccepted(case: Case, decision: Decision) -> list[str]:
    """Codes whose reason is not given yet, or not accepted by name."""
    accepted = accepted_before(case)
    return [code for code in required_reasons(decision) if code not in accepted]


def reasons_stand(case: Case, decision: Decision) -> None:
    """409 when a later decision asks for a reason that was not given and accepted by name at gatekeeping."""
    open_codes = unaccepted(case, decision)
    if open_codes:
        raise ServiceError(
            409,
            "reason_required",
            "按现行规则出现了须说明理由的事项，请退回项目单位补充理由后重新把关",
            next_desk="owner",
            findings=[f.as_dict() for f in decision.findings if f.code in open_codes],
        )


def follow(call: Call, case: Case) -> dict[str, Any]:
    """Takes a case that no other desk has begun on along the route that amended law gives it; what to note of it."""
    if case.stage not in MOVABLE or not case.declared:
        return {}
    decision = decide_again(call.service(RuleBooks), case, legal_day(call.now))
    return followed(call, case, decision, "city")
