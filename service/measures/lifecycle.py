"""What may be done with a case now, by whom, and why not: everything is read from TRANSITIONS."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from enum import StrEnum

from service.measures.citations import articles_label
from service.measures.gates import GatedCase, shut
from service.measures.lifecycle_rows import Transition
from service.measures.lifecycle_states import (
    ABANDONED,
    COMPLETED,
    INITIAL,
    STATE_NAMES,
    TERMINAL,
    UNDECLARED,
    WORKING,
    Action,
    Holder,
    Procedure,
    State,
    procedure_of,
    values,
)
from service.measures.lifecycle_table import ROUTE_FREE, TRANSITIONS
from service.measures.offices import Tier
from service.vocabulary import names

__all__ = [
    "ABANDONED",
    "COMPLETED",
    "INITIAL",
    "STATE_NAMES",
    "TERMINAL",
    "TRANSITIONS",
    "UNDECLARED",
    "WORKING",
    "Action",
    "GatedCase",
    "Holder",
    "NotAllowed",
    "Procedure",
    "Refusal",
    "State",
    "Transition",
    "mermaid",
    "procedure_of",
    "step",
    "values",
]


class Refusal(StrEnum):
    """Why a step is refused, in the order in which it is asked."""

    WRONG_STATE = "wrong_state"
    WRONG_ROUTE = "wrong_route"
    NOT_HOLDER = "not_holder"
    WRONG_ROLE = "wrong_role"
    SAME_PERSON = "same_person"
    GATE_SHUT = "gate_shut"


_NOTHING: Mapping[str, str] = {}
_HOLDER_NAMES: Mapping[str, str] = names("holder")


class NotAllowed(Exception):
    """A refused step: `reason`, Chinese `detail`, the article that says so, and the gate that is shut, if any."""

    def __init__(self, reason: Refusal, detail: str, article: int, gate: str | None = None) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail
        self.article = article
        self.gate = gate


def step(
    state: State,
    action: Action,
    *,
    route: str | None,
    declarer_tier: Tier,
    holder: Holder,
    roles: Collection[str],
    gated: GatedCase | None = None,
    barred: Mapping[str, str] = _NOTHING,
) -> Transition:
    """The transition of an action, or NotAllowed. `roles` are the actor's "tier.role" names.

    `barred`: those of the roles that this very person may not use on this case, since earlier hands of the same
    person were the other side's, with the sentence that says so ({"city.gatekeeper": "您曾…"}).

    `route` is the route decided last; without one, only editing, deleting and withdrawing go. Without `gated`
    the gates are not asked: who may act from where, not whether the time has come.
    """
    row = _row(state, action, route, declarer_tier)
    cited = f"（{articles_label(row.articles)}）"
    article = row.articles[0]
    if row.holder_before is not None and holder is not row.holder_before:
        desk = _HOLDER_NAMES[holder]
        raise NotAllowed(Refusal.NOT_HOLDER, f"案卷目前由{desk}经办，暂不能办理此事项{cited}", article)
    mine = [role for role in row.who if role in roles]
    if not mine:
        raise NotAllowed(Refusal.WRONG_ROLE, f"您的岗位不办理此事项{cited}", article)
    if all(role in barred for role in mine):
        raise NotAllowed(Refusal.SAME_PERSON, f"{barred[mine[0]]}{cited}", article)
    if gated is not None and row.guards:
        _ask_gates(row, replace(gated, by=frozenset(roles) - barred.keys()))
    return row


def _row(state: State, action: Action, route: str | None, declarer_tier: Tier) -> Transition:
    """The table's row of an action, or NotAllowed: none from this state, or none on this route."""
    procedure = procedure_of(route, declarer_tier)
    if procedure is None and action in ROUTE_FREE:
        # These rows are the same on both local routes.
        procedure = Procedure.DEPARTMENTAL if declarer_tier is Tier.PROVINCE else Procedure.CITY_FILING
    row = None if procedure is None else TRANSITIONS.get((state, action, procedure))
    if row is None:
        raise _no_row(state, action, procedure)
    return row


def _ask_gates(row: Transition, gated: GatedCase) -> None:
    """NotAllowed by the first gate of the row that is shut, with that gate's own article."""
    closed = shut(row.guards, gated)
    if closed is None:
        return
    gate = closed.gate
    detail = f"{closed.why}（{articles_label((gate.article,))}）{closed.told}"
    raise NotAllowed(Refusal.GATE_SHUT, detail, gate.article, gate.name)


def _no_row(state: State, action: Action, procedure: Procedure | None) -> NotAllowed:
    """Tell "not from this state" from "not on this route", which knows the action in no state at all."""
    here = [row for row in _ROWS_OF[action] if row.source is state]
    own = [row for row in _ROWS_OF[action] if row.procedure is procedure]
    if here and not own:
        article = here[0].articles[0]
        return NotAllowed(
            Refusal.WRONG_ROUTE, f"本项目的审批路径不经过此环节（{articles_label((article,))}）", article
        )
    # The same action on this procedure, if it has one at all, names the article that orders it.
    article = (own or _ROWS_OF[action])[0].articles[0]
    return NotAllowed(
        Refusal.WRONG_STATE,
        f"当前状态为“{STATE_NAMES[state]}”，不能办理此事项（{articles_label((article,))}）",
        article,
    )


_ROWS_OF: dict[Action, list[Transition]] = {}
for _each in TRANSITIONS.values():
    _ROWS_OF.setdefault(_each.action, []).append(_each)


def mermaid() -> str:
    """The state diagram of the table; acts that leave the state as it is are left out."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {state}: {name}" for state, name in STATE_NAMES.items()]
    lines += [f"    [*] --> {state.value}" for state in State if state in INITIAL]
    edges: dict[tuple[str, str, str], None] = {}
    for row in TRANSITIONS.values():
        if row.target is not row.source or row.removes:
            end = "[*]" if row.removes else row.target.value
            edges[row.source.value, end, f"{row.action.value} {articles_label(row.articles)}"] = None
    lines += [f"    {source} --> {end}: {label}" for source, end, label in edges]
    lines += [f"    {state.value} --> [*]" for state in State if state in TERMINAL]
    return "\n".join(lines) + "\n"
