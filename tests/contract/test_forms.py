"""Forms of operations: complete, labelled, and enough by themselves to fill in a body that the decoder takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from service.app import API_ROUTES
from service.docs.forms import Forms
from service.docs.schemas_forms import FieldView
from service.kit.decoding import decode_json
from service.kit.errors import ServiceError
from service.vocabulary import VOCABULARIES, names
from tests.contract.operations import BY_ID, OPERATIONS
from tests.lives import TENANT, People

FORMS = Forms(lambda: API_ROUTES)
UUID = "0192f0c1-2d3e-7abc-8def-0123456789ab"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Texts of which one fits every pattern that a form tells.
_TEXTS = (
    "甲乙丙丁",
    "a" * 64,
    "a" * 16,
    UUID,
    f"360100-{UUID}",
    "360100",
    "2026-03",
    "https://a.example/x",
    "zh",
    "unit",
    "91360000MA00000000",
    "local_a",
    "36A001",
    "user1",
    "near_line.percent",
    "R1",
    "0791-88880000",
    "a@b.example",
    "1.0",
    "A-1",
    "abcdef",
)


def _fields(given: list[FieldView]) -> Iterator[FieldView]:
    for each in given:
        yield each
        yield from _fields(each.fields)
        for shape in each.variants:
            yield from _fields(shape.fields)


def _text(field: FieldView) -> str:
    least, most = field.min_length or 0, field.max_length or 100_000
    for each in _TEXTS:
        if least <= len(each) <= most and re.search(field.pattern, each):
            return each
    raise AssertionError(f"{field.pointer}: {field.pattern} {least}-{most}")


def _reference(field: FieldView) -> str:
    return next(each for each in (UUID, f"360100-{UUID}") if re.search(field.pattern, each))


_VALUES: dict[str, Any] = {
    "money": "100.00",
    "boolean": True,
    "date": "2026-03-02",
    "date_time": "2026-03-02T08:00:00Z",
    "month": "2026-03",
    "prose": "按要求办理",
    "secret": "secret",
    "json": {},
}


def _value(field: FieldView, whole: bool) -> Any:
    """What somebody who knows nothing but the form would fill in."""
    kind = field.type
    if kind in ("choice", "choices"):
        code = field.choices[0].code
        return code if kind == "choice" else [code] * max(1, field.min_items or 0)
    if kind == "number":
        return field.min if field.min is not None else 1
    if kind == "text":
        return _text(field)
    if kind == "reference":
        return _reference(field)
    if kind == "list":
        rows = field.fields
        single = len(rows) == 1 and rows[0].pointer == f"{field.pointer}/-"
        one = _value(rows[0], whole) if single else _filled(rows, whole)
        return [one] * max(1, field.min_items or 0)
    if kind == "map":
        return {_value(field.fields[0], whole): _value(field.fields[1], whole)}
    if kind == "object":
        return _filled(field.fields, whole)
    if kind == "variant":
        shape = field.variants[0]
        return {field.discriminator: shape.code, **_filled(shape.fields, whole)}
    return _VALUES[kind]


def _filled(fields: list[FieldView], whole: bool) -> dict[str, Any]:
    return {each.name: _value(each, whole) for each in fields if each.required or whole}


def _pairs() -> list[str]:
    return [each.id for each in OPERATIONS if each.unsafe and each.permission]


def test_every_unsafe_operation_has_a_form() -> None:
    assert set(FORMS.listed) == set(_pairs())
    assert FORMS.of("projects_read") is None
    assert FORMS.of("nothing") is None


@pytest.mark.parametrize("operation", _pairs())
def test_a_form_is_labelled_and_enough_to_fill_in_its_body(operation: str) -> None:
    form = FORMS.of(operation)
    assert form is not None
    every = [*_fields(form.fields), *_fields(form.parameters)]
    for each in every:
        assert _CHINESE.search(each.label), each
        assert each.type in names("input_type"), each
        assert not re.search(r"[a-z]+_[a-z]+", each.help) or "publiccode" in each.help, (
            f"code on screen: {each}"
        )
        for choice in each.choices:
            assert choice.label == names(each.vocabulary)[choice.code]
    pointers = [each.pointer for each in every if each.name != "key"]
    shapes = any(each.type == "variant" for each in every)
    assert shapes or len(pointers) == len(set(pointers))
    kind = FORMS.listed[operation][1].body
    if kind is None or BY_ID[operation].is_file:
        assert BY_ID[operation].is_file == any(each.type == "file" for each in every)
        return
    for whole in (False, True):
        body = _filled(form.fields, whole)
        if any(each.type == "json" for each in every):
            continue  # a key of a client, a value of any rule: told as any JSON, judged by its own reader
        decode_json(msgspec.json.encode(body), kind)


def test_a_form_leaves_out_no_member_of_the_struct() -> None:
    for operation, (_, spec) in FORMS.listed.items():
        form = FORMS.of(operation)
        if spec.body is not None and form is not None:
            assert {each.name for each in form.fields} == set(spec.body.__struct_encode_fields__), operation


def test_nothing_names_every_required_member_of_every_body() -> None:
    """A form with all its empty boxes marked, at the first try."""
    for operation, (_, spec) in FORMS.listed.items():
        members = msgspec.structs.fields(spec.body) if isinstance(spec.body, type) else ()
        required = [f"/{each.encode_name}" for each in members if each.required]
        if required and not BY_ID[operation].is_file:
            with pytest.raises(ServiceError) as refused:
                decode_json(b"{}", spec.body)
            assert [each.pointer for each in refused.value.extensions["errors"]] == required, operation


def test_no_label_of_a_field_is_for_nothing() -> None:
    used: set[str] = set()
    told = VOCABULARIES["input"].names
    schemas = FORMS._schemas.components
    for component, schema in schemas.items():
        for name in schema.get("properties", ()):
            used.add(f"{component}.{name}" if f"{component}.{name}" in told else name)
    assert set(told) <= used


async def test_a_form_is_read_by_everybody_and_cached(find: People) -> None:
    for who in ("city.unit", "county.user", "city.administrator"):
        answer = await find(TENANT, who)("GET", "/operations/filings_approve/form")
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"]
        amount = answer.json()["fields"][0]
        assert amount == {
            "pointer": "/approved_amount_yuan",
            "name": "approved_amount_yuan",
            "type": "money",
            "label": "批复金额（元）",
            "required": True,
            "pattern": r"^[0-9]{1,14}(\.[0-9]{1,2})?$",
        }
    missing = await find(TENANT, "city.unit")("GET", "/operations/filings_nothing/form")
    assert missing.status_code == 404
