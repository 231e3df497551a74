"""Telephones as they stand on stationery, and what is none."""

from __future__ import annotations

import re

import pytest

from service.kit.text import PHONE

PHONES = (
    "",
    "0791-88880000",
    "0791-88880000转8012",
    "0791-88880000转8012、8013",
    "0791-88880000 转 8012 或 8013",
    "0791-88880000转8012、0791-88880001转8013/8014",
    "0791-88880000/1/2",
    "0791-88880000、0791-88880001",
    "0791－88880000",
    "(0791)88880000",
    "（0791）88880000",
    "０７９１—８８８８００００",
    "079188880000",
    "13800000000",
    "138 0000 0000",
    "138-0000-0000",
    "+86 138 0000 0000",
    "＋86-791-88880000",
    "+86(791)8888 0000",
    "0086-791-88880000",
    "0791-88880000 ext. 8012",
    "0791-88880000-8012",
    "0791-88880000 分机8012",
    "0791-88880000x12",
    "88880000#12",
    "400-123-4567",
    "12345",
    "110",
    "0791-88880000/88880001",
    "0791-88880000，13800000000；12345",
    "值班：0791-88880000",
    "0791-88880000（办公室）",
    "白天：0791-88880000转12、夜间：13800000000",
    "0791·88880000",
    "0791–88880000",
    "0791 88880000 13800000000",
)
NONE = (
    "电话",
    "无",
    "-",
    "12",
    "abc",
    "0791-88880000<script>",
    "0791-8888\n0000",
    "x@y",
    "0791-88880000转",
    "转8012",
    "1" * 101,
    "0791-8888000a",
    "、",
    "0791-88880000、",
    " 0791-88880000",
    "()88880000",
    "++86 13800000000",
    "=1+2",
)


@pytest.mark.parametrize("phone", PHONES)
def test_what_offices_print_is_taken(phone: str) -> None:
    assert re.search(PHONE, phone)


@pytest.mark.parametrize("phone", NONE)
def test_what_nobody_can_dial_is_not(phone: str) -> None:
    assert len(phone) > 100 or re.search(PHONE, phone) is None


@pytest.mark.parametrize(
    "tail", ["1" * 100, "1 " * 50, "1--" * 33, "(1" * 50, "办：1" * 33, "1、" * 50, "+1" * 50]
)
def test_no_spelling_takes_long(tail: str) -> None:
    """A hundred characters at most are matched, and in few steps: a pattern that tries all ways would never end."""
    assert re.search(PHONE, f"{tail[:99]}x") is None
