"""沿革: what has changed of an article since it came into force: documents, cities' own figures, new readings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from service.console.figures import NAMES, told
from service.console.visiting import Visit
from service.console.wording import FILTERS, short


class Change(NamedTuple):
    """One change: since when, what, whose, where it is told, and how it stands."""

    on: str
    what: str
    whose: str
    address: str
    state: str
    tone: str


async def changes_of(
    visit: Visit, keys: Iterable[str], readings: Iterable[Mapping[str, Any]]
) -> list[Change]:
    """The newest first. `keys`: of the figures that the article fixes; `readings`: of the article, with their past."""
    known = frozenset(keys)
    amended = await visit.maybe("rulebook_amendment_list") if known else None
    own = await visit.maybe("rulebook_overlay_page", {"limit": "200"}) if known else None
    found = [
        *(_document(each, known) for each in (amended["items"] if amended else ())),
        *(_of_city(each) for each in (own["items"] if own else ()) if each["key"] in known),
        *(change for each in readings for change in _reread(each)),
    ]
    return sorted((each for each in found if each), key=lambda each: each.on, reverse=True)


def _document(found: Mapping[str, Any], keys: frozenset[str]) -> Change | None:
    told_of = [
        f"{NAMES.get(each['key'], '其他')}改为 {_value(each)}"
        for each in found["entries"]
        if each["key"] in keys
    ]
    if not told_of or found["status"] == "refused":
        return None
    return Change(
        found["effective_from"],
        "；".join(told_of),
        found["document_number"],
        f"/console/amendments/{found['id']}",
        FILTERS["amendment_status"](found["status"]),
        FILTERS["amendment_status_tone"](found["status"]),
    )


def _of_city(found: Mapping[str, Any]) -> Change:
    return Change(
        found["effective_from"],
        f"{NAMES.get(found['key'], '其他')}定为 {_value(found)}",
        found["tenant_name"] or "",
        f"/console/overlays/{found['id']}",
        FILTERS["standing"](found["status"]),
        FILTERS["standing_tone"](found["status"]),
    )


def _value(of: Mapping[str, Any]) -> str:
    return short(str(told(of["unit"], of["value"], of["key"])))


def _standing(version: Mapping[str, Any], coming: set[int], every: list[Any]) -> str:
    if version["number"] in coming:
        return "coming"
    later = [each for each in every if each["number"] > version["number"] and each["number"] not in coming]
    return "superseded" if later else "standing"


def _reread(found: Mapping[str, Any]) -> list[Change]:
    """Versions after the first: how it was read anew, or will be."""
    coming = {each["number"] for each in found["coming"]}
    versions = sorted(found["history"], key=lambda each: each["number"])
    return [
        Change(
            each["effective_from"],
            each["text"],
            f"解释 {found['id']} 第 {place} 版",
            f"/console/readings/{found['id']}",
            FILTERS["standing"](stands := _standing(each, coming, versions)),
            FILTERS["standing_tone"](stands),
        )
        for place, each in enumerate(versions, 1)
        if place > 1
    ]
