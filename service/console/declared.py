"""What was declared, by the names of the form: in the order in which one decides, and nothing of it left out.

A member is called by where it stands: `body` is a meeting in a resolution and something else in a batch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import inspect

from service.console.amounts import yuan
from service.projects.schemas import DraftIn, FactsIn
from service.vocabulary import VOCABULARIES, names

Names = Mapping[str, str]


class Line(NamedTuple):
    """One line of what was declared."""

    label: str
    value: str


class Group(NamedTuple):
    """Lines under one heading."""

    heading: str
    lines: list[Line]


class Member(NamedTuple):
    """What the form calls a member of a draft, and the words of its codes, if it holds any."""

    name: str
    codes: Names


def _members(kind: inspect.Type, at: str = "") -> Iterator[tuple[str, Member]]:
    """(pointer, member) of every member of a struct, down to those of rows; rows have no number."""
    if isinstance(kind, inspect.Metadata):
        yield from _members(kind.type, at)
    elif isinstance(kind, inspect.UnionType):
        for each in kind.types:
            yield from _members(each, at)
    elif isinstance(kind, inspect.ListType):
        yield from _members(kind.item_type, at)
    elif isinstance(kind, inspect.StructType):
        known = names("input")
        for field in kind.fields:
            name, pointer = field.encode_name, f"{at}/{field.encode_name}"
            said = known.get(f"{kind.cls.__name__}.{name}") or known.get(name)
            if said:
                yield pointer, Member(said, _words(field.type))
            yield from _members(field.type, pointer)


def _words(kind: inspect.Type) -> Names:
    """The words of a member's codes: those of the vocabulary that has just these."""
    if isinstance(kind, inspect.Metadata):
        return _words(kind.type)
    if isinstance(kind, inspect.ListType):
        return _words(kind.item_type)
    if isinstance(kind, inspect.UnionType):
        return next(filter(None, map(_words, kind.types)), {})
    values = set(kind.values) if isinstance(kind, inspect.LiteralType) else set[object]()
    return next((each.names for each in VOCABULARIES.values() if values and values == set(each.names)), {})


# By pointer without numbers of rows.
MEMBERS: Mapping[str, Member] = {
    **dict(_members(inspect.type_info(DraftIn))),
    **dict(_members(inspect.type_info(FactsIn), "/facts")),
}
# Materials that a notice asks for besides: whoever writes them names them.
_OWN_NAMES = "extra"
# Answers by yes and no whose names stand in a list of their own; of those against a project, no is an answer too.
_ANSWERS = {"unifications": "unification", "negative": "negative_case"}
_LEFT_OUT = frozenset(
    {"on", "declarant", "participating_offices", "reuse_check", "investment_yuan", "kind", "project_class"}
)
_CODE = re.compile(r"[a-z][a-z0-9_]*")
# The order in which a case is read: what it is to do, what it costs, how it is built, what else was answered.
_MONEY = "资金"
_OF_MONEY = ("funding", "of_which_maintenance_yuan", "fiscal_funds")
_ORDER = ("basics", _MONEY, "form", "plan", "sharing", "unifications", "negative", "evidence", "resolution")
_REST = "其他"


def called(pointer: str) -> str:
    """What the form calls the member at a pointer; numbers of rows in it do not matter. "" where it has no name."""
    found = MEMBERS.get(_plain(pointer))
    return found.name.removesuffix("（元）") if found else ""  # the value says its unit


def _plain(pointer: str) -> str:
    return "/".join(part for part in pointer.split("/") if not part.isdecimal())


def content_of(project: Mapping[str, Any]) -> list[Group]:
    """All that was declared and says something, the amount, kind and class apart, which stand above."""
    groups: dict[str, Group] = {}
    own: dict[str, list[Line]] = {_MONEY: [], _REST: []}
    plan = list[Line]()
    for part in ("materials", "facts"):
        for key, value in project[part].items():
            at = f"/{part}/{key}"
            if key in _LEFT_OUT:
                continue
            if isinstance(value, Mapping):
                groups[key] = Group(called(at), lines_of(value, at, key))
            elif key == "technical_plan":
                plan += _told({key: value}, f"/{part}")
            else:
                own[_MONEY if key in _OF_MONEY else _REST] += lines_of({key: value}, f"/{part}")
    if plan:
        parts = groups["plan"].lines if "plan" in groups else []
        groups["plan"] = Group(called("/materials/technical_plan"), plan + parts)
    groups |= {name: Group(name, lines) for name, lines in own.items()}
    ranked = sorted(
        groups, key=lambda each: (each == _REST, _ORDER.index(each) if each in _ORDER else len(_ORDER))
    )
    return [groups[each] for each in ranked if groups[each].lines and groups[each].heading]


def lines_of(of: Mapping[str, Any], at: str, under: str = "") -> list[Line]:
    """The lines of an object at a pointer; what was answered with yes is told together."""
    known = names(_ANSWERS[under]) if under in _ANSWERS else None

    def name(key: str) -> str:
        return known.get(key, "") if known is not None else called(f"{at}/{key}")

    no = [name(key) for key, value in of.items() if value is False and under == "negative" and name(key)]
    yes = [name(key) for key, value in of.items() if value is True and key not in _LEFT_OUT and name(key)]
    rest = {key: value for key, value in of.items() if not isinstance(value, bool)}
    found = [Line("核对没有的", "、".join(no))] if no else []
    found += [Line(*each) for each in rest.items()] if under == _OWN_NAMES else _told(rest, at)
    if yes:
        words = "、".join(each.removeprefix("是否") for each in yes)
        found.append(Line("有的" if under == "negative" else "选“是”的", words))
    return found


def _told(of: Mapping[str, Any], at: str) -> list[Line]:
    found = []
    for key, value in of.items():
        said, pointer = called(f"{at}/{key}"), f"{at}/{key}"
        if key in _LEFT_OUT or not said or value in (None, "", [], {}):
            continue
        if isinstance(value, Mapping):
            text = "\n".join(f"{each.label}：{each.value}" for each in lines_of(value, pointer))
        elif isinstance(value, list):
            rows = [_row(each, pointer) for each in value]
            text = ("\n" if any(isinstance(each, Mapping) for each in value) else "、").join(
                filter(None, rows)
            )
        else:
            text = said_of(key, value, pointer)
        if text:
            found.append(Line(said, text))
    return found


def _row(value: Any, at: str) -> str:
    """One row: its first text as it is, the others with what they are, amounts by their unit."""
    if not isinstance(value, Mapping):
        return said_of("", value, at)
    found = list[str]()
    for key, each in value.items():
        if isinstance(each, Mapping | list) or not (text := said_of(key, each, f"{at}/{key}")):
            continue
        plain = not found or key.endswith("_yuan")
        found.append(text if plain or not called(f"{at}/{key}") else f"{called(f'{at}/{key}')} {text}")
    return "　".join(found)


def said_of(key: str, value: Any, at: str = "") -> str:
    """A declared value in words, several in one line; `at`: where it stands, which tells what its codes mean."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "、".join(filter(None, (said_of(key, each, at) for each in value)))
    if isinstance(value, bool):
        return "是" if value else "否"
    if key.endswith("_yuan"):
        return yuan(str(value))
    text, member = str(value), MEMBERS.get(_plain(at))
    if member and text in member.codes:
        return member.codes[text]
    if _CODE.fullmatch(text):
        known = VOCABULARIES.get(key)
        return known.names.get(text, "") if known is not None else ""
    return text


_FIRST = {
    "project_class": names("fact")["project_class"],
    "kind": names("input")["FactsIn.kind"],
    "investment_yuan": names("fact")["investment_yuan"],
}


def inputs_of(project: Mapping[str, Any]) -> list[Line]:
    """All that the decision was made from, by the names of the form: that day's facts, and the amounts compared."""
    inputs = (project["decision"] or {}).get("inputs") or {}
    facts = inputs.get("facts") or {}
    if not facts:
        return []
    declarant = facts.get("declarant") or {}
    found = [
        Line("判定的日子", str(facts.get("on", ""))),
        Line("申报方", names("tier").get(declarant.get("tier", ""), "")),
        *(Line(words, said_of(key, facts[key])) for key, words in _FIRST.items() if key in facts),
        Line("计入金额", yuan(inputs.get("counted_yuan"))),
        Line("适用的限额", yuan(inputs.get("limit_yuan"))),
    ]
    for key, value in facts.items():
        at = f"/facts/{key}"
        if key in _LEFT_OUT or not called(at):
            continue
        found += (
            lines_of(value, at, key)
            if isinstance(value, Mapping)
            else [Line(called(at), said_of(key, value, at))]
        )
    return [each for each in found if each.value and each.value != "—"]
