"""What may be done with a case now, by whom, and why not: everything is read from TRANSITIONS."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from service.measures.citations import articles_label
from service.measures.lifecycle_states import (
    STATE_NAMES,
    Action,
    Holder,
    Procedure,
    State,
    procedure_of,
)
from service.measures.lifecycle_table import INITIAL, ROUTE_FREE, TERMINAL, TRANSITIONS, Transition
from service.measures.offices import Tier

__all__ = [
    "INITIAL", "STATE_NAMES", "TERMINAL", "TRANSITIONS", "Action", "ActionInfo", "Holder", "NotAllowed",
    "Procedure", "Refusal", "State", "Transition", "actions_for", "mermaid", "procedure_of", "step",
]  # fmt: skip


class Refusal(StrEnum):
    """Why a step is refused, in the order in which it is asked."""

    WRONG_STATE = "wrong_state"
    WRONG_ROUTE = "wrong_route"
    NOT_BUILT = "not_built"
    NOT_HOLDER = "not_holder"
    WRONG_ROLE = "wrong_role"


_HOLDER_NAMES = {Holder.OWNER: "项目单位", Holder.CITY: "设区市", Holder.PROVINCE: "省级"}


class NotAllowed(Exception):
    """A refused step: `reason`, Chinese `detail`, and the article that says so."""

    def __init__(self, reason: Refusal, detail: str, article: int) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail
        self.article = article


@dataclass(frozen=True, slots=True)
class ActionInfo:
    """One action at a state: allowed, or the reason and the sentence for the official."""

    action: Action
    allowed: bool
    article: int
    why_not: Refusal | None = None
    detail: str = ""


def step(
    state: State,
    action: Action,
    *,
    route: str | None,
    declarer_tier: Tier,
    holder: Holder,
    roles: Collection[str],
) -> Transition:
    """The transition of an action, or NotAllowed. `roles` are the actor's "tier.role" names.

    `route` is the route decided last; without one, only editing, deleting and withdrawing go.
    """
    procedure = procedure_of(route, declarer_tier)
    if procedure is None and action in ROUTE_FREE:
        # These rows are the same on both local routes.
        procedure = Procedure.DEPARTMENTAL if declarer_tier is Tier.PROVINCE else Procedure.CITY_FILING
    row = None if procedure is None else TRANSITIONS.get((state, action, procedure))
    if row is None:
        raise _no_row(state, action, procedure)
    cited = f"（{articles_label(row.articles)}）"
    article = row.articles[0]
    if not row.built:
        raise NotAllowed(Refusal.NOT_BUILT, f"该环节尚未开通{cited}", article)
    if holder is not row.holder_before:
        desk = _HOLDER_NAMES[holder]
        raise NotAllowed(Refusal.NOT_HOLDER, f"案卷目前由{desk}经办，暂不能办理此事项{cited}", article)
    if not set(row.who) & set(roles):
        raise NotAllowed(Refusal.WRONG_ROLE, f"您的岗位不办理此事项{cited}", article)
    return row


def _no_row(state: State, action: Action, procedure: Procedure | None) -> NotAllowed:
    """Tell "not from this state" from "not on this route"."""
    here = [row for row in TRANSITIONS.values() if row.action is action and row.source is state]
    if here:
        article = here[0].articles[0]
        return NotAllowed(
            Refusal.WRONG_ROUTE, f"本项目的审批路径不经过此环节（{articles_label((article,))}）", article
        )
    # The same action on this procedure, if it has one at all, names the article that orders it.
    own = [row for row in _rows_of(action) if row.procedure is procedure]
    article = (own or _rows_of(action))[0].articles[0]
    return NotAllowed(
        Refusal.WRONG_STATE,
        f"当前状态为“{STATE_NAMES[state]}”，不能办理此事项（{articles_label((article,))}）",
        article,
    )


def _rows_of(action: Action) -> list[Transition]:
    return [row for row in TRANSITIONS.values() if row.action is action]


def actions_for(
    state: State, *, route: str | None, declarer_tier: Tier, holder: Holder, roles: Collection[str]
) -> list[ActionInfo]:
    """Every action the table knows from this state, allowed or with its reason, in table order."""
    infos = []
    for action in dict.fromkeys(row.action for row in TRANSITIONS.values() if row.source is state):
        # Submission decides the route; who may submit is the same on every one a declarer can get.
        way = Procedure.CITY_FILING.value if route is None and action is Action.SUBMIT else route
        try:
            row = step(state, action, route=way, declarer_tier=declarer_tier, holder=holder, roles=roles)
            infos.append(ActionInfo(action, True, row.articles[0]))
        except NotAllowed as refusal:
            infos.append(ActionInfo(action, False, refusal.article, refusal.reason, refusal.detail))
    return infos


def mermaid() -> str:
    """The state diagram of the table; a star marks what is not built yet."""
    lines = ["stateDiagram-v2"]
    lines += [f"    {state.value}: {name}" for state, name in STATE_NAMES.items()]
    lines += [f"    [*] --> {state.value}" for state in State if state in INITIAL]
    edges: dict[tuple[str, str, str], bool] = {}
    for row in TRANSITIONS.values():
        end = "[*]" if row.removes else row.target.value
        label = f"{row.action.value} {articles_label(row.articles)}"
        key = (row.source.value, end, label)
        edges[key] = edges.get(key, False) or row.built
    for (source, end, label), built in edges.items():
        lines.append(f"    {source} --> {end}: {label}{'' if built else ' *'}")
    lines += [f"    {state.value} --> [*]" for state in State if state in TERMINAL]
    return "\n".join(lines) + "\n"
