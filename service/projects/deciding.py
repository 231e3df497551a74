"""From a declaration's facts to the decision: the one code of preview, submission and every later change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from service.characters.placeholders import worded
from service.kit import clock
from service.kit.clock import legal_day
from service.kit.errors import FieldError, ServiceError, invalid
from service.kit.every_fault import READERS
from service.measures.amending import amended
from service.measures.citations import article_label, articles_label
from service.measures.facts import Facts, declares_classified, parse_facts
from service.measures.faults import FactsInvalid
from service.measures.intake import stands
from service.measures.lifecycle import Holder
from service.measures.offices import Division, Divisions, Tier
from service.measures.parameters import BeforeFirstRules, RuleBook
from service.measures.routing import Decision, Route, refuse_classified, required_reasons, route
from service.measures.secrecy import WHOM_TO_TURN_TO
from service.projects.case import Case
from service.projects.law import amended_by, causes
from service.province import CODE
from service.rulebook.book import RuleBooks
from service.vocabulary import label, names


def classified(books: RuleBooks) -> ServiceError:
    """422 with whom to turn to and the article; nothing of the request is kept or echoed."""
    decision = refuse_classified(books.book)
    return ServiceError(
        422,
        "classified_material",
        WHOM_TO_TURN_TO,
        route=decision.route.value,
        articles=list(decision.articles),
    )


def with_office(divisions: Divisions, office: Mapping[str, Any]) -> Divisions:
    """The registry with the office's own registered local code, where it has one."""
    if office["division"] in divisions:
        return divisions
    parent = office["tenant_id"] if office["tier"] == Tier.COUNTY.value else CODE
    code = Division(office["division"], office["name"], Tier(office["tier"]), parent, local=True)
    return divisions.with_local([code])


def read_facts(
    books: RuleBooks,
    facts: Mapping[str, Any],
    office: Mapping[str, Any] | None,
    on: date,
    *,
    full: bool = False,
) -> Facts:
    """Facts of a request, with owner and day added; `full` lets the caller give them (preview on facts)."""
    if declares_classified(facts):
        raise classified(books)
    given: dict[str, Any] = dict(facts)
    faults: list[FieldError] = []
    if not full:
        for key in ("on", "declarant"):
            if key in given:
                faults.append(
                    FieldError(f"/facts/{key}", "unknown_field", "由系统按项目单位和受理日期确定，请勿填写")
                )
                del given[key]
    given.setdefault("on", on.isoformat())
    divisions = books.divisions
    if office is not None:
        divisions = with_office(divisions, office)
        given.setdefault(
            "declarant",
            {"tier": office["tier"], "division": office["division"], "office_kind": office["office_kind"]},
        )
    try:
        parsed = parse_facts(given, divisions, pointer_prefix="/facts", first_date=books.book.first_date)
    except FactsInvalid as error:
        faults += [FieldError(fault.pointer, fault.code, fault.detail) for fault in error.faults]
    if faults:
        raise invalid(faults)
    return parsed


def facts_faults(facts: Mapping[str, Any], at: str) -> list[FieldError]:
    """What is wrong with facts in themselves, beside faults of the rest of a body (kit/every_fault).

    Whose they are and of which day, only the operation knows.
    """
    if declares_classified(facts):
        return []
    given = {**facts, "on": legal_day(clock.now()).isoformat()}
    try:
        parse_facts(given, Divisions(()), pointer_prefix=at)
    except FactsInvalid as error:
        own = [fault for fault in error.faults if not fault.pointer.startswith(f"{at}/declarant")]
        return [FieldError(fault.pointer, fault.code, fault.detail) for fault in own]
    return []


READERS |= {"FactsIn": facts_faults, "PreviewFactsIn": facts_faults}


def book_of(books: RuleBooks, case: Case) -> RuleBook:
    """The book that decides a case, no older than the case's row (else the command runs again).

    It is the tenant's while the pen is in the tenant; what the province decides no city's overlay touches (art. 5).
    """
    book = books.of(case.tenant_id, case.rule_changes)
    return books.book if case.desk is Holder.PROVINCE else book


def decide(
    books: RuleBooks,
    facts: Facts,
    on: date,
    owner: str | None,
    *,
    book: RuleBook,
    settled_fen: int | None = None,
) -> Decision:
    """The decision of the day by the tenant's book; a day before the first rules is the caller's fault."""
    try:
        decision = route(facts, book, on, owner=owner, settled_fen=settled_fen)
    except BeforeFirstRules:
        raise invalid([FieldError("/facts/on", "before_first_rules", "该日期早于规则库的起始日")]) from None
    if decision.route is Route.REFUSED_CLASSIFIED:
        raise classified(books)
    return decision


def with_library(facts: Facts, dated: Mapping[str, Any], on: date) -> Facts:
    """Art. 19, R6: of a case declared before claims were settled, its own entry wins over what was declared."""
    entry = dated.get("library")
    return facts if not entry else replace(facts, in_library=stands(entry, on))


def in_scope(decision: Decision) -> Decision:
    """409 for what the Measures do not reach (art. 2)."""
    if not decision.in_scope:
        raise ServiceError(
            409,
            "out_of_scope",
            decision.explanation,
            route=decision.route.value,
            articles=list(decision.articles),
        )
    return decision


def demand_reasons(decision: Decision, given: Mapping[str, str]) -> None:
    """409 `reason_required` naming every in-principle finding without a reason; 422 for reasons of nothing."""
    needed = required_reasons(decision)
    unmet = [f for f in decision.findings if f.code in needed and not worded(given.get(f.code, ""))]
    if unmet:
        articles = tuple(sorted({f.article for f in unmet}))
        raise ServiceError(
            409,
            "reason_required",
            f"有“原则上”不应有或者尚未核对的事项（{articles_label(articles)}），须逐条说明理由后方可提交",
            articles=list(articles),
            findings=[f.as_dict() for f in unmet],
            decision=decision.as_dict(),
            errors=[
                FieldError(
                    "/reasons",
                    "reason_required",
                    f"缺少“{label('finding', f.code)}”的理由（{article_label(f.article, f.item)}）",
                )
                for f in unmet
            ],
        )
    extra = [code for code in given if code not in needed]
    if extra:
        raise invalid(
            [
                FieldError("/reasons", "unknown_reason", f"“{label('finding', code)}”不是需要说明理由的")
                for code in extra
            ]
        )


def same_route(
    case: Case, decision: Decision, desk: str, book: RuleBook, *, expected: str | None = None
) -> None:
    """409 `route_changed`: a route never changes silently (law.md, trap 2); `desk` is where the case must go now.

    It says what changed since the case was decided last: amount, class, content, or the rule with its document.
    """
    decided = expected or case.route
    if decided is None or decision.route.value == decided:
        return
    changed = causes(case.decision, decision)
    by = amended_by(book, decision.on) if "rule" in changed and decision.on is not None else ()
    why = "、".join(CAUSES[each] for each in changed) or "所填内容"
    named = "".join(amended(document) for document in by)
    raise ServiceError(
        409,
        "route_changed",
        f"因{why}变化{named}，审批路径已变为“{ROUTE_NAMES[decision.route]}”，请转到相应环节办理",
        decided_route=decided,
        route=decision.route.value,
        changed=changed,
        amended_by=list(by),
        next_desk=desk,
        articles=list(decision.articles),
        decision=decision.as_dict(),
    )


CAUSES: Mapping[str, str] = names("route_cause")
ROUTE_NAMES: Mapping[str, str] = names("route")
