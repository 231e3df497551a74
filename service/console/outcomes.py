"""What happens after a deed, in one sentence under its button: read from the lifecycle's table, never written by hand.

The state the case is in then and who may carry it on from there. Where several may, all are named: which of them it
will be is not the page's to say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from service.measures.lifecycle import TRANSITIONS, Transition
from service.measures.lifecycle_rows import DEPARTMENT_OWNER, LOCAL_OWNER
from service.measures.lifecycle_states import TERMINAL, Action, Procedure, State, procedure_of
from service.measures.offices import Tier
from service.vocabulary import names

_STATES, _ACTIONS, _DESKS = names("state"), names("action"), names("tier_role")
# Takes a case back or ends it: done too, but not what it waits for next.
_NOT_ON = frozenset(
    {
        Action.WITHDRAW,
        Action.GATEKEEP_RETURN,
        Action.PROVINCE_RETURN,
        Action.NEED_RETURN,
        Action.NEED_REJECT,
        Action.REMOVE_ENTRY,
        Action.LAPSE,
        Action.RETURN_ACCEPTANCE,
        Action.AGREE_END,
        Action.SUSPEND,
        Action.TERMINATE,
        Action.RECALL_FUNDS,
        Action.END_TERM,
    }
)
_ACTS = frozenset(each.value for each in Action)  # others are told beside the table: an opinion, a draw
_PORTAL = ".portal"  # sends for people, is none of them
_OWNERS = frozenset({*LOCAL_OWNER, *DEPARTMENT_OWNER})
_MANY = 2  # desks that are named; more of them are whoever has cause to
# Where words of others, which are no step of the table, come before the next step.
_FIRST: Mapping[State, str] = {
    State.IN_JOINT_REVIEW: "接着等各家填写会审意见。",
    State.ACCEPTANCE_APPLIED: "接着等各家填写验收意见。",
    State.SUSPENDED: "整改到位以后由要求整改的机关恢复。",
}
_OWN_REVIEW = "；本市另设会审的，先行会审"  # art. 5: a city may have its own between the two


def outcome(project: Mapping[str, Any], action: str, mine: Collection[str]) -> str:
    """What comes of an act on the case as it stands; "" for an act that the table does not have.

    `mine`: the reader's "tier.role" names, who is told as 您.
    """
    if action not in _ACTS:
        return ""
    tier = Tier(project["owner"]["tier"])
    # Before a route is decided the rows are the same on both of a city's.
    undecided = Procedure.DEPARTMENTAL if tier is Tier.PROVINCE else Procedure.CITY_FILING
    procedure = procedure_of(project["route"], tier) or undecided
    row = TRANSITIONS.get((State(project["state"]), Action(action), procedure))
    return "" if row is None else _told(row, mine)


def _told(row: Transition, mine: Collection[str]) -> str:
    if row.removes:
        return "删除以后不再保留。"
    if row.target is row.source:
        return f"只作登记，案卷仍为“{_STATES[row.source]}”。"
    after = f"办后为“{_STATES[row.target]}”"
    if row.target in TERMINAL:
        return f"{after}，到此为止。"
    if row.target in _FIRST:
        return f"{after}，{_FIRST[row.target]}"
    then = _next(row, mine)
    if row.target is State.LEADING_GROUP_DECIDED:  # art. 19: what it did not agree to goes back
        then = f"同意的，{then}；没有同意的，退回项目单位"
    return f"{after}，{then}。" if then else f"{after}。"


def _next(row: Transition, mine: Collection[str]) -> str:
    """Who carries the case on from where the row leaves it; the reader is told by which act."""
    on = [
        each
        for each in TRANSITIONS.values()
        if each.source is row.target
        and each.procedure is row.procedure
        and each.target is not each.source
        and not each.removes
        and each.action not in _NOT_ON
    ]
    reviewed = any(each.action is Action.OPEN_JOINT_REVIEW for each in on) and len(on) > 1
    on = [each for each in on if not reviewed or each.action is not Action.OPEN_JOINT_REVIEW]
    own = [each for each in on if any(role in mine for role in each.who)]
    if len(own) == 1 and len(on) == 1:
        return f"接着由您办理：{_ACTIONS[own[0].action]}"
    desks = list(dict.fromkeys(desk for each in on for desk in _desks(each, mine)))
    if not desks or len(desks) > _MANY:
        return ""
    return f"接着轮到{'和'.join(desks)}{_OWN_REVIEW if reviewed else ''}"


def _desks(row: Transition, mine: Collection[str]) -> list[str]:
    if any(role in mine for role in row.who):
        return ["您"]
    people = [role for role in row.who if not role.endswith(_PORTAL)]
    return ["项目单位"] if _OWNERS.issuperset(people) else [_DESKS[role] for role in people]
