"""The neighbours of a case in the list one came from: `?from=` carries that list's filter from case to case."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from service.console.listing import asked_of
from service.console.queue_conditions import PLACE, QUEUE, asked_of_queue
from service.console.registers_cases import PROJECTS
from service.console.visiting import Visit
from service.kit.errors import ServiceError

_PLACE = ("order", "cursor")
_WIDE = "100"


class Around(NamedTuple):
    """Where one is in the list: before, after, place and length; addresses keep the list's filter.

    `place` 0: the case left the list, mostly as what it waited for was done; `after` is the first of the rest.
    """

    before: str
    after: str
    place: int
    length: int
    back: str
    label: str


def carried_by(visit: Visit) -> str:
    """The list's own conditions, order and place as a parameter's value, for links to its cases."""
    known = [each.name for each in PROJECTS.filters] + list(_PLACE)
    return urlencode({"order": "newest"} | visit.picked(*known))


def queue_of(carried: str | None) -> str:
    """The queue that a case was opened from; "" where it was opened from another list, or from none."""
    return dict(parse_qsl(carried or "", max_num_fields=20)).get(QUEUE, "")


async def neighbours(visit: Visit, ref: str) -> Around | None:
    """None where one came from no list."""
    given = dict(parse_qsl(visit.query.get("from", ""), max_num_fields=20))
    if not given:
        return None
    try:
        ids, back, label = await _listed(visit, given)
    except ServiceError:
        return None  # a filter that nobody takes: the page is none the worse
    carried = urlencode({"from": visit.query["from"]})
    at = ids.index(ref) if ref in ids else -1

    def address(place: int) -> str:
        return f"/console/projects/{ids[place]}?{carried}" if 0 <= place < len(ids) else ""

    return Around(address(at - 1), address(at + 1), at + 1, len(ids), back, label)


async def _listed(visit: Visit, given: dict[str, str]) -> tuple[list[str], str, str]:
    found: Any
    if QUEUE in given:
        found = await visit.ask("tasks_list_page", {**asked_of_queue(given), "limit": "50"})
        ids = [each["project_id"] for each in found["items"] if each["project_id"]]
        there = {name: given[name] for name in PLACE if name in given}
        return list(dict.fromkeys(ids)), f"/console?{urlencode(there)}", "待办"
    known = [*(each.name for each in PROJECTS.filters), *_PLACE]
    kept = {name: given[name] for name in known if name in given}
    asked = asked_of(kept, PROJECTS.filters) | {name: kept[name] for name in _PLACE if name in kept}
    found = await visit.ask("projects_list_page", {**asked, "limit": _WIDE})
    return [each["id"] for each in found["items"]], f"/console/projects?{urlencode(kept)}", "项目"
