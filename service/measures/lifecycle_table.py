"""The whole life of a project as data (arts 8-9, 13-41): one row per transition, nothing hidden in code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.measures.lifecycle_states import Action, Holder, Procedure, State


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: who may act while which desk holds the pen, and where state and pen go.

    `who` are "tier.role" names. `removes`: the draft vanishes, `target` is then its last state.
    """

    source: State
    action: Action
    procedure: Procedure
    target: State
    who: tuple[str, ...]
    holder_before: Holder
    holder_after: Holder
    articles: tuple[int, ...]
    built: bool = False
    removes: bool = False


Key = tuple[State, Action, Procedure]

_FILING = (Procedure.CITY_FILING,)
_REVIEW = (Procedure.PROVINCIAL_REVIEW,)
_LOCAL = (Procedure.CITY_FILING, Procedure.PROVINCIAL_REVIEW)
_DEPARTMENT = (Procedure.DEPARTMENTAL,)
_PROVINCIAL = (Procedure.PROVINCIAL_REVIEW, Procedure.DEPARTMENTAL)

_LOCAL_OWNER = ("city.unit", "city.portal", "county.unit")
_DEPARTMENT_OWNER = ("province.department",)
_GATEKEEPER = ("city.gatekeeper",)
_APPROVER = ("city.approver",)
_OFFICE = ("province.office",)
_DRC = ("province.drc",)
_FINANCE = ("province.finance",)

_O, _C, _P = Holder.OWNER, Holder.CITY, Holder.PROVINCE
S, A = State, Action


@dataclass(frozen=True, slots=True)
class _Row:
    """A row before it is spread over its procedures."""

    sources: tuple[State, ...]
    action: Action
    procedures: tuple[Procedure, ...]
    target: State | None  # None: the state stays
    who: tuple[str, ...]
    pen: tuple[Holder, Holder]
    articles: tuple[int, ...]
    built: bool = False
    removes: bool = False


def _owner_rows(procedures: tuple[Procedure, ...], who: tuple[str, ...]) -> list[_Row]:
    """What the declaring side does on both tracks, each with its own people."""
    return [
        _Row((S.DRAFT, S.RETURNED), A.EDIT, procedures, None, who, (_O, _O), (15,), True),
        _Row((S.DRAFT,), A.DELETE, procedures, None, who, (_O, _O), (15,), True, True),
        _Row((S.RETURNED,), A.WITHDRAW, procedures, S.WITHDRAWN, who, (_O, _O), (14,), True),
        _Row((S.FILED, S.BUDGETED), A.START, procedures, S.STARTED, who, (_O, _O), (13, 24)),
        _Row((S.STARTED,), A.BEGIN_TRIAL_RUN, procedures, S.TRIAL_RUN, who, (_O, _O), (30,)),
        _Row((S.ACCEPTED,), A.EVALUATE, procedures, S.EVALUATED, who, (_O, _O), (40,)),
        _Row((S.EVALUATED,), A.RETIRE, procedures, S.RETIRED, who, (_O, _O), (3,)),
    ]


_DECLARATION = [
    *_owner_rows(_LOCAL, _LOCAL_OWNER),
    *_owner_rows(_DEPARTMENT, _DEPARTMENT_OWNER),
    _Row((S.DRAFT, S.RETURNED), A.SUBMIT, _LOCAL, S.SUBMITTED, _LOCAL_OWNER, (_O, _C), (13, 14, 15), True),
    _Row((S.DRAFT, S.RETURNED), A.SUBMIT, _DEPARTMENT, S.WITH_PROVINCE, _DEPARTMENT_OWNER, (_O, _P),
         (13, 14, 15), True),
    # Until the city's desk has decided, the owner may take back what it sent: the pen is still the city's.
    _Row((S.SUBMITTED,), A.WITHDRAW, _LOCAL, S.WITHDRAWN, _LOCAL_OWNER, (_C, _O), (14,), True),
    _Row((S.SUBMITTED,), A.GATEKEEP_PASS, _LOCAL, S.GATEKEPT, _GATEKEEPER, (_C, _C), (9, 23), True),
    _Row((S.SUBMITTED, S.GATEKEPT), A.GATEKEEP_RETURN, _LOCAL, S.RETURNED, _GATEKEEPER, (_C, _O), (9, 23),
         True),
    _Row((S.GATEKEPT,), A.APPROVE, _FILING, S.CITY_APPROVED, _APPROVER, (_C, _C), (5, 23), True),
    _Row((S.CITY_APPROVED,), A.FILE, _FILING, S.FILED, ("city.gatekeeper", "city.portal"), (_C, _O), (23,),
         True),
    _Row((S.GATEKEPT,), A.HAND_OVER, _REVIEW, S.WITH_PROVINCE, _GATEKEEPER, (_C, _P), (9, 23),
         True),
    _Row((S.WITH_PROVINCE,), A.PROVINCE_RETURN, _PROVINCIAL, S.RETURNED, _OFFICE, (_P, _O), (18, 19), True),
    _Row((S.WITH_PROVINCE,), A.OPEN_JOINT_REVIEW, _PROVINCIAL, S.IN_JOINT_REVIEW, _OFFICE, (_P, _P),
         (18, 19)),
    _Row((S.IN_JOINT_REVIEW,), A.PROVINCE_RETURN, _PROVINCIAL, S.RETURNED, _OFFICE, (_P, _O), (19,)),
    _Row((S.IN_JOINT_REVIEW,), A.RECORD_LEADING_GROUP, _PROVINCIAL, S.LEADING_GROUP_DECIDED, _OFFICE,
         (_P, _P), (19,)),
    _Row((S.LEADING_GROUP_DECIDED,), A.PROVINCE_APPROVE, _PROVINCIAL, S.APPROVED, _DRC, (_P, _P), (20,)),
    _Row((S.APPROVED,), A.ISSUE_BUDGET, _PROVINCIAL, S.BUDGETED, _FINANCE, (_P, _O), (20, 34)),
]  # fmt: skip

# Needs below the limit are not reported (art. 9), so the city route has no need of this kind.
_NEED = [
    _Row((S.NEED_DRAFT,), A.NEED_GATEKEEP, _REVIEW, S.NEED_GATEKEPT, _GATEKEEPER, (_C, _C), (9,)),
    _Row((S.NEED_GATEKEPT,), A.NEED_REPORT, _REVIEW, S.NEED_REPORTED, _GATEKEEPER, (_C, _P), (9,)),
    _Row((S.NEED_DRAFT,), A.NEED_REPORT, _DEPARTMENT, S.NEED_REPORTED, _DEPARTMENT_OWNER, (_O, _P), (8,)),
    _Row((S.NEED_REPORTED,), A.APPRAISE, _PROVINCIAL, S.APPRAISED, _OFFICE, (_P, _P), (8, 9, 18)),
    _Row((S.APPRAISED,), A.ENTER_LIBRARY, _PROVINCIAL, S.IN_LIBRARY, _OFFICE, (_P, _O), (8, 9)),
    # Two years over, the need may be reported anew from the start.
    _Row((S.IN_LIBRARY,), A.LAPSE, _REVIEW, S.NEED_DRAFT, _OFFICE, (_O, _C), (9,)),
    _Row((S.IN_LIBRARY,), A.LAPSE, _DEPARTMENT, S.NEED_DRAFT, _OFFICE, (_O, _O), (8,)),
]

_DELIVERY = [
    _Row((S.TRIAL_RUN,), A.FINAL_INSPECT, _LOCAL, S.FINAL_INSPECTED, _LOCAL_OWNER, (_O, _C), (30,)),
    _Row((S.TRIAL_RUN,), A.FINAL_INSPECT, _DEPARTMENT, S.FINAL_INSPECTED, _DEPARTMENT_OWNER, (_O, _P), (30,)),
    _Row((S.FINAL_INSPECTED,), A.ACCEPT, _LOCAL, S.ACCEPTED, _APPROVER, (_C, _O), (5, 32)),
    _Row((S.FINAL_INSPECTED,), A.ACCEPT, _DEPARTMENT, S.ACCEPTED, _DRC, (_P, _O), (32,)),
]


def _order_rows(
    procedures: tuple[Procedure, ...], who: tuple[str, ...], money: tuple[str, ...]
) -> list[_Row]:
    """Arts 29, 41: what the organs of the deciding tier may order; the pen stays with the owner."""
    running = (S.STARTED, S.TRIAL_RUN)
    before_start = (S.FILED, S.BUDGETED)
    return [
        _Row(running, A.SUSPEND, procedures, S.SUSPENDED, who, (_O, _O), (41,)),
        _Row((S.SUSPENDED,), A.RESUME, procedures, S.STARTED, who, (_O, _O), (41,)),
        _Row((*running, S.SUSPENDED), A.TERMINATE, procedures, S.TERMINATED, who, (_O, _O), (41,)),
        _Row(before_start, A.RECALL_FUNDS, procedures, S.FUNDS_RECALLED, money, (_O, _O), (29,)),
    ]


# Reading R5: on the city route the city's organs stand where the provincial ones stand.
_ORDERS = [*_order_rows(_FILING, _APPROVER, _APPROVER), *_order_rows(_PROVINCIAL, _OFFICE + _DRC, _FINANCE)]

_NEVER = {
    # Filing ends the city's route; the budget ends the province's.
    Procedure.CITY_FILING: {S.BUDGETED},
    Procedure.PROVINCIAL_REVIEW: {S.FILED},
    Procedure.DEPARTMENTAL: {S.FILED},
}


def _spread(rows: list[_Row]) -> dict[Key, Transition]:
    table: dict[Key, Transition] = {}
    for row in rows:
        for procedure in row.procedures:
            for source in row.sources:
                if source in _NEVER[procedure]:
                    continue
                key = (source, row.action, procedure)
                if key in table:
                    raise ValueError(f"two transitions for {key}")
                table[key] = Transition(
                    source, row.action, procedure, row.target or source, row.who,
                    row.pen[0], row.pen[1], row.articles, row.built, row.removes,
                )  # fmt: skip
    return table


TRANSITIONS: Mapping[Key, Transition] = _spread([*_DECLARATION, *_NEED, *_DELIVERY, *_ORDERS])
# Needed before any route is decided: a draft may still lack the facts that routing asks for.
ROUTE_FREE = frozenset({Action.EDIT, Action.DELETE, Action.WITHDRAW})
INITIAL = frozenset({State.DRAFT, State.NEED_DRAFT})
TERMINAL = frozenset({State.RETIRED, State.WITHDRAWN, State.TERMINATED, State.FUNDS_RECALLED})
