"""What a case offers to a desk: every act of the table and beside it that the desk does here, open or with its reason.

`offers` is what the reads of a case tell. What the table and the pen say is settled once for a place and some roles;
only gates are asked of each case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from service.measures.citations import articles_label
from service.measures.gated_case import GatedCase
from service.measures.gates import shut
from service.measures.lifecycle import NotAllowed, Refusal, step
from service.measures.lifecycle_rows import Transition
from service.measures.lifecycle_states import STATE_NAMES, Action, Holder, Procedure, State, procedure_of
from service.measures.lifecycle_table import ROUTE_FREE, TRANSITIONS
from service.measures.offices import Tier
from service.measures.side_acts import SIDE_ACTS, TOLD_WHEN, Obstacle, Place, SideAct, own_obstacle, unmet

OF_REFUSAL: Mapping[Refusal, Obstacle] = {
    Refusal.WRONG_STATE: Obstacle.STATE,
    Refusal.WRONG_ROUTE: Obstacle.ROUTE,
    Refusal.NOT_HOLDER: Obstacle.PEN,
    Refusal.WRONG_ROLE: Obstacle.ROLE,
    Refusal.SAME_PERSON: Obstacle.PERSON,
    Refusal.GATE_SHUT: Obstacle.GATE,
}
# The agency's own report appraises by itself (art. 18); `appraise` takes an earlier one over, which the organs do.
_WITHIN = frozenset({(Action.APPRAISE, "province.agency"), (Action.APPRAISE, "city.agency")})
# Done by the clock alone: nobody is offered it.
_BY_CLOCK = frozenset({Action.LAPSE})
_NOBODY: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Offer:
    """One act here: `articles` order it; `why_not` says what is in the way, `article` which article says so."""

    action: str
    articles: tuple[int, ...]
    who: tuple[str, ...]
    obstacle: Obstacle | None = None
    why_not: str = ""
    article: int = 0

    @property
    def allowed(self) -> bool:
        return self.obstacle is None


class _Settled(NamedTuple):
    """What is known without the facts: the offer where nothing else is in the way, and what is asked still."""

    offer: Offer
    row: Transition | None = None
    act: SideAct | None = None


_FROM: dict[State, dict[Action, list[Transition]]] = {}
for _row in TRANSITIONS.values():
    if _row.action not in _BY_CLOCK:
        _FROM.setdefault(_row.source, {}).setdefault(_row.action, []).append(_row)
# Submission decides the route; who may submit is the same on every one a declarer can get.
_GUESSED = {
    Action.SUBMIT: Procedure.CITY_FILING.value,
    Action.NEED_SUBMIT: Procedure.PROVINCIAL_REVIEW.value,
    Action.NEED_REPORT: Procedure.PROVINCIAL_REVIEW.value,
}


def offers(
    place: Place,
    holder: Holder,
    roles: Collection[str],
    gated: GatedCase,
    barred: Mapping[str, str] = _NOBODY,
) -> list[Offer]:
    """Every act that one of the roles does in this state, on this route or another, in the order of the table.

    `roles`, `barred` as in `lifecycle.step`. What is another desk's is left out.
    """
    by = frozenset(roles) - barred.keys()
    asked = replace(gated, by=by)
    return [
        found
        for each in _settled(place, holder, tuple(roles), tuple(barred.items()))
        if (found := _asked(each, place, roles, asked, barred)).obstacle is not Obstacle.ROLE
    ]


def desks(place: Place, holder: Holder, gated: GatedCase) -> dict[str, list[Offer]]:
    """By desk ("tier.role") what it may do now, whoever sits there; desks with nothing to do are left out."""
    every = {role for rows in _FROM.get(place.state, {}).values() for row in rows for role in row.who}
    every |= {role for act in SIDE_ACTS if place.state in act.states for role in act.who(place)}
    found = {
        role: [each for each in offers(place, holder, (role,), gated) if each.allowed]
        for role in sorted(every)
    }
    return {role: open_ for role, open_ in found.items() if open_}


def later(place: Place, roles: Collection[str]) -> list[Offer]:
    """What one of the roles may come to do in a state the case can still reach on its route, and in which first."""
    procedure = procedure_of(place.route, place.tier)
    here = _FROM.get(place.state, {})
    found: dict[Action, Offer] = {}
    for state in _ahead(place.state, procedure) if procedure else ():
        for action, rows in _FROM.get(state, {}).items():
            row = next((each for each in rows if each.procedure is procedure), None)
            if action in here or action in found or row is None or not set(row.who) & set(roles):
                continue
            why = f"须待“{STATE_NAMES[state]}”之后（{articles_label(row.articles)}）"
            found[action] = Offer(action.value, row.articles, row.who, Obstacle.STATE, why, row.articles[0])
    return list(found.values())


def _ahead(state: State, procedure: Procedure) -> Iterator[State]:
    """The states that can be reached, nearest first."""
    seen, edge = {state}, [state]
    while edge:
        reached = [
            row.target
            for source in edge
            for rows in _FROM.get(source, {}).values()
            for row in rows
            if row.procedure is procedure and not row.removes
        ]
        edge = [each for each in dict.fromkeys(reached) if each not in seen]
        seen.update(edge)
        yield from edge


@lru_cache(maxsize=4096)
def _settled(
    place: Place, holder: Holder, roles: tuple[str, ...], barred: tuple[tuple[str, str], ...]
) -> tuple[_Settled, ...]:
    """What the table says of each act of the state, and which acts beside it there are."""
    found = [
        _of_table(action, rows, place, holder, roles, dict(barred))
        for action, rows in _FROM.get(place.state, {}).items()
    ]
    for act in SIDE_ACTS:
        if place.state not in act.states or not _known_here(act.beside, place):
            continue
        if act.along is None:
            found.append(_Settled(Offer(act.name, act.articles, act.who(place)), act=act))
            continue
        rows = _FROM.get(place.state, {}).get(act.along, [])
        if rows:
            way = _of_table(act.along, rows, place, holder, roles, dict(barred))
            found.append(_Settled(replace(way.offer, action=act.name, articles=act.articles), way.row, act))
    return tuple(found)


def _known_here(action: Action | None, place: Place) -> bool:
    """Whether the table knows an act in this state on the case's procedure; no act is known everywhere."""
    procedure = procedure_of(place.route, place.tier)
    return action is None or (procedure is not None and (place.state, action, procedure) in TRANSITIONS)


def _of_table(
    action: Action,
    rows: list[Transition],
    place: Place,
    holder: Holder,
    roles: tuple[str, ...],
    barred: Mapping[str, str],
) -> _Settled:
    route = place.route or _GUESSED.get(action)
    procedure = procedure_of(route, place.tier)
    if procedure is None and action in ROUTE_FREE:
        procedure = Procedure.DEPARTMENTAL if place.tier is Tier.PROVINCE else Procedure.CITY_FILING
    own = [row for row in rows if row.procedure is procedure]
    roles = tuple(role for role in roles if (action, role) not in _WITHIN)
    who = tuple(
        dict.fromkeys(role for row in own or rows for role in row.who if (action, role) not in _WITHIN)
    )
    plain = Offer(action.value, (own or rows)[0].articles, who)
    try:
        row = step(
            place.state,
            action,
            route=route,
            declarer_tier=place.tier,
            holder=holder,
            roles=roles,
            barred=barred,
        )
    except NotAllowed as refusal:
        theirs = not set(who) & set(roles)
        obstacle = Obstacle.ROLE if theirs else OF_REFUSAL[refusal.reason]
        return _Settled(replace(plain, obstacle=obstacle, why_not=refusal.detail, article=refusal.article))
    return _Settled(plain, row)


def _asked(
    each: _Settled, place: Place, roles: Collection[str], gated: GatedCase, barred: Mapping[str, str]
) -> Offer:
    """The offer with what the facts of this case say."""
    offer, row, act = each
    if offer.obstacle is not None:
        return offer
    if row is not None and row.guards and (closed := shut(row.guards, gated)) is not None:
        article = closed.gate.article
        why = f"{closed.why}（{articles_label((article,))}）{closed.told}"
        return replace(offer, obstacle=Obstacle.GATE, why_not=why, article=article)
    if act is not None and act.along is None:
        found = own_obstacle(act, place, roles, gated, barred)
    else:
        found = unmet(act.when if act is not None else TOLD_WHEN.get(offer.action, ()), gated)
    if found.obstacle is None:
        return offer
    article = found.article or offer.articles[0]
    why = f"{found.why}（{articles_label((article,))}）"
    return replace(offer, obstacle=found.obstacle, why_not=why, article=article)
