"""The law a case is under (arts 44, 45): what it was taken in by, and which later entries its clause lets reach it.

An entry that replaces an older one of its key may say in its clause what becomes of cases taken in before it. Without
a clause what was submitted stays under the old rule, and a draft, which is under no law yet, follows the new one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from service.measures.lifecycle_states import State
from service.measures.rule_entries import Clause, ClauseMode, Entry, Overlay

# The states of a declared case in their order: what a clause may name, and what `reached` notes.
DESKS: tuple[State, ...] = (
    State.SUBMITTED,
    State.GATEKEPT,
    State.WITH_PROVINCE,
    State.IN_JOINT_REVIEW,
    State.LEADING_GROUP_DECIDED,
)
_RANK: Mapping[str, int] = {state.value: rank for rank, state in enumerate(DESKS)}
# Where another route can still be followed by the desk that holds the case: nobody else has begun on it.
MOVABLE = frozenset({State.SUBMITTED, State.GATEKEPT})
KEPT = Clause(ClauseMode.STAY)


@dataclass(frozen=True)
class Law:
    """`on`: the day of the first submission of the procedure; `at`: its moment, where it is known.

    `reached`: declared state → the day the case came to it, since its last submission.
    `strict`: nothing later reaches the case, whatever the clauses say.
    """

    on: date
    at: datetime | None = None
    reached: Mapping[str, date] = field(default_factory=dict)
    strict: bool = False

    def later(self, row: Entry | Overlay) -> bool:
        """Whether the rule came after the case was taken in: on a later day, or that day but after it."""
        if row.effective_from > self.on:
            return True
        since = row.recorded_at if isinstance(row, Overlay) else row.since
        return since is not None and self.at is not None and since > self.at

    def spares(self, row: Entry | Overlay) -> bool:
        """Whether the case stays under what stood before the row."""
        if not self.later(row):
            return False
        if self.strict:
            return True
        if isinstance(row, Overlay):
            return False
        clause = row.clause or KEPT
        if clause.mode is ClauseMode.FROM_STATE:
            return not self._from(clause.state or "", row.effective_from)
        return clause.mode is ClauseMode.STAY

    def _from(self, state: str, start: date) -> bool:
        """Whether the case has come to the state, and had not left it for a later one before the rule took effect."""
        rank = _RANK[state]
        ranks = {_RANK[name]: day for name, day in self.reached.items() if name in _RANK}
        if not any(each >= rank for each in ranks):
            return False
        return all(day >= start for each, day in ranks.items() if each > rank)

    @property
    def bare(self) -> Law:
        """The law of the day the case was taken in, nothing later."""
        return replace(self, strict=True)


def law_of(dated: Mapping[str, Any], first: date) -> Law | None:
    """The law of a case by the facts it carries; None for what nobody has submitted yet.

    A case of before this fact was kept is under the law of its last submission, or of its approval where another
    system took it in. `first`: the day of the first rules, before which none is (art. 45, R8).
    """
    fact = dated.get("law") or dated.get("declared") or dated.get("approved")
    if not fact or not fact.get("on"):
        return None
    reached = {name: date.fromisoformat(day) for name, day in (fact.get("reached") or {}).items()}
    at = datetime.fromisoformat(fact["at"]) if fact.get("at") else None
    return Law(max(date.fromisoformat(fact["on"]), first), at, reached)


def label(row: Entry | Overlay) -> str:
    """How a decision names a rule that it left aside: key@day, with `overlay:` before a city's own."""
    prefix = "overlay:" if isinstance(row, Overlay) else ""
    return f"{prefix}{row.key}@{row.effective_from.isoformat()}"


def clause_of(mode: str, state: str | None) -> Clause:
    """A clause as given; ValueError for an unknown mode, and for a state that does not go with it."""
    found = ClauseMode(mode)
    if (found is ClauseMode.FROM_STATE) != (state is not None):
        raise ValueError("a state goes with from_state, and with nothing else")
    if state is not None and state not in _RANK:
        raise ValueError(f"{state} is no state that a clause can name")
    return Clause(found, state)
