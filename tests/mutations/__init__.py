"""Rules switched off one at a time: each must be missed by the test that is named for it.

`python -m tests.mutations` runs every named test in a process of its own whose environment names the rule to switch
off; `tests/conftest.py`, and nothing of the service, reads it. A test that stays green proves nothing about its rule.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

VARIABLE = "TONGJIAN_TESTS_WITHOUT"


class Mutation(NamedTuple):
    """A rule, how it is switched off in this process, and the test that must notice."""

    article: int
    name: str
    what: str
    off: Callable[[], None]
    test: str


def switch_off(name: str) -> None:
    """Switches the named rule off, in this process only."""
    from tests.mutations.drawn import FAMILIES, population
    from tests.mutations.rules import MUTATIONS

    if name.partition(" ")[0] in FAMILIES:
        named = population()
    else:
        from tests.mutations.mends import MENDS

        named = [*MUTATIONS, *MENDS]
    next(each for each in named if each.name == name).off()
