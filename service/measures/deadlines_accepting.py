"""Deadlines from the trial run to the filing of the acceptance: arts 30, 32."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from service.measures.duties import CaseOnDay, Halt, Obligation, Pause, days
from service.measures.findings import Severity
from service.measures.lifecycle_rows import AFTER, CLOSING, RUNNING
from service.measures.lifecycle_states import Procedure
from service.measures.lifecycle_states import State as S
from service.measures.offices import Tier
from service.measures.organs import Slot
from service.measures.periods import add_months, moved

_BUILDING = (*RUNNING, S.SUSPENDED)


def _extension_decision(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 30: asked in writing of whoever takes the application, who answers; practice."""
    asked = case.day("extension_request")
    if asked is None or not case.fact("extension_request").get("open") or case.state in AFTER:
        return
    duty = case.organ(Slot.DRC, tier=case.accepting())
    limit = asked + days(case.figure("extension.decision_practice_days", 10, duty.tier))
    yield case.owed("extension_decision", limit, asked, duty, 30, key=asked.isoformat(), practice=True)


def _extension(case: CaseOnDay) -> tuple[Pause, ...]:
    """Art. 30: who cannot apply in time asks for more in writing; what was granted counts."""
    asked, until = case.day("extension"), case.fact("extension").get("until")
    return (Pause(Halt.EXTENSION, asked, date.fromisoformat(until)),) if asked and until else ()


def _later(due: date, extensions: tuple[Pause, ...]) -> date:
    return max([due, *(each.until for each in extensions if each.until)])


def _trial_run(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 30: six months of trial run, suspensions aside; the owner's inspection then follows in practice days."""
    begun, inspected = case.day("trial_run"), case.day("final_inspected")
    if begun is None or case.state not in (*_BUILDING, *CLOSING, *AFTER):
        return
    halts = case.halts(Halt.SUSPENSION)
    months = case.figure("trial_run.months", 6)
    earlier = days(int(case.fact("suspended").get("earlier_days") or 0))
    end = moved(add_months(begun, months) + earlier, begun, [halt.stop for halt in halts], case.today)
    resting = inspected is None and any(halt.lasts(case.today) for halt in halts)
    over = case.today >= end and not resting
    yield case.owed(
        "trial_run",
        end,
        begun,
        case.owner(),
        30,
        severity=Severity.GATE,
        pauses=halts,
        done=inspected if inspected and inspected < end else end if over or inspected else None,
    )
    if over or inspected is not None:
        more = _extension(case)
        limit = _later(end + days(case.figure("trial_run.inspection_practice_days", 30)), more)
        yield case.owed(
            "final_inspection", limit, end, case.owner(), 30, practice=True, done=inspected, pauses=more
        )


def _application(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 30: the application follows the inspection; how soon is practice, the written extension is law."""
    inspected, applied = case.day("final_inspected"), case.day("acceptance_applied")
    if inspected is None or case.state not in (*CLOSING, *AFTER):
        return
    begun = inspected
    if case.state is S.FINAL_INSPECTED and applied is not None:  # sent back by the accepting organ
        begun, applied = max(inspected, case.entered), None
    more = _extension(case)
    limit = _later(begun + days(case.figure("acceptance.application_practice_days", 30)), more)
    yield case.owed(
        "acceptance_application", limit, begun, case.owner(), 30, practice=True, done=applied, pauses=more
    )


def _confirmations(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 30: data sharing and cryptography are confirmed before the acceptance; practice from the inspection on."""
    inspected = case.day("final_inspected")
    if inspected is None or case.state not in (*CLOSING, *AFTER):
        return
    for code, slot, fact in (
        ("data_confirmation", Slot.DATA, "data_confirmed"),
        ("crypto_confirmation", Slot.CRYPTO, "crypto_confirmed"),
    ):
        duty = case.organ(slot)
        limit = inspected + days(case.figure("confirmation.practice_days", 15, duty.tier))
        yield case.owed(code, limit, inspected, duty, 30, practice=True, done=case.day(fact))


def _opinions(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 32: the opinions of the other accepting organs; practice."""
    applied, tier = case.day("acceptance_applied"), case.accepting()
    if applied is None or case.state is not S.ACCEPTANCE_APPLIED:
        return
    given = case.fact("acceptance_opinions").get("slots") or {}
    said = case.day("acceptance_opinions") or applied
    for slot in (Slot.GENERAL_OFFICE, Slot.FINANCE):
        limit = applied + days(case.figure("acceptance.opinion_practice_days", 15, tier))
        duty = case.organ(slot, tier=tier)
        yield case.owed(
            "acceptance_opinion",
            limit,
            applied,
            duty,
            32,
            key=f"{applied.isoformat()}.{slot.value}",
            practice=True,
            done=said if slot.value in given else None,
        )


def _acceptance(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 32: the decision of the accepting organ; practice."""
    applied, tier = case.day("acceptance_applied"), case.accepting()
    if applied is None or case.state not in (S.ACCEPTANCE_APPLIED, S.ACCEPTANCE_DELEGATED, *AFTER):
        return
    limit = applied + days(case.figure("acceptance.decision_practice_days", 30, tier))
    done = case.day("acceptance_delegated") or case.day("accepted")
    duty = case.organ(Slot.DRC, tier=tier)
    yield case.owed("acceptance_decision", limit, applied, duty, 32, practice=True, done=done)


def _delegated(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 32: the report of whoever was trusted with the acceptance; practice."""
    begun, done = case.day("acceptance_delegated"), case.day("accepted")
    if begun is None or case.state not in (S.ACCEPTANCE_DELEGATED, *AFTER):
        return
    limit = begun + days(case.figure("acceptance.delegated_practice_days", 60))
    yield case.owed("acceptance_report", limit, begun, case.owner(), 32, practice=True, done=done)


def _acceptance_filing(case: CaseOnDay) -> Iterator[Obligation]:
    """Art. 32: the city files what it accepted of the province's projects; practice."""
    accepted = case.day("accepted")
    if accepted is None or case.state not in AFTER or case.procedure is not Procedure.PROVINCIAL_REVIEW:
        return
    limit = accepted + days(case.figure("acceptance.filing_practice_days", 10))
    duty = case.organ(Slot.GENERAL_OFFICE, tier=Tier.CITY)
    yield case.owed(
        "acceptance_filing", limit, accepted, duty, 32, practice=True, done=case.day("acceptance_filed")
    )


# From the trial run to the filing of the acceptance, a rule each.
ACCEPTING = (
    _trial_run,
    _extension_decision,
    _application,
    _confirmations,
    _opinions,
    _acceptance,
    _delegated,
    _acceptance_filing,
)
