"""Faults of a body, told where and in a sentence that says what would do; values are never echoed."""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from service.kit.decoding import decode_body
from service.kit.errors import ServiceError
from service.projects.schemas import Amount, Line


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    on: date | None = None
    name: Line = "某"
    amount: Amount = "1.00"


class Body(msgspec.Struct, forbid_unknown_fields=True):
    text: Annotated[str, Meta(min_length=2, max_length=4)] = "文本"
    level: Annotated[int, Meta(ge=1, le=5)] = 1
    items: Annotated[list[Inner], Meta(min_length=1, max_length=2)] | None = None
    kind: Literal["new", "expand"] = "new"
    free: dict[str, Any] = {}


def fault(body: Any) -> tuple[str, str, str]:
    with pytest.raises(ServiceError) as caught:
        decode_body(json.dumps(body).encode(), "application/json", Body)
    (error,) = caught.value.extensions["errors"]
    return error.pointer, error.code, error.detail


@pytest.mark.parametrize(
    ("body", "pointer", "code", "told"),
    [
        ({"text": "文"}, "/text", "wrong_type", "至少 2 个字"),
        ({"text": "密文" * 9}, "/text", "wrong_type", "最多 4 个字"),
        ({"text": 5}, "/text", "wrong_type", "应为文本，收到的是整数"),
        ({"items": [{"name": "\u202e倒写"}]}, "/items/0/name", "invalid_character", "改变书写方向的字符"),
        ({"level": 0}, "/level", "wrong_type", "不能小于 1"),
        ({"level": 6}, "/level", "wrong_type", "不能大于 5"),
        ({"level": "3"}, "/level", "wrong_type", "应为整数，收到的是文本"),
        ({"items": []}, "/items", "wrong_type", "不能为空"),
        ({"items": [{}, {}, {}]}, "/items", "wrong_type", "最多 2 项"),
        ({"items": {}}, "/items", "wrong_type", "应为列表或空值，收到的是对象"),
        ({"items": [{"on": "2026-02-29"}]}, "/items/0/on", "invalid_format", "没有这一天"),
        ({"items": [{"on": 5}]}, "/items/0/on", "wrong_type", "应为日期（如 2026-01-31）或空值"),
        ({"items": [{"name": "甲\n乙"}]}, "/items/0/name", "wrong_type", "一行"),
        ({"items": [{"amount": "１２"}]}, "/items/0/amount", "wrong_type", "半角数字"),
        ({"kind": "old"}, "/kind", "invalid_choice", "可选值"),
        ({"free": {"a": [0, {"b/c": "x\x00"}]}}, "/free/a/1/b~1c", "invalid_character", "空字符"),
        ({"free": {"a": {"k\x00": 1}}}, "/free/a", "invalid_character", "空字符"),
    ],
)
def test_a_fault_says_what_would_do(body: Any, pointer: str, code: str, told: str) -> None:
    got = fault(body)
    assert got[:2] == (pointer, code)
    assert told in got[2]
    assert "密文" not in got[2], "values are never echoed"


def test_a_backslash_before_the_letters_is_no_null_character() -> None:
    assert decode_body(rb'{"free": {"a": "\\\\u0000"}}', "application/json", Body).free == {"a": r"\\u0000"}
