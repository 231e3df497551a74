"""The conditions of 待办: parameters of its address, asked of the whole queue, each with how many fit it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from service.console.listing import Filter, chips, kept_hidden, told
from service.console.records import Listed, Register
from service.console.visiting import Visit
from service.vocabulary import names

QUEUE, PLACE = "queue", ("queue", "only", "division", "cursor")
# What stands in a queue, as conditions and chips have it; its rows are the template's.
_QUEUE = Register("/console", "待办", "", "tasks_list_page", (), "没有要您办的事。", order="先到期的在前")


class _Kind(NamedTuple):
    """A condition: what it is called, what is asked for it, and which count tells how many fit."""

    words: str
    asked: dict[str, str]
    counted: str


_ONLY = {
    "plain": _Kind("无须表态", {"to_judge": "false"}, "without_reasons"),
    "near": _Kind(names("finding")["near_line"], {"near_line": "true"}, "near_line"),
    "province": _Kind("报省", {"route": "provincial_review"}, "provincial_review"),
}


def asked_of_queue(given: Mapping[str, str]) -> dict[str, str]:
    """The page's parameters as the operation takes them; a condition that nobody knows is none."""
    found = {name: given[name] for name in (QUEUE, "division", "cursor") if given.get(name)}
    kind = _ONLY.get(given.get("only", ""))
    return found | (kind.asked if kind else {})


def carried(visit: Visit, queue: str) -> str:
    """The queue with its conditions as the value of `from`, so that a case's neighbours are those of this list."""
    kept = visit.picked("only", "division")
    return urlencode({QUEUE: queue} | kept) if queue else ""


async def narrowed(visit: Visit, tasks: Any, waits: Mapping[str, Any] | None) -> Listed:
    """The queue as every list is drawn: its conditions, those at work, and how many there are of all that fit.

    `waits`: the queue in the summary; where it is too long to be counted, conditions stand without numbers.
    """
    counts, only = tasks["counts"], visit.query.get("only", "")
    whole = counts["count"] if counts else 0
    filters = []
    kinds = tuple(
        (code, f"{kind.words} {counts[kind.counted]}" if counts else kind.words)
        for code, kind in _ONLY.items()
        if not counts or counts[kind.counted] or code == only
    )
    if kinds and (only or not counts or any(counts[_ONLY[code].counted] < whole for code, _ in kinds)):
        filters.append(Filter("only", "哪些", kinds, "local", every=f"全部 {whole}" if counts else "全部"))
    places = await _places(visit) if tasks["items"] or "division" in visit.query else ()
    if len(places) > 1 and (not counts or whole > 1 or "division" in visit.query):
        filters.append(Filter("division", "区划", places, "pick"))
    found = {**tasks, **_total(tasks["counts"], waits, only, narrow="division" in visit.query)}
    return Listed(
        _QUEUE,
        found,
        filters,
        chips(visit, filters),
        told(found, first="cursor" not in visit.query),
        [],
        kept_hidden(visit, filters),
        {},
        None,
        None,
    )


def _total(
    counts: Mapping[str, int] | None, waits: Mapping[str, Any] | None, only: str, *, narrow: bool
) -> dict[str, Any]:
    """How many fit, as far as anybody counted."""
    if counts:
        return {"total": counts[_ONLY[only].counted] if only in _ONLY else counts["count"], "more": False}
    if waits is not None and only not in _ONLY and not narrow:
        return {"total": waits["count"], "more": waits["capped"]}
    return {}


async def _places(visit: Visit) -> tuple[tuple[str, str], ...]:
    """The divisions that a city's desk gets cases from: its own and its counties."""
    if visit.tier != "city":
        return ()
    known = await visit.maybe("rulebook_divisions")
    tenant = visit.principal.tenant
    return tuple(
        (each["code"], "市本级" if each["code"] == tenant else each["name"])
        for each in (known["items"] if known else ())
        if tenant in (each["code"], each["parent"])
    )
