"""What readers of JSON take differently is told with its place, in time that grows with the text and no faster."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from service.kit.decoding import decode_json
from service.kit.errors import ServiceError


class Part(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    much: float = 0


class Form(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    parts: list[Part] = []
    free: dict[str, Any] = {}


def told(text: str) -> list[tuple[str, str]]:
    with pytest.raises(ServiceError) as refused:
        decode_json(text.encode(), Form)
    assert refused.value.status == 422
    return [(each.pointer, each.code) for each in refused.value.extensions["errors"]]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('{"name":"a","name":"b"}', ["/name"]),
        ('{"name":"a","n\\u0061me":"b"}', ["/name"]),
        ('{"name":"a","free":{"x/y":{"z":1,"z":1}}}', ["/free/x~1y/z"]),
        ('{"name":"a","parts":[{"name":"a"},{"name":"b","much":1,"much":2}]}', ["/parts/1/much"]),
        (
            '{"name":"a","free":{"b":1,"b":1,"c":[{"d":1,"d":1}],"c":[{"d":1,"d":1}]}}',
            ["/free/b", "/free/c", "/free/c/0/d"],
        ),
    ],
)
def test_a_name_given_twice_is_told_where_it_stands(text: str, places: list[str]) -> None:
    assert told(text) == [(place, "duplicate_key") for place in places]


@pytest.mark.parametrize("number", ["1e400", "-1e400", "1e99999999", "9" * 401, "9" * 5000])
@pytest.mark.parametrize("beside", ["", ',"name":"甲\\u00ad"', ',"name":"甲","parts":[{}]'])
def test_a_number_beyond_all_is_told_where_it_stands(number: str, beside: str) -> None:
    named = beside or ',"name":"甲"'
    for free, place in ((f"[{number}]", "/free/x/0"), (number, "/free/x")):
        found = told(f'{{"free":{{"x":{free}}}{named}}}')
        assert found[0] == (place, "invalid_value")
        assert all("..." not in pointer for pointer, _ in found)


def test_all_is_told_at_once() -> None:
    text = (
        '{"parts":[{"name":"\\u202e","much":1,"much":1},{"name":7}],"free":{"a":1},"other":1,"a\\u202eb":1}'
    )
    assert told(text) == [
        ("/parts/0/much", "duplicate_key"),
        ("/parts/0/name", "invalid_character"),
        ("", "invalid_character"),
        ("/name", "missing_field"),
        ("/parts/1/name", "wrong_type"),
        ("/other", "unknown_field"),
    ]


@pytest.mark.parametrize(
    "text", ["{} {}", '{"name":"a"} x', '{"nam":1}]', '{"name":NaN}', '{"other":Infinity}', "", "{"]
)
def test_what_is_no_json_is_told_as_that(text: str) -> None:
    """Also where a fault of a member stands before it."""
    with pytest.raises(ServiceError) as refused:
        decode_json(text.encode(), Form)
    assert (refused.value.status, refused.value.code) == (400, "malformed_json")


@pytest.mark.parametrize("depth", range(900, 1000, 7))
def test_no_depth_is_too_much(depth: int) -> None:
    for deep in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        for beside in ("", ',"b":1,"b":1', ',"c":"\\u00ad"', ',"d":1e999'):
            try:
                decode_json(f'{{"name":"a","free":{{"x":{deep}{beside}}}}}'.encode(), Form)
            except ServiceError as error:
                assert error.status in (400, 422)


def test_a_megabyte_of_names_is_read_once() -> None:
    """Whoever compared each name with all others would sit here for minutes, and everybody else with him."""
    names = 80_000
    text = ",".join(f'"k{number}":1' for number in range(names))
    assert told(f'{{"name":"a","free":{{{text},"k{names - 1}":1}}}}') == [
        (f"/free/k{names - 1}", "duplicate_key")
    ]


def test_more_lists_and_objects_than_anybody_sends_are_not_read() -> None:
    for text in ("[]", "{}", "[[[]]]"):
        with pytest.raises(ServiceError) as refused:
            decode_json(f'{{"name":"a","free":{{"x":[{",".join([text] * 60_000)}]}}}}'.encode(), Form)
        assert (refused.value.status, refused.value.code) == (400, "malformed_json")
    assert (
        decode_json(f'{{"name":"a","free":{{"x":[{",".join(["[]"] * 5000)}]}}}}'.encode(), Form).name == "a"
    )
