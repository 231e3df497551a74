"""How rows of the lifecycle table are written: once, then spread over states and procedures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.measures.lifecycle_states import Action, Holder, Procedure, State
from service.measures.offices import Tier
from service.measures.organs import Slot, who


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: who may act while which desk holds the pen, what must stand before, where state and pen go.

    `who` are "tier.role" names. `holder_before` None: the act needs no pen (an opinion, an order, a confirmation);
    `holder_after` None: the pen stays where it is. `guards` name gates of `measures/gates.py`.
    `removes`: the draft vanishes, `target` is then its last state.
    """

    source: State
    action: Action
    procedure: Procedure
    target: State
    who: tuple[str, ...]
    holder_before: Holder | None
    holder_after: Holder | None
    articles: tuple[int, ...]
    guards: tuple[str, ...] = ()
    removes: bool = False


Key = tuple[State, Action, Procedure]
Pen = tuple[Holder | None, Holder | None]

FILING = (Procedure.CITY_FILING,)
REVIEW = (Procedure.PROVINCIAL_REVIEW,)
LOCAL = (Procedure.CITY_FILING, Procedure.PROVINCIAL_REVIEW)
DEPARTMENT = (Procedure.DEPARTMENTAL,)
PROVINCIAL = (Procedure.PROVINCIAL_REVIEW, Procedure.DEPARTMENTAL)

LOCAL_OWNER = ("city.unit", "city.portal", "county.unit")
DEPARTMENT_OWNER = ("province.department",)
GATEKEEPER = ("city.gatekeeper",)
APPROVER = ("city.approver",)
FILER = ("city.gatekeeper", "city.portal")
OFFICE = ("province.office",)
CLOCK = ("province.clock",)  # held by no person
DRC = ("province.drc",)
FINANCE = ("province.finance",)

OWNER_PEN: Pen = (Holder.OWNER, Holder.OWNER)
CITY_PEN: Pen = (Holder.CITY, Holder.CITY)
PROVINCE_PEN: Pen = (Holder.PROVINCE, Holder.PROVINCE)
NO_PEN: Pen = (None, None)

S, A = State, Action
APPROVED = (S.APPROVED, S.BUDGETED, S.CITY_APPROVED, S.FILED)
RUNNING = (S.STARTED, S.TRIAL_RUN)
CLOSING = (S.FINAL_INSPECTED, S.ACCEPTANCE_APPLIED, S.ACCEPTANCE_DELEGATED)
AFTER = (S.ACCEPTED, S.EVALUATED)
# Whatever has been begun and is not over.
STARTED = (*RUNNING, S.SUSPENDED, S.TERM_ENDED, *CLOSING, *AFTER)


@dataclass(frozen=True, slots=True)
class Row:
    """A row before it is spread over its procedures."""

    sources: tuple[State, ...]
    action: Action
    procedures: tuple[Procedure, ...]
    target: State | None  # None: the state stays
    who: tuple[str, ...]
    pen: Pen
    articles: tuple[int, ...]
    guards: tuple[str, ...] = ()
    removes: bool = False


def owners(
    sources: tuple[State, ...],
    action: Action,
    target: State | None,
    articles: tuple[int, ...],
    guards: tuple[str, ...] = (),
    pen: Pen = OWNER_PEN,
) -> list[Row]:
    """What the declaring side does on every track, each with its own people."""
    return [
        Row(sources, action, LOCAL, target, LOCAL_OWNER, pen, articles, guards),
        Row(sources, action, DEPARTMENT, target, DEPARTMENT_OWNER, pen, articles, guards),
    ]


def organs(
    sources: tuple[State, ...],
    action: Action,
    target: State | None,
    slots: tuple[Slot, ...],
    articles: tuple[int, ...],
    guards: tuple[str, ...] = (),
    pen: Pen = NO_PEN,
) -> list[Row]:
    """What the organs of the deciding tier do: the city's own on the filing route (R5)."""
    return [
        Row(sources, action, FILING, target, who(Tier.CITY, *slots), pen, articles, guards),
        Row(sources, action, PROVINCIAL, target, who(Tier.PROVINCE, *slots), pen, articles, guards),
    ]


# The city approves its own and files; approval and budget by the province end the others.
NEVER: Mapping[Procedure, frozenset[State]] = {
    Procedure.CITY_FILING: frozenset({S.BUDGETED, S.APPROVED}),
    Procedure.PROVINCIAL_REVIEW: frozenset({S.CITY_APPROVED, S.FILED}),
    Procedure.DEPARTMENTAL: frozenset({S.CITY_APPROVED, S.FILED}),
}


def spread(rows: list[Row]) -> dict[Key, Transition]:
    """The table; two rows for one key are a mistake."""
    table: dict[Key, Transition] = {}
    for row in rows:
        for procedure in row.procedures:
            for source in row.sources:
                if source in NEVER[procedure]:
                    continue
                key = (source, row.action, procedure)
                if key in table:
                    raise ValueError(f"two transitions for {key}")
                table[key] = Transition(
                    source,
                    row.action,
                    procedure,
                    row.target or source,
                    row.who,
                    row.pen[0],
                    row.pen[1],
                    row.articles,
                    row.guards,
                    row.removes,
                )
    return table
