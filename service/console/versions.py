"""What changed between two versions of a case, field by field, by the names of the form; and the whole evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console.pages import page, render
from service.console.parts_of_case import said_of
from service.console.visiting import Visit
from service.kit.errors import not_found
from service.kit.handler import Rendered
from service.vocabulary import names


class Changed(NamedTuple):
    """One field: what it is called, and what stood in each version; empty where nothing stood."""

    label: str
    before: str
    after: str


def flattened(value: Any, at: str = "") -> dict[str, Any]:
    """Pointer → value of everything that holds one; empty ones are left out."""
    if isinstance(value, Mapping):
        parts = [(f"{at}/{name}", inner) for name, inner in value.items()]
    elif isinstance(value, list) and any(isinstance(each, Mapping | list) for each in value):
        parts = [(f"{at}/{place}", inner) for place, inner in enumerate(value)]
    else:
        return {} if value in (None, "", [], {}, False) else {at: value}
    found: dict[str, Any] = {}
    for pointer, inner in parts:
        found |= flattened(inner, pointer)
    return found


def called(pointer: str) -> str:
    """The names of the form along a pointer: 资金来源 · 第 2 行 · 金额; those without one are passed over."""
    known = names("input")
    words = [
        f"第 {int(part) + 1} 行" if part.isdecimal() else known.get(part, "")
        for part in pointer.split("/")[1:]
    ]
    words = [each for each in words if each]
    return " · ".join(words[-3:]) or "其他"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Changed]:
    """What is not the same in the two contents, in the order of the form."""
    old, new = flattened(before), flattened(after)
    found = []
    for pointer in dict.fromkeys([*new, *old]):
        if old.get(pointer) != new.get(pointer):
            name = pointer.rpartition("/")[2]
            one, other = (said_of(name, side.get(pointer)) for side in (old, new))
            if one or other:
                found.append(Changed(called(pointer), one, other))
    return found


@page("GET", "/console/projects/{ref:str}/versions")
async def versions(visit: Visit) -> Rendered:
    """Two versions side by side: the last two, or those that are asked for."""
    ref = visit.part("ref")
    project = await visit.ask("projects_read", ref=ref)
    history = await visit.ask("projects_history", ref=ref)
    numbers = [each["number"] for each in history["versions"]]
    if len(numbers) < 2:
        return render(visit, "versions.html", project=project, numbers=numbers, rows=[], pair=None)
    chosen = [visit.query.get(name, "") for name in ("left", "right")]
    told = all(re.fullmatch(r"[0-9]{1,9}", each) for each in chosen)
    left, right = map(int, chosen) if told else numbers[-2:]
    if left not in numbers or right not in numbers:
        raise not_found()
    one = await visit.ask("projects_version", ref=ref, number=str(left))
    other = await visit.ask("projects_version", ref=ref, number=str(right))
    return render(
        visit, "versions.html", project=project, numbers=numbers, pair=(one, other),
        rows=changes(one["content"], other["content"]),
    )  # fmt: skip


@page("GET", "/console/projects/{ref:str}/evidence")
async def evidence(visit: Visit) -> Rendered:
    """The pack of art. 42 as the operation gives it."""
    reply = await visit.reply("evidence_read", {"ref": visit.part("ref")})
    return Rendered(reply.status, reply.headers, reply.body)


ROUTES: list[HTTPRouteHandler] = [versions, evidence]
