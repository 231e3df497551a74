"""The law a case is under: fixed when it is first submitted, followed at every desk (arts 44, 45; R21, R23).

The fact `law` on the case carries the day and moment it was taken in, the procedure (need, declaration), and the day
it reached each desk since its last submission; `state.advance` notes the desks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from service.kit.clock import legal_day
from service.kit.wire import spelt
from service.measures.amending import documents
from service.measures.law import DESKS, MOVABLE, Law, law_of
from service.measures.lifecycle_states import State
from service.measures.parameters import RuleBook
from service.measures.routing import Decision, required_reasons
from service.projects.case import WORKING, Case
from service.projects.dated_facts import record_fact

DECLARATION, NEED = "declaration", "need"
_NOTED = frozenset(state.value for state in DESKS)


def law_on(case: Case, book: RuleBook, today: date) -> Law | None:
    """The law that decides on the case today; None where it is today's: nothing submitted in this procedure yet."""
    if case.state not in WORKING:
        return law_of(case.dated, book.first_date)
    if case.stage not in (State.RETURNED, State.NEED_RETURNED):
        return None
    law = law_of(case.dated, book.first_date)
    fact = case.dated.get("law") or {}
    wanted = DECLARATION if case.stage is State.RETURNED else NEED
    if law is None or fact.get("procedure", wanted) != wanted:
        return None
    return Law(law.on, law.at, {State.SUBMITTED.value: today})


def fix_law(case: Case, law: Law | None, procedure: str, now: datetime) -> None:
    """Notes the law of a submission: that of the first one, or, where there is none, the day's."""
    on = legal_day(now) if law is None else law.on
    at = now if law is None else law.at
    told = {"at": spelt(at)} if at is not None else {}
    case.dated = record_fact(case.dated, "law", on, procedure=procedure, reached={}, **told)


def reach(case: Case, now: datetime) -> None:
    """Notes the desk that a case under a law has come to."""
    fact = case.dated.get("law")
    if fact is None or case.state not in _NOTED or case.state in fact.get("reached", {}):
        return
    reached = {**fact.get("reached", {}), case.state: legal_day(now).isoformat()}
    case.dated = {**case.dated, "law": {**fact, "reached": reached}}


def governed(case: Case, book: RuleBook, today: date, decide: Callable[[RuleBook], Decision]) -> Decision:
    """The decision by the law the case is under; by the law it was taken in under where it could not go on otherwise.

    A rule that reaches pending cases strands none (R23): where another route cannot be followed from the desk the
    case lies on, or a new reason would have to be fetched from the owner first, the case stays as it was.
    """
    law = law_on(case, book, today)
    ruled = book.under(law)
    decision = decide(ruled)
    if law is None or case.state in WORKING:
        return decision
    bare = book.under(law.bare)
    if set(bare.aside) == set(ruled.aside) or _follows(case, decision):
        return decision
    before = decide(bare)
    caused = before.route.value == case.route or not set(required_reasons(decision)) <= set(
        required_reasons(before)
    )
    return before if caused and _better(case, before, decision) else decision


def _better(case: Case, before: Decision, now: Decision) -> bool:
    """Whether the case can go on by the law it was taken in under, or at least on the route it has."""
    return _follows(case, before) or (before.route.value == case.route != now.route.value)


def _follows(case: Case, decision: Decision) -> bool:
    """Whether the desk that holds the case can go on by the decision."""
    if decision.route.value != case.route and case.stage not in MOVABLE:
        return False
    said = {f["code"] for f in case.findings if f["reason"]}
    if case.stage is not State.SUBMITTED:
        said = {f["code"] for f in case.findings if f["reason"] and str(f["opinion"]).startswith("accepted")}
    return set(required_reasons(decision)) <= said


def move(case: Case, decision: Decision) -> dict[str, Any]:
    """Takes a pending case along the route that amended law gives it (R21), and tells it; empty where nothing moves."""
    if decision.route.value == case.route or case.stage not in MOVABLE:
        return {}
    told = {"route_moved": {"from": case.route, "to": decision.route.value}}
    case.route = decision.route.value
    return told


def amended_by(book: RuleBook, on: date) -> tuple[str, ...]:
    """The amending documents in force on a day, for a refusal that a rule is the cause of."""
    return documents(book, on, sorted({row.key for row in book.replacing}))


def causes(before: Mapping[str, Any] | None, decision: Decision) -> list[str]:
    """What made the route another one: amount, class, content, or, where nothing of these changed, the rule."""
    was: Mapping[str, Any] = ((before or {}).get("inputs") or {}).get("facts") or {}
    inputs: Mapping[str, Any] = dict(decision.inputs)
    now: Mapping[str, Any] = inputs.get("facts") or {}
    if not was:
        return []
    amounts = ("investment_yuan", "of_which_maintenance_yuan")
    found = []
    if any(was.get(name) != now.get(name) for name in amounts):
        found.append("amount")
    if was.get("project_class") != now.get("project_class"):
        found.append("class")
    if any(was.get(name) != now.get(name) for name in ("kind", "fiscal_funds", "classified")):
        found.append("content")
    limit = ((before or {}).get("inputs") or {}).get("limit_yuan")
    if not found or ("class" not in found and limit != inputs.get("limit_yuan")):
        found.append("rule")
    return found


def amended_law(case: Case, book: RuleBook, today: date) -> bool:
    """Whether later law reaches the case: what it is decided by now is not what it was taken in under."""
    return _reaches(law_on(case, book, today), book)


def amended_meanwhile(state: str, dated: Mapping[str, Any], book: RuleBook) -> bool:
    """The same of a case with its owner no more, by its facts alone."""
    return state not in WORKING and _reaches(law_of(dated, book.first_date), book)


def _reaches(law: Law | None, book: RuleBook) -> bool:
    if law is None or not (book.replacing or book.overlays):
        return False
    return set(book.under(law.bare).aside) != set(book.under(law).aside)


def settled(case: Case, *, approving: bool) -> int | None:
    """The amount that the province's leading group decided on, where that keeps the route of what follows (R22).

    `approving`: the decision is on an approved amount; other changes stay only where the approval rested on it.
    """
    fact = case.dated.get("leading_group") or {}
    if case.route != "provincial_review" or fact.get("decision") != "approve":
        return None
    if not approving and "R22" not in (case.decision or {}).get("readings", []):
        return None
    amount: int = fact.get("amount_fen", case.investment_fen)
    return amount
