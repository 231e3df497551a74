"""What must stand before a step may be taken, told from the dated facts that earlier steps left on the case.

The lifecycle table names the gates of each transition; nothing else in the system decides whether a step may be
taken. The gates themselves stand by phase in the gates_*.py files; importing them registers them.
"""

from __future__ import annotations

from service.measures import gates_delivering, gates_filing, gates_orders, gates_reviewing
from service.measures.standing import GATES, Gate, Standing

__all__ = ["GATES", "PHASES", "Gate", "Standing", "shut"]

PHASES = (gates_reviewing, gates_filing, gates_delivering, gates_orders)


def shut(names: tuple[str, ...], standing: Standing) -> tuple[Gate, str] | None:
    """The first of the named gates that is shut, with its reason."""
    for name in names:
        why = GATES[name].test(standing)
        if why is not None:
            return GATES[name], why
    return None
