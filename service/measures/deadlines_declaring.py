"""Deadlines from the need to the filing: arts 8, 9, 13, 18, 19, 23, 39. Practice periods say that they are practice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from service.measures.duties import CaseOnDay, Obligation, days
from service.measures.findings import Severity
from service.measures.funding import FISCAL
from service.measures.gates_filing import amendments
from service.measures.lifecycle_rows import APPROVED, STARTED
from service.measures.lifecycle_states import Procedure
from service.measures.lifecycle_states import State as S
from service.measures.offices import Tier
from service.measures.organs import THREE, Slot
from service.measures.periods import add_years, annual

_UNREPORTED = (S.NEED_DRAFT, S.NEED_SUBMITTED, S.NEED_GATEKEPT, S.NEED_RETURNED)
_WITH_CITY = (S.NEED_SUBMITTED, S.NEED_GATEKEPT)
_NEEDS = (*_UNREPORTED, S.NEED_REPORTED, S.APPRAISED)
_APPRAISING = (S.NEED_REPORTED, S.APPRAISED, S.WITH_PROVINCE, S.GATEKEPT)
_APPROVED = (S.CITY_APPROVED, *STARTED)
# The entry is still to be used: nothing was declared on it yet, or what was came back (arts 8, 9, 19).
_TO_DECLARE = (S.IN_LIBRARY, S.LAPSED, S.RETURNED)


def _need_report(case: CaseOnDay) -> Iterator[Obligation]:
    """Arts 8, 9: by the end of June; what comes after it belongs to the next round (law.md, trap 6).

    A need that was sent back joins the round of the day it came back.
    """
    if case.state not in _UNREPORTED:
        return
    own_round = case.below_limit if case.procedure is None else case.procedure is Procedure.CITY_FILING
    if case.declarer is not Tier.PROVINCE and own_round:
        return  # below the limit it is settled in the city's own round, and never reported (R39)
    department = case.declarer is Tier.PROVINCE
    key = "intake.department_deadline" if department else "intake.city_deadline"
    text = str(case.gated.figures.get(key, "06-30"))
    begun = case.entered if case.state is S.NEED_RETURNED else case.created
    due = annual(text, begun.year)
    if begun > due:
        due = annual(text, begun.year + 1)
    duty = case.organ(Slot.GENERAL_OFFICE, tier=Tier.CITY) if case.state in _WITH_CITY else case.owner()
    yield case.owed("need_report", due, begun, duty, 8 if department else 9, key=str(due.year))


def _gatekeeping(case: CaseOnDay) -> Iterator[Obligation]:
    """Arts 9, 23 name no period for the city's gatekeeping: practice, which a city may shorten."""
    if case.state is not S.SUBMITTED:
        return
    duty = case.organ(Slot.GENERAL_OFFICE, tier=Tier.CITY)
    limit = case.entered + days(case.figure("gatekeeping.practice_days", 10))
    yield case.owed("gatekeeping", limit, case.entered, duty, 9, key=case.entered.isoformat(), practice=True)


def _library_expiry(case: CaseOnDay) -> Iterator[Obligation]:
    """Arts 8, 9, 19; R6: the entry stands two years, the end day excluded, so the day before it is the last."""
    entry = case.day("library")
    if entry is None or case.state in (*_NEEDS, S.DRAFT, S.WITHDRAWN):
        return
    if case.state is S.RETURNED and case.procedure is Procedure.CITY_FILING:
        return  # the city's own approval needs no entry (art. 23)
    given = case.fact("library").get("valid_until")
    if given:  # as the entry says; where none does, by the figure
        until = date.fromisoformat(given)
    else:
        until = add_years(entry, case.figure("library.validity_years", 2, Tier.PROVINCE))
    declared = None if case.state in _TO_DECLARE else case.day("declared") or case.entered
    article = 8 if case.declarer is Tier.PROVINCE else 9
    yield case.owed(
        "library_expiry",
        until - days(1),
        entry,
        case.owner(),
        article,
        key=entry.isoformat(),
        severity=Severity.IN_PRINCIPLE,
        done=declared,
    )


def _appraisal(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 18 names no period: what the commission itself says, else practice."""
    begun = case.day("appraisal_commissioned")
    if begun is None or case.state not in _APPRAISING:
        return
    duty = case.organ(Slot.AGENCY)
    ended, told = case.day("appraised"), case.fact("appraisal_commissioned").get("due")
    limit = date.fromisoformat(told) if told else None
    if limit is None:
        limit = begun + days(case.figure("appraisal.practice_days", 30, duty.tier))
    yield case.owed(
        "appraisal",
        limit,
        begun,
        duty,
        18,
        key=begun.isoformat(),
        practice=True,
        done=ended if ended and ended >= begun else None,
    )


def _reviewing(case: CaseOnDay) -> tuple[date, date | None] | None:
    """When the joint review began, and when it was summed up."""
    if case.state is not S.IN_JOINT_REVIEW:
        return None
    begun, closed = case.day("joint_review_opened") or case.entered, case.day("joint_review")
    return begun, closed if closed and closed >= begun else None


def _joint_review(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 19 names no period: practice."""
    found = _reviewing(case)
    if found is None:
        return
    begun, done = found
    duty = case.organ(Slot.GENERAL_OFFICE)
    limit = begun + days(case.figure("joint_review.practice_days", 20, duty.tier))
    yield case.owed("joint_review", limit, begun, duty, 19, key=begun.isoformat(), practice=True, done=done)


def _opinions(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 19: each organ whose opinion is awaited; practice."""
    found = _reviewing(case)
    if found is None:
        return
    begun, done = found
    for name in case.fact("joint_review_opened").get("slots") or [slot.value for slot in THREE]:
        duty, said = case.organ(Slot(name)), case.opinions.get(name)
        limit = begun + days(case.figure("joint_review.opinion_practice_days", 10, duty.tier))
        yield case.owed(
            "joint_review_opinion",
            limit,
            begun,
            duty,
            19,
            key=f"{begun.isoformat()}.{name}",
            practice=True,
            done=said if said and said >= begun else done,
        )


def _change(case: CaseOnDay) -> Iterator[Obligation]:
    """Arts 13, 20: a change asked for is answered; practice."""
    asked = case.day("change")
    if asked is None or not case.fact("change").get("open") or case.state is S.FUNDS_RECALLED:
        return
    duty = case.organ(Slot.DRC)
    limit = asked + days(case.figure("change.decision_practice_days", 15, duty.tier))
    yield case.owed("change_decision", limit, asked, duty, 13, key=asked.isoformat(), practice=True)


def _end(case: CaseOnDay) -> Iterator[Obligation]:
    """Arts 4, 20: an application to end the project is answered by whoever approved it; practice."""
    asked = case.day("end_request")
    if asked is None or not case.fact("end_request").get("open"):
        return
    duty = case.organ(Slot.DRC)
    limit = asked + days(case.figure("end.decision_practice_days", 15, duty.tier))
    yield case.owed("end_decision", limit, asked, duty, 20, key=asked.isoformat(), practice=True)


def _filing(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 23 demands the filing, names no period: practice (law.md, trap 5). Owed however far the project has come;
    what was filed before it was brought along from elsewhere is told by its import (R26)."""
    approved = case.day("approved")
    if approved is None or case.procedure is not Procedure.CITY_FILING:
        return
    if case.filed is None and (case.fact("imported") or case.state not in _APPROVED):
        return
    limit = approved + days(case.figure("filing.practice_days", 10))
    duty = case.organ(Slot.GENERAL_OFFICE, tier=Tier.CITY)
    yield case.owed("filing", limit, approved, duty, 23, practice=True, done=case.filed)


def _budget(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 20: after the approval finance issues the budget, however far the project has come; practice.

    Of other people's money (art. 35) nothing is issued; what was brought along has its budget told by its import.
    """
    approved, amount = case.day("approved"), int(case.fact("approved").get("amount_fen") or 0)
    if (
        approved is None
        or case.procedure is None
        or case.fact("imported")
        or case.state not in (*APPROVED, *STARTED)
    ):
        return
    lines = case.fact("funding").get("lines")
    wanted = (
        amount
        if lines is None
        else sum(int(line["amount_fen"]) for line in lines if line["source"] in FISCAL)
    )
    if wanted <= 0:
        return
    duty = case.organ(Slot.FINANCE)
    limit = approved + days(case.figure("budget.practice_days", 30, duty.tier))
    whole = int(case.fact("budget").get("issued_fen") or 0) >= wanted
    yield case.owed(
        "budget", limit, approved, duty, 20, practice=True, done=case.day("budget") if whole else None
    )


def _supplements(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 23, R27: what was filed and changed since is told too; practice, as the filing itself."""
    if (
        case.procedure is not Procedure.CITY_FILING
        or not case.fact("filed")
        or case.state not in (S.FILED, *STARTED)
    ):
        return
    duty = case.organ(Slot.GENERAL_OFFICE, tier=Tier.CITY)
    for on in sorted({told["on"] for told in amendments(case.gated.dated)}):
        since = date.fromisoformat(on)
        limit = since + days(case.figure("filing.practice_days", 10))
        yield case.owed("supplementary_filing", limit, since, duty, 23, key=on, practice=True)


def _filing_queries(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 39: the province's question on a filing is answered by the city; practice."""
    duty = case.organ(Slot.GENERAL_OFFICE, tier=Tier.CITY)
    told = case.fact("filing_queries").get("asked") or {}
    before = {
        key: (
            date.fromisoformat(each["on"]),
            date.fromisoformat(each["answered"]) if each.get("answered") else None,
        )
        for key, each in told.items()
    }  # asked before there was a filing (R31)
    for query, (asked, answered) in sorted({**case.queries, **before}.items()):
        limit = asked + days(case.figure("filing_query.practice_days", 10))
        yield case.owed("filing_query", limit, asked, duty, 39, key=query, practice=True, done=answered)


# Everything owed before building, a rule each: what amended a figure is told of the rule that asked for it.
DECLARING = (
    _need_report,
    _gatekeeping,
    _library_expiry,
    _appraisal,
    _joint_review,
    _opinions,
    _change,
    _end,
    _filing,
    _budget,
    _supplements,
    _filing_queries,
)
