"""All faults of a body at once, and the choices there are."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta, Struct

from service.kit.decoding import decode_json
from service.kit.errors import ServiceError


class Line(Struct, forbid_unknown_fields=True):
    amount: Annotated[str, Meta(pattern="^[0-9]+$")]
    source: Literal["city", "county"]


class Form(Struct, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=2)]
    kind: Literal["new", "maintenance"] | None
    lines: Annotated[list[Line], Meta(min_length=1)]
    years: dict[str, int] = {}
    when: msgspec.UnsetType | int = msgspec.UNSET


def faults(body: Any, kind: Any = Form, **more: Any) -> list[Any]:
    with pytest.raises(ServiceError) as refused:
        decode_json(msgspec.json.encode(body), kind, **more)
    assert refused.value.status == 422
    found: list[Any] = refused.value.extensions["errors"]
    return found


def pairs(body: Any) -> list[tuple[str, str]]:
    return [(each.pointer, each.code) for each in faults(body)]


def test_nothing_names_every_required_member() -> None:
    assert pairs({}) == [("/name", "missing_field"), ("/kind", "missing_field"), ("/lines", "missing_field")]


def test_each_member_however_deep_is_told() -> None:
    body = {
        "name": "x",
        "kind": "other",
        "lines": [{"amount": "1", "source": "city"}, {"amount": "-", "more": 1}, 7],
        "years": {"2026": "many"},
        "when": "soon",
        "colour": 1,
    }
    assert pairs(body) == [
        ("/name", "wrong_type"),
        ("/kind", "invalid_choice"),
        ("/lines/1/amount", "wrong_type"),
        ("/lines/1/source", "missing_field"),
        ("/lines/1/more", "unknown_field"),
        ("/lines/2", "wrong_type"),
        ("/years/2026", "wrong_type"),
        ("/when", "wrong_type"),
        ("/colour", "unknown_field"),
    ]


def test_what_lies_in_no_member_is_told_of_the_whole() -> None:
    assert pairs({"name": "xx", "kind": None, "lines": []}) == [("/lines", "wrong_type")]
    assert pairs([]) == [("", "wrong_type")]


def test_choices_are_told_with_their_names() -> None:
    body = {"name": "xx", "kind": "other", "lines": [{"amount": "1", "source": "city"}]}
    (fault,) = faults(body, labels=lambda component, name, codes: {"new": f"新建 {component}.{name}"})
    assert [(each.code, each.label) for each in fault.allowed] == [
        ("new", "新建 Form.kind"),
        ("maintenance", "maintenance"),
    ]
    assert "新建" in fault.detail
    assert "other" not in fault.detail


def test_no_more_than_can_be_read() -> None:
    lines = [{"amount": "-", "source": "city"}] * 500
    assert len(faults({"name": "xx", "kind": None, "lines": lines})) <= 100


def test_what_is_nested_beyond_reason_or_too_long_to_try_is_told_once() -> None:
    deep = b"[" * 20_000 + b"]" * 20_000
    with pytest.raises(ServiceError) as refused:
        decode_json(deep, Form)
    assert refused.value.status in (400, 422)
    lines = [{"amount": "1", "source": "city"}] * 3000 + [{"amount": "-", "source": "city"}]
    (fault,) = faults({"name": "xx", "kind": None, "lines": lines})
    assert fault.pointer == "/lines/3000/amount"
