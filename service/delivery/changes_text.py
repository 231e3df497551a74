"""What a change makes of the declared text: merged, judged by the code that judges declarations, told before and after.

A plan's part and a form's group are replaced each by itself; what is left out stays. Only what the change touches, or
what first lacks because of it, is asked for: a project of before is not declared anew by changing its period.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from service.kit.errors import FieldError, invalid
from service.kit.money import fen
from service.measures.completeness import Asked
from service.measures.declaration import Missing
from service.measures.funding import SOURCES
from service.measures.requirements import FIELDS
from service.projects.asking import asked_of, given, missing
from service.projects.deciding import book_of, read_facts
from service.projects.deeds import Desk
from service.rulebook.book import RuleBooks
from service.vocabulary import names

BASICS = ("main_tasks", "location", "basis", "performance_goals", "implementation")
_PARTED = ("plan", "form")
_FACTS: Mapping[str, str] = names("fact")
_TEXTS: Mapping[str, str] = names("declared_text")
_WORK_SECRETS = "involves_work_secrets"


def changed(
    declared: Mapping[str, Any],
    facts: Mapping[str, Any],
    content: Mapping[str, Any],
    funding: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """The declared text with the changes in it; a member that was emptied is not there any more."""
    materials = dict(declared.get("materials") or {})
    basics = {key: value for key, value in content.items() if key in BASICS}
    if basics:
        materials["basics"] = {**(materials.get("basics") or {}), **basics}
    for name in _PARTED:
        if name in content:
            merged = {**(materials.get(name) or {}), **content[name]}
            materials[name] = {key: each for key, each in merged.items() if each not in ("", [], {}, False)}
    materials |= {key: value for key, value in content.items() if key not in (*BASICS, *_PARTED)}
    if funding:
        materials["funding"] = [
            {"source": SOURCES[line["source"]], "amount_yuan": line["amount_yuan"]} for line in funding
        ]
    new = {**declared.get("facts", {}), **facts}
    if new.get("kind") == "maintain":  # maintenance is the whole of it, whatever the amount
        new["of_which_maintenance_yuan"] = new["investment_yuan"]
    return {**declared, "facts": new, "materials": materials}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the decider sees: each member that changes, its Chinese name, its value before and after (null: none)."""
    was, would = dict(_members(before)), dict(_members(after))
    return [
        {"member": member, "name": _name(member), "before": was.get(member), "after": would.get(member)}
        for member in dict.fromkeys((*was, *would))
        if was.get(member) != would.get(member)
    ]


def _members(text: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    facts, materials = text.get("facts") or {}, text.get("materials") or {}
    yield from ((f"facts.{name}", facts[name]) for name in _FACTS if facts.get(name) not in (None, [], False))
    for group in ("basics", *_PARTED):
        held = materials.get(group) or {}
        yield from (
            (f"{group}.{name}", value) for name, value in held.items() if value not in ("", [], {}, False)
        )
    yield from ((name, materials[name]) for name in _TEXTS if materials.get(name))


def _name(member: str) -> str:
    if member == f"plan.{_WORK_SECRETS}":
        return "是否涉及工作秘密"
    group, _, name = member.partition(".")
    return _FACTS[name] if group == "facts" else _TEXTS.get(member) or FIELDS[member]


def named(differing: list[dict[str, Any]]) -> str:
    """The changed members by name, for a sentence."""
    return "、".join(each["name"] for each in differing)


async def demand_whole(desk: Desk, new: Mapping[str, Any], content: Mapping[str, Any]) -> None:
    """422 with a pointer to each thing that the change leaves missing or impossible (arts 14, 15)."""
    declared = desk.case.declared or {}
    books = desk.call.service(RuleBooks)
    facts = {name: value for name, value in new["facts"].items() if name not in ("on", "declarant")}
    parsed = read_facts(books, facts, desk.case.office, desk.today)
    beside = await given(desk.tx.row, desk.case.tenant_id, desk.case.id)
    asked = asked_of(parsed, desk.today, book_of(books, desk.case), beside.rounds)
    lacked = {(each.pointer, each.code) for each in missing(declared, _before(asked, declared), beside.slots)}
    touched = tuple(_touched(content))
    points = [
        each
        for each in missing(new, asked, beside.slots)
        if not each.pointer.startswith("/materials/funding")  # all sources are judged with the new total
        and ((each.pointer, each.code) not in lacked or f"{each.pointer}/".startswith(touched))
    ]
    if points:
        raise invalid(
            [FieldError(_pointer(each), each.code, each.detail) for each in points],
            "变更后的申报内容不完整或者前后不一致，请按 errors 逐项补充（第十五条）",
        )


def _before(asked: Asked, declared: Mapping[str, Any]) -> Asked:
    """What was asked of the text as it stands, by the rules of today."""
    facts = declared.get("facts") or {}
    return replace(
        asked,
        investment_fen=fen(facts.get("investment_yuan") or "0"),
        maintenance_fen=fen(facts.get("of_which_maintenance_yuan") or "0"),
    )


def _touched(content: Mapping[str, Any]) -> Iterator[str]:
    for name, value in content.items():
        if name in _PARTED:
            yield from (f"/materials/{name}/{each}/" for each in value)
        else:
            yield f"/materials/{'basics/' if name in BASICS else ''}{name}/"


def _pointer(point: Missing) -> str:
    """Where in the request it belongs."""
    return "/content" + point.pointer.removeprefix("/materials").removeprefix("/basics")
