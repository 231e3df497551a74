"""Whatever a case owes in a state can be done in that state: a duty nobody can meet teaches nothing but lying."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.app import create_app
from service.measures.deadlines import OWES_NOTHING, CaseOnDay, Status, due
from service.measures.gates import GatedCase
from service.measures.lifecycle import TRANSITIONS
from service.measures.lifecycle_rows import NEVER
from service.measures.lifecycle_states import Procedure, State
from service.measures.offices import Tier
from service.projects.operations import OPERATIONS
from service.tasks.queues import DEEDS

assert create_app  # the acts are declared as the modules are loaded
TODAY = date(2026, 12, 15)
# What no row of the table does: time passes, an opinion, an appraisal and a question have acts of their own.
BESIDE = {"trial_run", "filing_query", "joint_review_opinion", "appraisal"}
# States in which a department's case or need never stands: nobody gatekeeps it (arts 8, 9).
GATEKEPT = {State.SUBMITTED, State.NEED_SUBMITTED, State.NEED_GATEKEPT, State.GATEKEPT}
ORDER = {"due": "2026-11-01", "on": "2026-10-01", "by": "city.gatekeeper"}
DATED: dict[str, dict[str, Any]] = {
    "library": {"on": "2025-01-10", "valid_until": "2027-01-10"},
    "approved": {"on": "2026-02-01", "amount_fen": 100},
    "funding": {"lines": [{"source": "city_fiscal", "amount_fen": 100}]},
    "budget": {"on": "2026-02-10", "issued_fen": 60},  # a change raised what had been issued whole
    "started": {"on": "2026-03-01"},
    "trial_run": {"on": "2026-04-01"},
    "certificates": {"on": "2026-03-01", "by_kind": {"protection_level": "2026-11-01"}},
    "orders": {"on": "2026-10-01", "open": {"o": ORDER}},
}
BUILT = {"final_inspected": {"on": "2026-10-05"}}
APPLIED = {**BUILT, "acceptance_applied": {"on": "2026-10-10"}}
ACCEPTED = {**APPLIED, "accepted": {"on": "2026-01-05"}, "operation": {"on": "2026-01-05"}}
LATER: dict[State, dict[str, dict[str, Any]]] = {
    State.FINAL_INSPECTED: BUILT,
    State.ACCEPTANCE_APPLIED: APPLIED,
    State.ACCEPTANCE_DELEGATED: {**APPLIED, "acceptance_delegated": {"on": "2026-10-12"}},
    State.ACCEPTED: ACCEPTED,
    State.EVALUATED: {**ACCEPTED, "evaluated": {"on": "2026-10-01"}},
    State.SUSPENDED: {"suspended": {"on": "2026-05-01", "from": "trial_run"}},
}
UNBUILT = {State.CITY_APPROVED, State.FILED, State.APPROVED, State.BUDGETED}


def owed(state: State, procedure: Procedure) -> set[str]:
    """What a case of the state owes that is open or late."""
    dated = {**DATED, **LATER.get(state, {})}
    for name in (
        ("started", "trial_run") if state in UNBUILT else ("trial_run",) if state is State.STARTED else ()
    ):
        dated.pop(name)
    declarer = Tier.PROVINCE if procedure is Procedure.DEPARTMENTAL else Tier.CITY
    case = CaseOnDay(
        state, procedure, declarer, GatedCase(TODAY, dated, {}, frozenset(), "new"), date(2026, 1, 1)
    )
    return {each.code for each in due(case) if each.status in (Status.OPEN, Status.LAPSED)}


@pytest.mark.parametrize("procedure", list(Procedure))
def test_every_duty_can_be_met_where_it_is_owed(procedure: Procedure) -> None:
    """Arts 25, 27, 41 and the rest: of what is owed in a state, at least one deed stands in its rows."""
    acts: dict[str, set[str]] = {}
    for act, operation in OPERATIONS.items():
        acts.setdefault(operation, set()).add(act)
    seen, stranded = set(), []
    for state in State:
        if state in OWES_NOTHING or state in NEVER[procedure]:
            continue
        if procedure is Procedure.DEPARTMENTAL and state in GATEKEPT:
            continue
        doable = {act.value for (at, act, by) in TRANSITIONS if at is state and by is procedure}
        for code in owed(state, procedure) - BESIDE:
            seen.add(code)
            told = "need_gatekeeping" if state is State.NEED_SUBMITTED and code == "need_report" else code
            deeds = {act for operation in DEEDS[told] for act in acts.get(operation, set())}
            if not deeds & doable:
                stranded.append((state.value, code))
    assert stranded == []
    assert {"certificate", "performance_report", "rectification", "start", "budget"} <= seen
