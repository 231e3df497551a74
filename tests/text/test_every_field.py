"""Every string that a request may carry is declared: a kind of text, a choice, a date, or ASCII by its pattern.

Walked twice: the types that decode requests, and the OpenAPI document that tells of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import inspect as types

from service.app import API_ROUTES, ROOT_ROUTES
from service.catalogue.publiccode import PublicCode
from service.kit.text import KINDS
from service.portfolio.schemas import ImportLine
from service.projects.schemas import FactsIn, PreviewFactsIn
from service.tasks.schemas_batches import BatchItem

# Bodies that arrive by another road than an operation's `body`.
OTHERS = (ImportLine, PublicCode, FactsIn, PreviewFactsIn)
# What is not text of people: read member by member by measures/facts and kit/keys.
ANYTHING = {"facts", "public_jwk", "second_jwk", "sign_in"}
# The body of another operation, which decodes it.
ANOTHERS = {(BatchItem, "body")}
# What one line is made of, and what it must refuse.
ONE_LINE = {"line", "name", "number"}
# Times, whose format the document does not tell.
MOMENTS = {"get /api/v1/audit ?at_from", "get /api/v1/audit ?at_to"}
BROKEN = ("甲\n乙", "甲\t乙", "甲\n", " 甲", "甲 ", "\u200b", "\u3000", "甲\ue123乙")
GOOD = (
    "甲",
    "买买提·吐尔逊",
    "𠮷田",
    "𮧵",
    "𰻝",
    "南昌市政府（办公室）",
    "洪发改〔2026〕12号",
    "a　b",
    "No. 1",
)
SPECS = [route.opt["spec"] for route in [*API_ROUTES, *ROOT_ROUTES] if "spec" in (route.opt or {})]


def strings(
    kind: Any, at: str, seen: tuple[Any, ...] = ()
) -> Iterator[tuple[str, types.StrType, dict[str, Any]]]:
    """(place, type, JSON schema extras) of every string below a type; what may be anything, as a fault."""
    extra: dict[str, Any] = {}
    if isinstance(kind, types.Metadata):
        extra, kind = kind.extra_json_schema or {}, kind.type
    if isinstance(kind, types.StrType):
        yield at, kind, extra
    elif isinstance(kind, types.UnionType):
        for each in kind.types:
            yield from strings(each, at, seen)
    elif isinstance(kind, types.StructType) and kind.cls not in seen:
        for field in kind.fields:
            if field.name not in ANYTHING and (kind.cls, field.name) not in ANOTHERS:
                yield from strings(field.type, f"{at}.{field.encode_name}", (*seen, kind.cls))
    elif isinstance(kind, types.DictType):
        yield from strings(kind.key_type, f"{at}{{key}}", seen)
        yield from strings(kind.value_type, f"{at}{{}}", seen)
    elif isinstance(kind, types.ListType | types.SetType | types.VarTupleType):
        yield from strings(kind.item_type, f"{at}[]", seen)
    else:
        assert not isinstance(kind, types.AnyType | types.RawType), f"{at} takes anything"


def all_strings() -> Iterator[tuple[str, types.StrType, dict[str, Any]]]:
    for spec in SPECS:
        for kind in (spec.body, spec.query):
            if kind is not None:
                yield from strings(types.type_info(kind), f"{spec.operation_id} {kind.__name__}")
    for kind in OTHERS:
        yield from strings(types.type_info(kind), kind.__name__)


def ascii_only(pattern: str) -> bool:
    """Whether nothing but ASCII, from its first to its last character, can match."""
    whole = pattern.startswith("^") and pattern.endswith(r"$(?!\n)")
    inner = re.sub(r"\\[.\\+()\-]|\(\?[=:]", "", pattern.removesuffix(r"$(?!\n)"))
    return whole and pattern.isascii() and not re.search(r"\\|\[\^|(?<!\[)\.(?![^\[]*\])", inner)


def asked_codes() -> set[str]:
    """Codes of filters: kit/asked.py holds each to its vocabulary and answers 400 with the choices."""
    return {
        at
        for spec in SPECS
        if spec.query is not None
        for at, _, extra in strings(types.type_info(spec.query), f"{spec.operation_id} {spec.query.__name__}")
        if "x-vocabulary" in extra
    }


def test_every_string_has_a_kind() -> None:
    found, held = list(all_strings()), asked_codes()
    bare = [
        at
        for at, kind, extra in found
        if extra.get("x-text") not in KINDS
        and "enum" not in extra
        and at not in held
        and not (kind.pattern and ascii_only(kind.pattern))
    ]
    assert len(found) > 600 and not bare, bare


def test_every_text_has_its_most() -> None:
    long = [
        at
        for at, kind, extra in all_strings()
        if extra.get("x-text") not in (None, "secret") and not kind.max_length
    ]
    assert not long, long


def test_every_line_is_one_line() -> None:
    for at, kind, extra in all_strings():
        if extra.get("x-text") in ONE_LINE:
            assert kind.pattern, at
            assert not [text for text in BROKEN if re.search(kind.pattern, text)], at
            assert all(re.search(kind.pattern, text) for text in GOOD), at


@pytest.mark.parametrize(
    ("pattern", "only"),
    [
        (r"^[a-z]{2}$(?!\n)", True),
        (r"^[a-z]{2}$", False),
        (r"^[^/]+$(?!\n)", False),
        (r"^\S+$(?!\n)", False),
        (r"^a.c$(?!\n)", False),
        (r"^a\.c$(?!\n)", True),
        (r"^[\u4e00-\u9fff]$(?!\n)", False),
        (r"[a-z]", False),
        (r"^[0-9A-Za-z._+-]*$(?!\n)", True),
        (r"^(?=.*a)a$(?!\n)", False),
    ],
)
def test_the_walk_itself_tells_patterns_apart(pattern: str, only: bool) -> None:
    assert ascii_only(pattern) is only


def test_the_document_tells_the_kind_of_every_string_of_a_request() -> None:
    document = json.loads((Path(__file__).parents[2] / "openapi/openapi.json").read_text())
    bare: list[str] = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", ()):
                if "$ref" not in parameter:
                    _bare(document, parameter["schema"], f"{method} {path} ?{parameter['name']}", bare, ())
            for media, content in operation.get("requestBody", {}).get("content", {}).items():
                _bare(document, content["schema"], f"{method} {path} {media}", bare, ())
    assert not bare, bare


def _bare(document: Any, schema: Any, at: str, bare: list[str], seen: tuple[str, ...]) -> None:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in seen:
            _bare(document, document["components"]["schemas"][name], f"{at} {name}", bare, (*seen, name))
        return
    if schema.get("type") == "string":
        pattern = schema.get("pattern")
        known = schema.get("x-text") in KINDS or {"enum", "const", "format"} & schema.keys() or at in MOMENTS
        if not known and not (pattern and ascii_only(pattern + r"(?!\n)")):
            bare.append(at)
    for part in ("anyOf", "allOf", "oneOf"):
        for each in schema.get(part, ()):
            _bare(document, each, at, bare, seen)
    for name, each in schema.get("properties", {}).items():
        _bare(document, each, f"{at}.{name}", bare, seen)
    for part in ("items", "additionalProperties"):
        if isinstance(schema.get(part), dict):
            _bare(document, schema[part], f"{at}[]", bare, seen)
