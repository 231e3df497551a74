"""What a desk looks at while nothing waits for it: what is late, what was asked to be put right, what is doubtful.

Supervisors and auditors never have a queue; an approver has none on a quiet morning. Each number leads to its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from service.console.visiting import Visit

MOST = 50  # counted; beyond it the number says that there are more
SHOWN = 8


class Watched(NamedTuple):
    """One number: what it counts, its rows' address, and whether it is the kind that should be none."""

    label: str
    address: str
    many: int
    more: bool
    hot: bool


class Watching(NamedTuple):
    """The numbers, and the duties that are late, the longest first."""

    numbers: list[Watched]
    late: list[Mapping[str, Any]]


_LATE = "obligations_list_page"
# What is counted, by which operation, asked what, where its rows are, and whether there should be none.
_OF: tuple[tuple[str, str, Mapping[str, str], str, bool], ...] = (
    ("逾期未办", _LATE, {"late": "true"}, "/console/duties?all=1&late=true", True),
    ("批复未备案", "monitoring_unfiled", {}, "/console/projects?state=city_approved", False),
    ("整改未办结", "orders_list_page", {"status": "open"}, "/console/orders?status=open", False),
    ("疑点待认定", "suspicions_list_page", {"state": "open"}, "/console/suspicions?state=open", False),
)


async def watching(visit: Visit) -> Watching | None:
    """As much of it as the reader's roles open; None for whoever has a queue of his own trade only."""
    numbers, late = [], list[Mapping[str, Any]]()
    for label, operation, asked, address, hot in _OF:
        found = await visit.maybe(operation, {**asked, "limit": str(MOST)}) if visit.may(operation) else None
        if found is None:
            continue
        items = found["items"]
        numbers.append(
            Watched(label, address, len(items), bool(found.get("next_cursor")), hot and bool(items))
        )
        if operation == _LATE:
            late = sorted(items, key=lambda each: each["due"])[:SHOWN]
    return Watching(numbers, late) if len(numbers) > 1 else None
