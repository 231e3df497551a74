"""What must stand before a step may be taken, told from the dated facts that earlier steps left on the case.

The lifecycle table names the gates of each transition; nothing else in the system decides whether a step may be
taken. The gates themselves stand by phase in the gates_*.py files; importing them registers them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from service.measures import gates_delivering, gates_filing, gates_orders, gates_reviewing
from service.measures.figures import noting, told_of
from service.measures.gated_case import GATES, Gate, GatedCase

__all__ = ["GATES", "PHASES", "Gate", "GatedCase", "Shut", "shut"]

PHASES = (gates_reviewing, gates_filing, gates_delivering, gates_orders)


class Shut(NamedTuple):
    """A gate that is shut, why, and the documents that amended the figures it went by, as a text cites them."""

    gate: Gate
    why: str
    told: str


def shut(names: tuple[str, ...], gated: GatedCase) -> Shut | None:
    """The first of the named gates that is shut."""
    for name in names:
        asked = replace(gated, figures=noting(gated.figures))
        why = GATES[name].test(asked)
        if why is not None:
            return Shut(GATES[name], why, told_of(asked.figures))
    return None
