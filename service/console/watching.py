"""What a desk looks at while nothing waits for it: what is late, what was asked to be put right, what is doubtful.

Supervisors and auditors never have a queue; an approver has none on a quiet morning. Each number leads to its rows.
待办 fetches it after itself: what waits is known without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console.pages import page, render
from service.console.visiting import Visit
from service.kit.handler import Rendered

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
    """The numbers, the duties that are late, the longest first, and what is to be put right, the first due first."""

    numbers: list[Watched]
    late: list[Mapping[str, Any]]
    orders: list[Mapping[str, Any]]


_LATE, _ORDERS = "obligations_list_page", "orders_list_page"
# What is counted, by which operation, asked what, where its rows are, and whether there should be none.
_OF: tuple[tuple[str, str, Mapping[str, str], str, bool], ...] = (
    ("逾期未办", _LATE, {"late": "true"}, "/console/duties?all=1&late=true", True),
    ("批复未备案", "monitoring_unfiled", {}, "/console/projects?state=city_approved", False),
    ("整改未办结", _ORDERS, {"status": "open"}, "/console/orders?status=open", False),
    ("疑点待认定", "suspicions_list_page", {"state": "open"}, "/console/suspicions?state=open", False),
)


# Whoever only uses what others provide: his own requests, by where they stand.
_ASKED = (("等确认", "requested"), ("等开通", "confirmed"), ("使用中", "active"))


async def _requests(visit: Visit) -> list[Watched]:
    """One read; a request that ended is not counted."""
    found = await visit.maybe("adoptions_list_page", {"limit": str(MOST)})
    states = [each["state"] for each in found["items"]] if found else []
    more = bool(found and found.get("next_cursor"))
    return [
        Watched(label, f"/console/adoptions?state={code}", states.count(code), more, False)
        for label, code in _ASKED
    ]


def watches(visit: Visit) -> bool:
    """Whether there is anything that the reader looks at."""
    return visit.may("adoptions_request") or sum(visit.may(operation) for _, operation, *_ in _OF) > 1


async def watching(visit: Visit) -> Watching | None:
    """As much of it as the reader's roles open, or his requests; None for whoever has a queue of his trade only."""
    numbers, rows = [], dict[str, list[Mapping[str, Any]]]()
    for label, operation, asked, address, hot in _OF:
        found = await visit.maybe(operation, {**asked, "limit": str(MOST)}) if visit.may(operation) else None
        if found is None:
            continue
        items = found["items"]
        numbers.append(
            Watched(label, address, len(items), bool(found.get("next_cursor")), hot and bool(items))
        )
        if operation in (_LATE, _ORDERS):
            rows[operation] = sorted(items, key=lambda each: each["due"])[:SHOWN]
    if len(numbers) < 2 and visit.may("adoptions_request"):
        numbers, rows = await _requests(visit), {}
    return Watching(numbers, rows.get(_LATE, []), rows.get(_ORDERS, [])) if len(numbers) > 1 else None


@page("GET", "/console/watching")
async def watched(visit: Visit) -> Rendered:
    """The numbers with the first of their rows."""
    return render(visit, "watching.html", watching=await watching(visit))


ROUTES: list[HTTPRouteHandler] = [watched]
