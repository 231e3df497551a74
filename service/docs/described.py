"""Descriptions of what is asked: every member of a request by its label (vocabulary `input`), every parameter by its
name (vocabulary `parameter`), in Chinese with an English line; what says more of itself keeps that.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from service.vocabulary import VOCABULARIES
from service.vocabulary.entry import Entry

Json = dict[str, Any]


def described(document: Json) -> Json:
    """The document, its requests and parameters described."""
    schemas: Json = document["components"]["schemas"]
    bodies: list[Any] = []
    for methods in document["paths"].values():
        for operation in methods.values():
            bodies.append(operation.get("requestBody", {}))
            for parameter in operation.get("parameters", ()):
                _parameter(parameter)
    for name in reached(schemas, bodies):
        _members(name, schemas[name])
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


def _members(component: str, schema: Json) -> None:
    for name, member in schema.get("properties", {}).items():
        told = _told("input", f"{component}.{name}") or _told("input", name)
        if told and "description" not in member:
            member["description"] = told


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
