"""Which dated facts a running project must bring along to stand in a state, and in which order they lie."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from itertools import pairwise

from service.measures.building import approval_findings
from service.measures.lifecycle import Holder, Procedure, State
from service.measures.periods import IN_FORCE, add_months
from service.vocabulary import names

# What has happened by each state, in order (arts 20, 13, 30, 32, 40); `approved` carries number and amount.
_PATH = (
    ("approved", 20), ("started", 13), ("trial_run", 30), ("final_inspected", 30), ("acceptance_applied", 30),
    ("accepted", 32), ("operation", 40), ("evaluated", 40), ("retired", 3),
)  # fmt: skip
_UNTIL: Mapping[State, str] = {
    State.APPROVED: "approved",
    State.BUDGETED: "approved",
    State.FILED: "approved",
    State.STARTED: "started",
    State.SUSPENDED: "started",
    State.TRIAL_RUN: "trial_run",
    State.FINAL_INSPECTED: "final_inspected",
    State.ACCEPTANCE_APPLIED: "acceptance_applied",
    State.ACCEPTED: "accepted",
    State.EVALUATED: "evaluated",
    State.RETIRED: "retired",
}
IMPORTABLE = tuple(_UNTIL)
# What a project may bring along besides: it opens what its state asks for next (arts 18, 30, 41).
_BESIDES = {"appraised": 18, "data_confirmed": 30, "crypto_confirmed": 30, "suspended": 41}
ARTICLES = {**dict(_PATH), **_BESIDES}
NAMES: Mapping[str, str] = names("dated_fact")
# Operation may lie anywhere after the trial run, and before or after acceptance: it is asked for, not ordered.
_FREE = frozenset({"operation"})
# (later, earlier) of what lies beside the path.
_BESIDE_ORDER = (
    ("data_confirmed", "trial_run"), ("crypto_confirmed", "trial_run"), ("operation", "trial_run"),
    ("suspended", "started"), ("suspended", "trial_run"),
)  # fmt: skip
# What the Measures forbid has happened all the same and is told as it was (arts 13, 39): a finding, no refusal.
_FORBIDDEN_ONLY = frozenset({("started", "approved")})


def required_facts(state: State) -> tuple[str, ...]:
    """The dated facts without which a project does not stand in the state."""
    last = _UNTIL[state]
    names = [name for name, _ in _PATH]
    needed = names[: names.index(last) + 1]
    if state in (State.ACCEPTED,):
        return tuple(name for name in needed if name not in _FREE)
    return (*needed, "suspended") if state is State.SUSPENDED else tuple(needed)


def out_of_order(days: Mapping[str, date]) -> list[tuple[str, str]]:
    """Pairs (later, earlier) whose dates cannot be: what ends before it began, what is accepted before it was built."""
    ordered = [name for name, _ in _PATH if name in days and name not in _FREE]
    pairs = [(late, early) for early, late in pairwise(ordered) if (late, early) not in _FORBIDDEN_ONLY]
    pairs += [(late, early) for late, early in _BESIDE_ORDER if late in days and early in days]
    return [(late, early) for late, early in pairs if days[late] < days[early]]


def not_reached(state: State, days: Collection[str]) -> list[str]:
    """Days of what comes only after the state: a project that has it stands further on (art. 39)."""
    last = _UNTIL[state]
    names = [name for name, _ in _PATH]
    beyond = set(names[names.index(last) + 1 :]) - _FREE
    if state is State.SUSPENDED:
        beyond.discard("trial_run")
    else:
        beyond.add("suspended")
    if last in ("approved", "started"):
        beyond |= _FREE
    return sorted(beyond & set(days))


def fits(state: State, procedure: Procedure) -> bool:
    """Whether a project of this procedure can stand in the state at all."""
    if state is State.FILED:
        return procedure is Procedure.CITY_FILING
    return state not in (State.APPROVED, State.BUDGETED) or procedure is not Procedure.CITY_FILING


def holder_of(state: State, procedure: Procedure) -> Holder:
    """The desk that has the pen of a project in the state."""
    if state is not State.ACCEPTANCE_APPLIED:
        return Holder.OWNER
    return Holder.PROVINCE if procedure is Procedure.DEPARTMENTAL else Holder.CITY


def appraisal_owed(procedure: Procedure | None, approved: date) -> bool:
    """Arts 18, 45: whether what was approved on the day had to be appraised first, whoever took it in."""
    return procedure is not Procedure.CITY_FILING and approved >= IN_FORCE


def shown(
    days: Mapping[str, date],
    procedure: Procedure,
    *,
    maintain: bool,
    since: date,
    figure: Callable[[str, int], int],
) -> set[str]:
    """The codes of findings that the days of a project of before earn, as its deeds would have earned them.

    Nothing is found of what was over before the Measures (art. 45, R33). `since`: the owner's first day, which says
    nothing where it is the register's own. `figure`: months in force, by their key.
    """
    found = set()
    approved, started = days["approved"], days.get("started")
    if started is not None and started < approved:
        found.add("started_before_approval")
    appraised = days.get("appraised")
    if appraisal_owed(procedure, approved):
        found |= set(approval_findings(approved, appraised, None, owed=True))
    if approved < since > IN_FORCE:
        found.add("older_than_owner")
    return found if maintain else found | set(_after_building(days, figure))


def _after_building(days: Mapping[str, date], figure: Callable[[str, int], int]) -> Iterator[str]:
    """Arts 30, 40: the trial run, the acceptance and the self-evaluation of what was built."""
    tried, inspected, accepted = (days.get(name) for name in ("trial_run", "final_inspected", "accepted"))
    whole = add_months(tried, figure("trial_run.months", 6)) if tried else None
    if whole and inspected and IN_FORCE <= inspected < whole:
        yield "trial_run_short"
    if accepted and accepted >= IN_FORCE:
        confirmed = [days.get(name) for name in ("data_confirmed", "crypto_confirmed")]
        if any(day is None or day > accepted for day in confirmed):
            yield "accepted_unconfirmed"
    evaluated, operation = days.get("evaluated"), days.get("operation")
    if evaluated and accepted and evaluated >= IN_FORCE:
        first = add_months(max(accepted, operation or accepted), figure("evaluation.from_months", 6))
        if evaluated < first:
            yield "evaluated_early"
