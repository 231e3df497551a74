"""Which dated facts a running project must bring along to stand in a state, and in which order they lie."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from itertools import pairwise

from service.measures.lifecycle import Holder, Procedure, State
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
    ("approved", "appraised"), ("data_confirmed", "trial_run"), ("crypto_confirmed", "trial_run"),
    ("accepted", "data_confirmed"), ("accepted", "crypto_confirmed"), ("operation", "trial_run"),
    ("suspended", "started"), ("suspended", "trial_run"),
)  # fmt: skip


def required_facts(state: State) -> tuple[str, ...]:
    """The dated facts without which a project does not stand in the state."""
    last = _UNTIL[state]
    names = [name for name, _ in _PATH]
    needed = names[: names.index(last) + 1]
    if state in (State.ACCEPTED,):
        return tuple(name for name in needed if name not in _FREE)
    return (*needed, "suspended") if state is State.SUSPENDED else tuple(needed)


def out_of_order(days: Mapping[str, date]) -> list[tuple[str, str]]:
    """Pairs (later, earlier) whose dates contradict the order of the Measures."""
    ordered = [name for name, _ in _PATH if name in days and name not in _FREE]
    pairs = [(late, early) for early, late in pairwise(ordered)]
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
