"""Descriptions of what is asked and answered, in Chinese with an English line; what says more of itself keeps that.

Every parameter by its name (vocabulary `parameter`), every member of a request by its label (`input`), every member of
an answer, event or refusal by what it tells (`output`): of a schema's own (`Schema.member`), else of the name.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from service.vocabulary import VOCABULARIES
from service.vocabulary.entry import Entry

Json = dict[str, Any]
_CHINESE, _ENGLISH = re.compile("[一-鿿]"), re.compile(r"[A-Za-z][a-z]+[ .,]")


def described(document: Json) -> Json:
    """The document, its requests and parameters described."""
    schemas: Json = document["components"]["schemas"]
    bodies: list[Any] = []
    for methods in document["paths"].values():
        for operation in methods.values():
            bodies.append(operation.get("requestBody", {}))
            for parameter in operation.get("parameters", ()):
                _parameter(parameter)
    asked = frozenset(reached(schemas, bodies))
    for name, schema in schemas.items():
        vocabularies = ("input", "output") if name in asked else ("output", "input")
        for member, told in schema.get("properties", {}).items():
            schema["properties"][member] = _described(told, name, member, vocabularies)
    return document


def reached(schemas: Json, parts: list[Any]) -> list[str]:
    """The names of the components that these parts of a document refer to, however deep; in order."""
    found: set[str] = set()
    waiting = list(parts)
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            name = str(value.get("$ref", "")).rpartition("/")[2]
            if name in schemas and name not in found:
                found.add(name)
                waiting.append(schemas[name])
            waiting += value.values()
    return sorted(found)


def _described(told: Json, component: str, name: str, vocabularies: tuple[str, ...]) -> Json:
    """A member with its description: its own, with the English line where that has none, or the vocabulary's."""
    entry = _entry(component, name, vocabularies)
    said = told.get("description", "")
    if entry is None or (_CHINESE.search(said) and _ENGLISH.search(said)):
        return told
    if not said:
        return {**told, "description": f"{entry.zh}。{entry.en}."}
    line = f"{said.rstrip('。')}。{entry.en}." if _CHINESE.search(said) else f"{entry.zh}。{said}"
    return {**told, "description": line}


def _entry(component: str, name: str, vocabularies: tuple[str, ...]) -> Entry | None:
    """What the vocabularies say of a member; of a person beside the code of who acted, what the code is said to be."""
    for vocabulary in vocabularies:
        known = _entries(vocabulary)
        found = known.get(f"{component}.{name}") or known.get(name)
        if found is not None:
            return found
    who = _entries("output").get(name.removesuffix("_person")) if name.endswith("_person") else None
    if who is None:
        return None
    return Entry(name, f"{who.zh.removesuffix('的代码')}：编号、姓名和单位", f"{who.en}: id, name, office")


def _parameter(parameter: Json) -> None:
    if "$ref" in parameter or "description" in parameter:
        return
    told = parameter["schema"].get("description") or _told("parameter", parameter["name"])
    if told:
        parameter["description"] = told


@cache
def _entries(vocabulary: str) -> dict[str, Entry]:
    return {entry.code: entry for entry in VOCABULARIES[vocabulary].entries}


def _told(vocabulary: str, code: str) -> str | None:
    entry = _entries(vocabulary).get(code)
    return None if entry is None else f"{entry.zh}。{entry.en}."
