"""A case as gates read it, and the register of gates: name, article, test.

A gate is a function GatedCase → None (open) or the Chinese sentence that says why it is shut.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class GatedCase:
    """A case as gates read it on a day. `dated`: name → {"on": ISO date, …}; `figures`: rule-book values;
    `by`: the "tier.role" names of whoever asks, told by `lifecycle.step` (an order is its organ's, art. 41).
    `kind`: art. 13's kind of the project; maintenance has no trial run, acceptance or half year to begin in (R30).

    The names of facts are told in `projects/dated_facts.py`, beside the one function that writes them.
    """

    on: date
    dated: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    by: frozenset[str] = frozenset()
    kind: str | None = None

    def fact(self, name: str) -> Mapping[str, Any]:
        """The fact, or an empty mapping."""
        return self.dated.get(name) or {}

    def day(self, name: str) -> date | None:
        """The date of a fact, or None while there is none."""
        given = self.fact(name).get("on")
        return date.fromisoformat(given) if given else None

    @property
    def maintenance(self) -> bool:
        """Art. 13's 运维: a service over a term, where nothing is built that could be tried and accepted (R30)."""
        return self.kind == "maintain"

    def figure(self, key: str, default: int) -> int:
        """A period of the rule book; `default` only where a caller has no rule book (tests of the table)."""
        return int(self.figures.get(key, default))


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition: its article, and the test."""

    name: str
    article: int
    test: Callable[[GatedCase], str | None]


GATES: dict[str, Gate] = {}


def gate(
    name: str, article: int
) -> Callable[[Callable[[GatedCase], str | None]], Callable[[GatedCase], str | None]]:
    def note(test: Callable[[GatedCase], str | None]) -> Callable[[GatedCase], str | None]:
        GATES[name] = Gate(name, article, test)
        return test

    return note
