"""Every member of what is asked or answered is described in Chinese with an English line; no line is dead."""

from __future__ import annotations

import re
from typing import Any

from service.vocabulary import VOCABULARIES
from tests.contract.operations import DOCUMENT

SCHEMAS = DOCUMENT["components"]["schemas"]
MEMBERS = {
    f"{name}.{member}": told
    for name, schema in SCHEMAS.items()
    for member, told in schema.get("properties", {}).items()
}
_VACUOUS = re.compile(r"字段|数据|内容|信息|值")


def test_every_member_is_described() -> None:
    bare = []
    for name, told in MEMBERS.items():
        said = told.get("description", "")
        chinese = re.findall(r"[一-鿿]+", said)
        if not chinese or _VACUOUS.fullmatch(chinese[0]) or not re.search(r"[A-Za-z]{2,}[ .,]", said):
            bare.append(f"{name}: {said!r}")
    assert bare == [], "a line in service/vocabulary/outputs_*.py tells what it is"


def test_every_component_is_titled_by_its_name() -> None:
    assert [name for name, schema in SCHEMAS.items() if schema.get("title") != name] == []


def test_no_line_of_the_outputs_tells_of_nothing() -> None:
    names = {name.partition(".")[2] for name in MEMBERS}
    dead = [
        entry.code
        for entry in VOCABULARIES["output"].entries
        if entry.code not in (MEMBERS if "." in entry.code else names)
    ]
    assert dead == []


def test_every_integer_says_its_width() -> None:
    """What generators choose a type by; Spectral's owasp rules ask it in the whole form of `make contract` alone."""
    bare: list[str] = []
    waiting: list[tuple[str, Any]] = [("", DOCUMENT)]
    while waiting:
        at, value = waiting.pop()
        if isinstance(value, list):
            waiting += [(f"{at}/{index}", each) for index, each in enumerate(value)]
        elif isinstance(value, dict):
            waiting += [
                (f"{at}/{key}", each) for key, each in value.items() if key not in ("example", "examples")
            ]
            kinds = value.get("type")
            if (
                kinds == "integer" or (isinstance(kinds, list) and "integer" in kinds)
            ) and "format" not in value:
                bare.append(at)
    assert bare == []
