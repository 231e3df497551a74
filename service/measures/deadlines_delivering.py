"""Deadlines of building and after: arts 25, 27, 29, 36, 38, 40, 41; those of acceptance beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from service.measures.deadlines_accepting import ACCEPTING
from service.measures.duties import CaseOnDay, Halt, Obligation, days
from service.measures.findings import Severity
from service.measures.hindrance import pending, start_due
from service.measures.lifecycle_rows import AFTER, APPROVED, RUNNING, STARTED
from service.measures.lifecycle_states import State as S
from service.measures.organs import Slot
from service.measures.periods import IN_FORCE, add_months, annual

_WAITING = APPROVED
_STARTED = STARTED
_BUILT = (*_WAITING, *_STARTED)


def _start(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 29, R7: six months from the approval, force majeure aside; then a person decides on the recall."""
    approved, started = case.day("approved"), case.day("started")
    if approved is None or case.state not in (*_WAITING, *_STARTED, S.FUNDS_RECALLED):
        return
    if case.gated.maintenance:  # R30
        return
    if started is None and case.state in _STARTED:
        return
    months = case.figure("start.months_after_approval", 6)
    claims = case.fact("force_majeure")
    due = start_due(approved, months, claims, case.today)
    if due < IN_FORCE:  # nor is anything decided of a half year that was over before the Measures (R33)
        return
    # What began after the half year was over rests nothing (art. 29, R28).
    halts = tuple(halt for halt in case.halts(Halt.FORCE_MAJEURE) if halt.since <= due)
    shift = due - add_months(approved, months)
    points = [(f"{n}m", add_months(approved, n) + shift) for n in (months - 2, months - 1) if n > 0]
    if case.state is not S.FUNDS_RECALLED:
        yield case.owed(
            "start",
            due,
            approved,
            case.owner(),
            29,
            severity=Severity.IN_PRINCIPLE,
            done=started,
            pauses=halts,
            points=points,
        )
    resting = any(halt.lasts(case.today) for halt in halts)
    if started is None and case.today > due and not resting:
        duty = case.organ(Slot.FINANCE)
        limit = due + days(case.figure("recall.decision_practice_days", 30, duty.tier))
        done = case.entered if case.state is S.FUNDS_RECALLED else None
        yield case.owed("recall_decision", limit, due + days(1), duty, 29, practice=True, done=done)


def _hindrance(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 29, R28: a claim of force majeure is decided; practice."""
    if case.day("approved") is None or case.gated.maintenance or case.state not in _WAITING:
        return
    for claim in pending(case.fact("force_majeure")):
        duty = case.organ(Slot.FINANCE)
        limit = claim.told + days(case.figure("force_majeure.decision_practice_days", 15, duty.tier))
        yield case.owed("force_majeure_decision", limit, claim.told, duty, 29, key=claim.id, practice=True)


def _reports(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 27, R45: one for every year at whose end the project is still being built, since the Measures (art. 45)."""
    started = case.day("started")
    if started is None or case.state not in _STARTED:
        return
    ended = case.day("final_inspected") or case.day("term_ended")
    text = str(case.gated.figures.get("performance.report_deadline", "12-31"))
    years = case.fact("reports").get("years") or {}
    halts = case.halts(Halt.SUSPENSION)
    for year in range(max(started, IN_FORCE).year, case.today.year + 1):
        due, given = annual(text, year), years.get(str(year))
        if given is None and ended is not None and ended <= due:
            continue
        since = max(started, date(year, 1, 1), IN_FORCE)
        done = date.fromisoformat(given) if given else None
        yield case.owed(
            "performance_report", due, since, case.owner(), 27, key=str(year), done=done, pauses=halts
        )


def _certificates(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 25: tests and assessments are periodic, so a certificate is renewed by its last day.

    One that ran out before the Measures is missing since they came into force (art. 45).
    """
    if case.state not in _BUILT:
        return
    recorded = case.day("certificates") or case.created
    for kind, until in sorted((case.fact("certificates").get("by_kind") or {}).items()):
        if until:
            due = max(date.fromisoformat(until), IN_FORCE)
            yield case.owed("certificate", due, min(recorded, due), case.owner(), 25, key=str(kind))


def _orders(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 41: by the date the organ set; an answer found wanting is as late as none."""
    if case.state not in (*_BUILT, S.EVALUATED):
        return
    for order, told in sorted((case.fact("orders").get("open") or {}).items()):
        due, on = date.fromisoformat(told["due"]), date.fromisoformat(told["on"])
        answered = None if told.get("failed") else told.get("answered_on")
        yield case.owed(
            "rectification",
            due,
            on,
            case.owner(),
            41,
            key=str(order),
            severity=Severity.GATE,
            failed=bool(told.get("failed")),
            done=date.fromisoformat(answered) if answered else None,
        )


def _self_evaluation(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 40: what an accepted and operating project owes; maintenance knows no such window (R30)."""
    accepted, operating = case.day("accepted"), case.day("operation")
    if accepted is None or operating is None or case.state not in AFTER or case.gated.maintenance:
        return
    later = max(accepted, operating)
    opens = add_months(later, case.figure("evaluation.from_months", 6))
    due = add_months(later, case.figure("evaluation.until_months", 12))
    yield case.owed(
        "self_evaluation",
        due,
        opens,
        case.owner(),
        40,
        done=case.day("evaluated"),
        points=(("opens", opens),),
    )


def _over(case: CaseOnDay) -> date | None:
    """When it was accepted, or the term of maintenance ended (R30), where the state still says so."""
    if case.gated.maintenance:
        over = case.day("term_ended") or case.day("accepted")
        return over if case.state in (S.TERM_ENDED, *AFTER) else None
    return case.day("accepted") if case.state in AFTER else None


def _serving(case: CaseOnDay) -> date | None:
    """Since when it runs and wants money every year: accepted, or maintenance that has begun (R30)."""
    if case.gated.maintenance:
        return case.day("started") if case.state in (*RUNNING, S.TERM_ENDED, *AFTER) else None
    return _over(case)


def _surplus(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 38: what is left of the budget goes back; the time is practice."""
    accepted, paid = _over(case), case.fact("payments")
    issued = case.fact("budget").get("issued_fen")
    if accepted is None or issued is None:
        return
    returned = int(paid.get("returned_fen") or 0)
    left = int(issued) - int(paid.get("paid_fen") or 0) - returned
    done = case.day("payments") if left <= 0 and returned > 0 else None
    if left > 0 or done is not None:
        limit = accepted + days(case.figure("surplus.return_practice_days", 90))
        yield case.owed("surplus_return", limit, accepted, case.owner(), 38, practice=True, done=done)


def _proposal(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 36, R47: this year's proposal, by the organs that draw it up together; of past years what was proposed."""
    accepted = _serving(case)
    if accepted is None:
        return
    given = case.fact("maintenance").get("years") or {}
    text = str(case.gated.figures.get("maintenance.proposal_deadline", "08-31"))
    for year in sorted({case.today.year, *map(int, given)}):
        due, on = annual(text, year), given.get(str(year))
        if accepted > due:
            continue
        yield case.owed(
            "maintenance_proposal",
            due,
            max(accepted, date(year, 1, 1)),
            case.organ(Slot.GENERAL_OFFICE, Slot.DRC, tier=case.accepting()),
            36,
            key=str(year),
            done=date.fromisoformat(on) if on else None,
        )


# Everything owed from the approval on, a rule each.
DELIVERING = (
    _start,
    _hindrance,
    _reports,
    _certificates,
    _orders,
    *ACCEPTING,
    _surplus,
    _proposal,
    _self_evaluation,
)
