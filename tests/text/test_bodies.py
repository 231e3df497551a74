"""Every road by which JSON and queries come in cleans what they say, wherever in them it stands."""

from __future__ import annotations

import gzip
import json
from typing import Annotated, Any

import msgspec
import pytest
from msgspec import Meta

from service.kit.decoding import decode_body
from service.kit.errors import ServiceError
from service.kit.query import decode_query
from service.kit.text import Line, Long, Needle


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    name: Line


class Body(msgspec.Struct, forbid_unknown_fields=True):
    name: Line = "某"
    plan: Long = ""
    inner: list[Inner] = []
    extra: dict[Line, Long] = {}
    free: dict[str, Any] = {}


class Query(msgspec.Struct, forbid_unknown_fields=True):
    text: Needle | None = None
    code: Annotated[str, Meta(pattern="^[a-z]*$")] | None = None


def taken(body: Any, **how: Any) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body, **how).encode()
    return decode_body(raw, "application/json", Body)


def refused(body: Any, **how: Any) -> list[tuple[str, str]]:
    with pytest.raises(ServiceError) as caught:
        taken(body, **how)
    return [(error.pointer, error.code) for error in caught.value.extensions["errors"]]


@pytest.mark.parametrize("ascii_only", [True, False])
def test_what_nobody_sees_is_dropped_wherever_it_stands(ascii_only: bool) -> None:
    dirty = "智\u200b慧\ufeff水\u00ad务"
    body = {"name": dirty, "plan": f"{dirty}\r\n二", "inner": [{"name": dirty}]}
    body |= {"extra": {dirty: dirty}, "free": {"a": [dirty]}}
    found = taken(body, ensure_ascii=ascii_only)
    clean = "智慧水务"
    assert (found.name, found.plan, found.inner[0].name) == (clean, f"{clean}\n二", clean)
    assert (found.extra, found.free) == ({clean: clean}, {"a": [clean]})


@pytest.mark.parametrize("ascii_only", [True, False])
def test_every_fault_is_told_with_its_place(ascii_only: bool) -> None:
    body = {
        "name": "甲\u202e",
        "inner": [{"name": "乙"}, {"name": "\x07"}],
        "extra": {"a/b": "\x9f"},
        "free": {"k": ["\x00"]},
    }
    assert refused(body, ensure_ascii=ascii_only) == [
        ("/name", "invalid_character"),
        ("/inner/1/name", "invalid_character"),
        ("/extra/a~1b", "invalid_character"),
        ("/free/k/0", "invalid_character"),
    ]


@pytest.mark.parametrize("sign", ["\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\n", "\t", "\ue123"])
def test_one_line_is_one_line(sign: str) -> None:
    assert refused({"name": f"甲{sign}乙"}) == [("/name", "wrong_type")]
    assert taken({"plan": f"甲{sign}乙"}).plan in ("甲\n乙", "甲\t乙", "甲\ue123乙")


def test_keys_that_become_one_are_told() -> None:
    assert refused({"extra": {"甲": "1", "甲\u200b": "2"}}) == [("/extra/甲", "duplicate_key")]


def test_names_keep_nothing_to_see_out() -> None:
    for name in ("\u200b", " ", "\u3164", "　", "\u2800"):
        assert refused({"name": name})[0][0] == "/name"


def test_composed_and_decomposed_are_stored_as_one() -> None:
    assert taken({"name": "Cafe\u0301"}).name == taken({"name": "Caf\u00e9"}).name == "Caf\u00e9"


def test_a_byte_order_mark_is_no_fault() -> None:
    assert taken(b"\xef\xbb\xbf" + '{"name":"编码"}'.encode()).name == "编码"
    with pytest.raises(ServiceError) as caught:
        taken('{"name":"编码"}'.encode("utf-16"))
    assert caught.value.status == 400


@pytest.mark.parametrize(
    "raw", [b"\xff", b'{"name":"\\ud800"}', b'{"free":{"a":' + b"[" * 100_000, b"", b"nul"]
)
def test_what_is_no_json_is_told(raw: bytes) -> None:
    with pytest.raises(ServiceError) as caught:
        taken(raw)
    assert (caught.value.status, caught.value.code) == (400, "malformed_json")


def test_a_compressed_body_is_an_unsupported_type() -> None:
    with pytest.raises(ServiceError) as caught:
        decode_body(gzip.compress(b"{}"), "application/json", Body, encoding="gzip")
    assert caught.value.status == 415


def test_queries_are_cleaned_too() -> None:
    assert decode_query(b"text=%E6%99%BA%E2%80%8B%E6%85%A7", Query).text == "智慧"
    for bad in (b"text=%E2%80%AE", b"text=a%00", b"text=%0A", b"text=%7F", b"code=a%0D"):
        with pytest.raises(ServiceError) as caught:
            decode_query(bad, Query)
        assert caught.value.status == 400
