"""What changed between two versions of a case, field by field, by the names of the form; and the whole evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from litestar.handlers import HTTPRouteHandler

from service.console.amounts import in_wan
from service.console.declared import called as named
from service.console.declared import said_of
from service.console.pages import page, render
from service.console.visiting import Visit
from service.kit.errors import not_found
from service.kit.handler import Rendered
from service.vocabulary import names


class Changed(NamedTuple):
    """One field: what it is called, and what stood in each version; empty where nothing stood. `grew`: an amount's."""

    label: str
    before: str
    after: str
    grew: str = ""


class Between(NamedTuple):
    """Two sealed versions of a case and what is not the same in them; `first`: its first version, where asked for."""

    one: Mapping[str, Any]
    other: Mapping[str, Any]
    rows: list[Changed]
    first: Mapping[str, Any] | None = None

    @property
    def ways(self) -> tuple[str, str] | None:
        """The routes, where they differ."""
        before, after = ((each["decision"] or {}).get("route") for each in (self.one, self.other))
        return (before, after) if before and after and before != after else None


_TOTAL = names("input")["investment_yuan"].removesuffix("（元）")  # the first thing anybody asks
_WHOLE = ("facts", "materials")  # say nothing of a field that the field does not say


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
    at, words = "", list[str]()
    for part in pointer.split("/")[1:]:
        if part.isdecimal():
            words.append(f"第 {int(part) + 1} 行")
            continue
        at += f"/{part}"
        if part not in _WHOLE:
            words.append((named(at) or _known(part)).removesuffix("（元）"))
    words = [each for each in words if each]
    return " · ".join(words[-3:]) or "其他"


def _known(part: str) -> str:
    """The one name of a member that older versions have and the form has no more; answers have lists of their own."""
    return names("input").get(part) or names("unification").get(part) or names("negative_case").get(part, "")


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Changed]:
    """What is not the same in the two contents, in the order of the form."""
    old, new = flattened(before), flattened(after)
    found = []
    for pointer in dict.fromkeys([*new, *old]):
        if old.get(pointer) != new.get(pointer):
            name = pointer.rpartition("/")[2]
            one, other = (said_of(name, side.get(pointer), pointer) for side in (old, new))
            if one or other:
                found.append(
                    Changed(called(pointer), one, other, _grew(name, old.get(pointer), new.get(pointer)))
                )
    return sorted(found, key=lambda each: each.label != _TOTAL)


def _grew(name: str, before: Any, after: Any) -> str:
    """By how much an amount grew or fell: 增 40 万元."""
    if not name.endswith("_yuan") or before is None or after is None:
        return ""
    by = Decimal(str(after)) - Decimal(str(before))
    return f"{'增' if by > 0 else '减'} {in_wan(str(abs(by)))}" if by else ""


async def last_two(visit: Visit, project: Mapping[str, Any], *, first: bool = False) -> Between | None:
    """What the last submission changed against the one before; None for a case submitted once, or that may not be read.

    `first`: the first version too, which the amount line shows.
    """
    number, ref = project["submissions"], project["id"]
    if number < 2:
        return None
    wanted = [number - 1, number, *([1] if first and number > 2 else [])]
    found = [await visit.maybe("projects_version", ref=ref, number=str(each)) for each in wanted]
    one, other = found[:2]
    if one is None or other is None:
        return None
    return Between(
        one, other, changes(one["content"], other["content"]), (found[2:] or [one])[0] if first else None
    )


@page("GET", "/console/projects/{ref:str}/versions")
async def versions(visit: Visit) -> Rendered:
    """Two versions side by side: the last two, or those that are asked for."""
    ref = visit.part("ref")
    project = await visit.ask("projects_read", ref=ref)
    history = await visit.ask("projects_history", ref=ref)
    numbers = [each["number"] for each in history["versions"]]
    if len(numbers) < 2:
        return render(visit, "versions.html", project=project, numbers=numbers, between=None)
    chosen = [visit.query.get(name, "") for name in ("left", "right")]
    told = all(re.fullmatch(r"[0-9]{1,9}", each) for each in chosen)
    left, right = map(int, chosen) if told else numbers[-2:]
    if left not in numbers or right not in numbers:
        raise not_found()
    one = await visit.ask("projects_version", ref=ref, number=str(left))
    other = await visit.ask("projects_version", ref=ref, number=str(right))
    between = Between(one, other, changes(one["content"], other["content"]))
    return render(visit, "versions.html", project=project, numbers=numbers, between=between)


@page("GET", "/console/projects/{ref:str}/evidence")
async def evidence(visit: Visit) -> Rendered:
    """The pack of art. 42 as the operation gives it."""
    reply = await visit.reply("evidence_read", {"ref": visit.part("ref")})
    return Rendered(reply.status, reply.headers, reply.body)


ROUTES: list[HTTPRouteHandler] = [versions, evidence]
